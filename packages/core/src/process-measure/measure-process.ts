import { requirePermission } from "../actor/index.ts";
import type { Period } from "../calendar/index.ts";
import { everyItem, type Page, type PageRequest, type RequestContext } from "../context/index.ts";
import { type CycleStore, cycleIdOf } from "../cycle/index.ts";
import type { DisputeStore } from "../dispute/index.ts";
import { raise } from "../error/index.ts";
import type { ProgramId } from "../id/index.ts";
import { type ProgramStore, programFor } from "../program/index.ts";
import type { RankingStore } from "../ranking/index.ts";
import type { ReviewStore } from "../review/index.ts";
import { measureDisputes, measureReviews, measureScores } from "./process-measure.ts";
import type { ProcessMeasures } from "./schema.ts";

type Context = RequestContext<
  CycleStore & DisputeStore & ProgramStore & RankingStore & Pick<ReviewStore, "reviews">
>;

async function all<T>(list: (page: PageRequest) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of everyItem(list)) items.push(item);
  return items;
}

/**
 * How the process went in a cycle, for the vendor. Counted from the records themselves, so that it is exact
 * whenever it is asked: one request for the cycle, one for the scores, and one for each page of its reviews
 * and its disputes.
 * @throws DomainError permission-denied | cycle-not-found
 */
export async function measureProcess(
  ctx: Context,
  { programId, period }: { readonly programId: ProgramId; readonly period: Period },
): Promise<ProcessMeasures> {
  requirePermission(ctx.actor, "ranking:read");
  const { cycles, disputes, programs, rankings, reviews } = ctx.store;
  const cycleId = cycleIdOf(programId, period);
  const cycle = (await cycles.get(cycleId)) ?? raise("cycle-not-found");
  const rules = await programs.scoringRules(ctx.now);
  const isRanked = programFor(rules, { period })?.programId === programId;
  const [opened, filed, parts] = await Promise.all([
    all((page) => reviews.ofCycle(cycleId, page)),
    all((page) => disputes.ofCycle(cycleId, page)),
    isRanked ? rankings.summary(period) : null,
  ]);
  return {
    ...{ cycleId, programId, period, status: cycle.status },
    reviews: measureReviews(opened),
    scores: parts && measureScores(parts),
    disputes: measureDisputes(filed, opened.length, cycle),
  };
}
