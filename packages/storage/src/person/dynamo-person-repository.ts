import { raise } from "@concord/core/error";
import { PersonId } from "@concord/core/id";
import type { PersonLookup, PersonRepository } from "@concord/core/person";
import type { TenantTable } from "../aggregate.ts";
import { exists, follows } from "../dynamo-table/condition.ts";
import type { Table } from "../dynamo-table/contract.ts";
import { fromItem, toItem } from "../entity.ts";
import { systemKeys } from "../keys/index.ts";
import { securityEventWrite } from "../security-event/dynamo-security-event-repository.ts";
import { endedMembershipEntity, membershipEntity, personEntity } from "./person-rows.ts";

/** What log-ins and tenants alike may ask. */
const addresses = (table: Table): Pick<PersonLookup, "findPersonId"> => ({
  /** AP-20 */
  async findPersonId(email) {
    const row = await table.get(systemKeys.loginAddress(email));
    return row && PersonId.parse(row["personId"]);
  },
});

export const dynamoPersonLookup = ({ table, keys }: TenantTable): PersonLookup => ({
  ...addresses(table),

  /** AP-240 */
  async hasWayIn(personId, partnerId) {
    const check = systemKeys.membership(personId, keys.tenantId, partnerId);
    // A read would need the right to read persons, for IAM sees no sort key.
    return (await table.transact([{ check, condition: exists }])).length === 0;
  },
});

export const dynamoPersonRepository = (table: Table): PersonRepository => ({
  ...addresses(table),

  /** AP-225, AP-408 */
  async save(next, event) {
    const put = toItem(personEntity, next);
    const isSaved = event
      ? (await table.transact([{ put, condition: follows(next) }, securityEventWrite(event)]))
          .length === 0
      : await table.put(put, follows(next));
    if (!isSaved) raise("version-stale");
  },

  /** AP-21 */
  async load(personId) {
    const { pk } = systemKeys.person(personId);
    const rows = [];
    let after: Awaited<ReturnType<Table["query"]>>["last"];
    do {
      const page = await table.query({ pk, ...(after ? { after } : {}) });
      rows.push(...page.items);
      after = page.last;
    } while (after);
    const person = rows.find(({ entity }) => entity === personEntity.name);
    return {
      person: person && fromItem(personEntity, person),
      memberships: rows
        .filter(({ entity }) => entity === membershipEntity.name)
        .map((row) => fromItem(membershipEntity, row)),
      ended: rows
        .filter(({ entity }) => entity === endedMembershipEntity.name)
        .map((row) => fromItem(endedMembershipEntity, row)),
    };
  },
});
