import { requirePermission } from "../actor/index.ts";
import type { Month } from "../calendar/index.ts";
import { type ContentionStore, untilFree } from "../contention/index.ts";
import type { RequestContext } from "../context/index.ts";
import type { PartnerId } from "../id/index.ts";
import {
  COUNTERS,
  type CountedOpportunity,
  emptyCounters,
  handedIn,
  type MonthRollup,
  type RollupStore,
  recount,
} from "../rollup/index.ts";
import type { OpportunityStore } from "./repository.ts";

const LAST_MONTH: Month = "9999-12";

/**
 * Counts a partner's facts anew and rewrites the months that differ.
 * @returns how many months were wrong
 * @throws DomainError permission-denied | changes-contended
 */
export async function repairRollup(
  ctx: RequestContext<ContentionStore & OpportunityStore & RollupStore>,
  partnerId: PartnerId,
): Promise<number> {
  requirePermission(ctx.actor, "rollup:repair");
  return untilFree(ctx.store, async () => {
    // Months before facts: a fact that changes in between raises a month, and the write over it fails.
    const months = await ctx.store.rollups.months(partnerId, LAST_MONTH);
    const facts: CountedOpportunity[] = [];
    for await (const fact of ctx.store.opportunities.ofPartner(partnerId)) facts.push(fact);
    const wrong = differing(partnerId, months, facts, ctx.now);
    const isRight = wrong.length === 0 || (await ctx.store.rollups.replace(wrong));
    return isRight ? wrong.length : undefined;
  });
}

function differing(
  partnerId: PartnerId,
  months: readonly MonthRollup[],
  facts: readonly CountedOpportunity[],
  now: Date,
): MonthRollup[] {
  const counted = recount(facts);
  const stored = new Map(months.map((rollup) => [rollup.month, rollup]));
  return [...new Set([...counted.keys(), ...stored.keys()])].sort().flatMap((month) => {
    const before = stored.get(month);
    const counters = counted.get(month) ?? emptyCounters();
    const was = before?.counters ?? emptyCounters();
    if (COUNTERS.every((name) => was[name] === counters[name])) return [];
    const version = (before?.version ?? 0) + 1;
    const changedAt = now.toISOString();
    return [{ partnerId, month, counters, ...handedIn(before), version, changedAt }];
  });
}
