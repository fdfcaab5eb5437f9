import {
  DevelopmentPlan,
  type DevelopmentPlanRepository,
  WaitingPlan,
  waitingOf,
} from "@concord/core/development-plan";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import { exists, isNew } from "../dynamo-table/condition.ts";
import type { Write } from "../dynamo-table/contract.ts";
import { type Entity, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { page } from "../position.ts";

export const planAggregate = (keys: TenantKeys): Aggregate<DevelopmentPlan> => ({
  name: "DevelopmentPlan",
  schema: DevelopmentPlan,
  schemaVersion: 1,
  id: ({ planId }) => planId,
  key: ({ planId }) => keys.plan(planId),
  indexes: ({ partnerId, createdAt, planId }) => ({
    gsi2pk: keys.planList(partnerId),
    gsi2sk: keys.planListSort(createdAt, planId),
  }),
});

/** One row for each person the plan waits for; it follows the plan in the same transaction. */
const waitingEntity = (keys: TenantKeys): Entity<WaitingPlan> => ({
  name: "WaitingPlan",
  schema: WaitingPlan,
  schemaVersion: 1,
  key: ({ planId, memberId }) => keys.waitingPlan(planId, memberId),
  indexes: ({ planId, memberId, dueAt, isEscalated }) => ({
    gsi1pk: keys.workList("PLAN", memberId),
    gsi1sk: keys.workListSort(dueAt, planId),
    ...(isEscalated
      ? {}
      : { gsi2pk: keys.waitingPlanList(), gsi2sk: keys.workListSort(dueAt, planId) }),
  }),
});

export function dynamoDevelopmentPlanRepository(tenant: TenantTable): DevelopmentPlanRepository {
  const { table, keys } = tenant;
  const plans = planAggregate(keys);
  const waitingPlans = waitingEntity(keys);

  const waitingWrites = (next: DevelopmentPlan, previous?: DevelopmentPlan): Write[] => {
    const before = previous ? waitingOf(previous) : [];
    const after = waitingOf(next);
    const isIn = (rows: readonly WaitingPlan[], { memberId }: WaitingPlan) =>
      rows.some((row) => row.memberId === memberId);
    const isSame = (row: WaitingPlan) =>
      before.some((known) => JSON.stringify(known) === JSON.stringify(row));
    return [
      ...after
        .filter((row) => !isSame(row))
        .map((row) => ({
          put: toItem(waitingPlans, row),
          condition: isIn(before, row) ? exists : isNew,
        })),
      ...before
        .filter((row) => !isIn(after, row))
        .map(({ planId, memberId }) => ({
          remove: keys.waitingPlan(planId, memberId),
          condition: exists,
        })),
    ];
  };

  return {
    /** AP-130 */
    get: (planId) => load(tenant, plans, keys.plan(planId)),

    /** AP-131 */
    ofPartner: (partnerId, request) =>
      page(
        table,
        plans,
        { index: "gsi2", pk: keys.planList(partnerId), order: "descending" },
        request,
        keys.prefix,
      ),

    /** AP-132 */
    waitingFor: (memberId, request) =>
      page(
        table,
        waitingPlans,
        { index: "gsi1", pk: keys.workList("PLAN", memberId) },
        request,
        keys.prefix,
      ),

    /** AP-133 */
    waiting: (request) =>
      page(
        table,
        waitingPlans,
        { index: "gsi2", pk: keys.waitingPlanList() },
        request,
        keys.prefix,
      ),

    /** AP-134, AP-135, AP-136, AP-137, AP-138 */
    save: (next, event, previous) =>
      save(tenant, plans, next, event, {
        also: waitingWrites(next, previous).map((write) => ({ write, otherwise: "version-stale" })),
      }),
  };
}
