import type { PartnerUser, PartnerUserRepository } from "@concord/core/member";
import { load, save, type TenantTable } from "../aggregate.ts";
import { rosterWrites } from "../assignment/roster-rows.ts";
import { exists } from "../dynamo-table/condition.ts";
import type { TenantKeys } from "../keys/index.ts";
import { endedMembershipWrites, newMembershipWrites } from "../person/person-rows.ts";
import { page } from "../position.ts";
import { timerWrites } from "../timer/timer-item.ts";
import { partnerUserAggregate } from "./member-rows.ts";

export function dynamoPartnerUserRepository(tenant: TenantTable): PartnerUserRepository {
  const { table, keys } = tenant;
  const users = partnerUserAggregate(keys);

  return {
    /** AP-28 */
    get: (partnerUserId) => load(tenant, users, keys.membership(partnerUserId)),

    /** AP-29 */
    listOf: (partnerId, request) =>
      page(
        table,
        users,
        { index: "gsi2", pk: keys.partnerUserList(partnerId) },
        request,
        keys.prefix,
      ),

    /** AP-30 */
    add: (entry) =>
      save(tenant, users, entry.partnerUser, entry.event, {
        taken: "partner-user-exists",
        also: [
          ...newMembershipWrites(keys, entry, "partner-user-exists"),
          {
            write: { check: keys.partner(entry.partnerUser.partnerId), condition: exists },
            otherwise: "partner-not-found",
          },
        ],
      }),

    /** AP-31 */
    save: (next, event, rosters = []) =>
      save(tenant, users, next, event, {
        also: [
          ...(next.status === "ended" ? endedWrites(keys, next) : []),
          ...rosters.flatMap((change) => rosterWrites(tenant, change)),
        ],
      }),

    /** AP-361 */
    erase: (next, event, { wasActive, timer, rosters }) =>
      save(tenant, users, next, event, {
        also: [
          ...(wasActive ? endedWrites(keys, next) : []),
          ...timerWrites(keys, [timer]),
          ...rosters.flatMap((change) => rosterWrites(tenant, change)),
        ],
      }),
  };
}

const endedWrites = (keys: TenantKeys, { personId, partnerUserId, partnerId }: PartnerUser) =>
  endedMembershipWrites(keys, { personId, membershipId: partnerUserId, partnerId });
