import type { DutyHolder, HolderChange, RosterRepository } from "@concord/core/assignment";
import { save, type TenantTable, writesOf } from "../aggregate.ts";
import type { Write } from "../dynamo-table/contract.ts";
import type { Item } from "../dynamo-table/item.ts";
import { fromItem } from "../entity.ts";
import { memberAggregate, partnerUserAggregate } from "../member/member-rows.ts";
import { page } from "../position.ts";
import { pastEntity, rosterAggregate, rosterWrites, scopeId } from "./roster-rows.ts";

const membershipIdOf = (holder: DutyHolder) =>
  holder.kind === "member" ? holder.memberId : holder.partnerUserId;

export function dynamoRosterRepository(tenant: TenantTable): RosterRepository {
  const { table, keys } = tenant;
  const rosters = rosterAggregate(keys);
  const members = memberAggregate(keys);
  const partnerUsers = partnerUserAggregate(keys);

  function membershipWrites({ state, duties, event }: HolderChange): readonly Write[] {
    const row = state.membership as Item;
    const changed = { duties, version: Number(row["version"]) + 1, updatedAt: event.at };
    return state.holder.kind === "member"
      ? writesOf(tenant, members, { ...fromItem(members, row), ...changed }, event)
      : writesOf(tenant, partnerUsers, { ...fromItem(partnerUsers, row), ...changed }, event);
  }

  return {
    /** AP-440 */
    async of(scopes) {
      if (scopes.length === 0) return [];
      const ids = new Set(scopes.map(scopeId));
      const items = await table.getAll([...ids].map((id) => keys.roster(id)));
      return items.map((item) => fromItem(rosters, item));
    },

    /** AP-441 */
    past: (scope, request) =>
      page(
        table,
        pastEntity(keys, scope),
        {
          pk: keys.roster(scopeId(scope)).pk,
          sort: { prefix: keys.pastAssignmentPrefix },
          order: "descending",
        },
        request,
        keys.prefix,
      ),

    /** AP-442 */
    async holder(holder) {
      const row = await table.get(keys.membership(membershipIdOf(holder)));
      if (!row) return undefined;
      const { status, duties, partnerId } =
        holder.kind === "member"
          ? { ...fromItem(members, row), partnerId: null }
          : fromItem(partnerUsers, row);
      return { holder, isActive: status === "active", partnerId, duties, membership: row };
    },

    /** AP-443, AP-444 */
    async save(change) {
      const [, , ...past] = rosterWrites(tenant, change);
      const also = change.holders
        .flatMap(membershipWrites)
        .map((write) => ({ write, otherwise: "version-stale" as const }));
      await save(tenant, rosters, change.next, change.event, { also: [...past, ...also] });
    },
  };
}
