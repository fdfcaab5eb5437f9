import type { TargetRepository, TargetSet } from "@concord/core/target";
import { load, save, type TenantTable } from "../aggregate.ts";
import { every, page } from "../position.ts";
import { targetSetAggregate } from "./target-rows.ts";

export function dynamoTargetRepository(tenant: TenantTable): TargetRepository {
  const { table, keys } = tenant;
  const targets = targetSetAggregate(keys);

  return {
    /** AP-432 */
    get: (key) => load(tenant, targets, keys.targetSet(key)),

    /** AP-433 */
    async ofPartner(partnerId) {
      const query = { pk: keys.liveNumbers(partnerId), sort: { prefix: keys.targetSetPrefix } };
      const sets: TargetSet[] = [];
      for await (const set of every(table, targets, query)) sets.push(set);
      return sets;
    },

    /** AP-434 */
    waiting: (from, request) =>
      page(
        table,
        targets,
        {
          index: "gsi2",
          pk: keys.waitingTargetList(),
          sort: keys.waitingTargetsFrom(from),
        },
        request,
        keys.prefix,
      ),

    /** AP-435 */
    save: (next, event) => save(tenant, targets, next, event),
  };
}
