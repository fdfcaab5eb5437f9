import { raise } from "@concord/core/error";
import { InvitationId, type PersonId, TenantId } from "@concord/core/id";
import type { Person } from "@concord/core/person";
import type { PersonErasureRepository } from "@concord/core/person-erasure";
import { always, follows } from "../dynamo-table/condition.ts";
import type { Table } from "../dynamo-table/contract.ts";
import type { Item } from "../dynamo-table/item.ts";
import { fromItem, toItem } from "../entity.ts";
import { systemKeys } from "../keys/index.ts";
import { membershipEntity, personEntity } from "../person/person-rows.ts";
import { everyItem } from "../position.ts";
import { forgetSecurityEvents } from "../security-event/dynamo-security-event-repository.ts";
import { isSameTimer, timerEntity } from "../timer/timer-item.ts";

/** Each attempt that fails is another change of the person. */
const ATTEMPTS = 5;

export function dynamoPersonErasureRepository(table: Table): PersonErasureRepository {
  const write = (next: Person) => table.put(toItem(personEntity, next), follows(next));
  const changed = ({ erasure: _, ...person }: Person, erasure?: Person["erasure"]): Person => ({
    ...person,
    ...(erasure === undefined ? {} : { erasure }),
    version: person.version + 1,
  });

  /** From here on nobody gives the person another way in; false where somebody has. */
  async function close(personId: PersonId, person: Person): Promise<boolean> {
    const closing = changed(person, "closing");
    if (!(await write(closing))) return false;
    if (!hasWayIn(await rowsOf(table, personId))) return true;
    await write(changed(closing));
    return false;
  }

  return {
    /** AP-366 */
    async begin(person, timers) {
      const failed = await table.transact([
        { put: toItem(personEntity, person), condition: follows(person) },
        ...timers.map((timer) => ({ put: toItem(timerEntity, timer), condition: isSameTimer })),
      ]);
      if (failed.length > 0) raise("version-stale");
    },

    /** AP-367 */
    async invitationsTo(email, tenantId) {
      const pk = systemKeys.invitationsTo(email);
      const found = [];
      const sort = tenantId && { prefix: systemKeys.invitationsIn(tenantId) };
      for await (const row of everyItem(table, { pk, ...(sort ? { sort } : {}) })) {
        found.push({
          tenantId: TenantId.parse(row["tenantId"]),
          invitationId: InvitationId.parse(row["invitationId"]),
        });
      }
      return found;
    },

    /** AP-368 */
    async forgetMembership(personId, tenantId, membershipId) {
      await table.remove(systemKeys.endedMembership(personId, tenantId, membershipId), always);
    },

    /** AP-369 */
    async forget(personId, isOwnWish) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const rows = await rowsOf(table, personId);
        const row = rows.find(({ entity }) => entity === personEntity.name);
        if (!row) return true;
        const person = fromItem(personEntity, row);
        if (hasWayIn(rows) || (person.erasure === "requested" && !isOwnWish)) return false;
        if (person.erasure === undefined && !(await close(personId, person))) continue;
        await table.remove(systemKeys.loginAddress(person.email), {
          expression: "attribute_not_exists(#pk) OR #personId = :own",
          names: { "#pk": "pk", "#personId": "personId" },
          values: { ":own": personId },
        });
        await table.remove(systemKeys.secondFactor(personId), always);
        await forgetSecurityEvents(table, personId);
        // The person's own row last: what is broken off is found by it.
        for (const { pk, sk } of [...rows.filter((one) => one !== row), row]) {
          await table.remove({ pk: String(pk), sk: String(sk) }, always);
        }
        return true;
      }
      return false;
    },
  };
}

const hasWayIn = (rows: readonly Item[]): boolean =>
  rows.some(({ entity }) => entity === membershipEntity.name);

async function rowsOf(table: Table, personId: PersonId): Promise<Item[]> {
  const rows: Item[] = [];
  for await (const row of everyItem(table, { pk: systemKeys.person(personId).pk })) rows.push(row);
  return rows;
}
