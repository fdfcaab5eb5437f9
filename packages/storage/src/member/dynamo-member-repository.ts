import type { MemberRepository } from "@concord/core/member";
import { load, save, type TenantTable } from "../aggregate.ts";
import { countedWrite } from "../edition/usage-rows.ts";
import { endedMembershipWrite, newMembershipWrites } from "../person/person-rows.ts";
import { page } from "../position.ts";
import { memberAggregate } from "./member-rows.ts";

export function dynamoMemberRepository(tenant: TenantTable): MemberRepository {
  const { table, keys } = tenant;
  const members = memberAggregate(keys);

  return {
    /** AP-22 */
    get: (memberId) => load(tenant, members, keys.membership(memberId)),

    /** AP-23 */
    list: (request) =>
      page(table, members, { index: "gsi2", pk: keys.memberList() }, request, keys.prefix),

    /** AP-24, AP-25 */
    add: (entry) =>
      save(tenant, members, entry.member, entry.event, {
        taken: "member-exists",
        also: [
          ...newMembershipWrites(keys, entry, "member-exists"),
          countedWrite(keys, "members", 1),
        ],
      }),

    /** AP-26, AP-27 */
    save: (next, event, whileOwner) =>
      save(tenant, members, next, event, {
        also: [
          ...(next.status === "ended"
            ? [
                endedMembershipWrite(keys, { personId: next.personId, partnerId: null }),
                countedWrite(keys, "members", -1),
              ]
            : []),
          ...(whileOwner
            ? [
                {
                  write: { check: keys.membership(whileOwner), condition: isActiveOwner },
                  otherwise: "role-not-grantable" as const,
                },
              ]
            : []),
        ],
      }),
  };
}

/** Two owners who take the role from each other at once would leave none. */
const isActiveOwner = {
  expression: "#status = :active AND contains(#roles, :owner)",
  names: { "#status": "status", "#roles": "roles" },
  values: { ":active": "active", ":owner": "owner" },
};
