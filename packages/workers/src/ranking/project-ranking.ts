import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { cadenceOf, type Period, periodOf } from "@concord/core/calendar";
import { type Turns, turns } from "@concord/core/contention";
import type { RequestContext } from "@concord/core/context";
import { DomainError } from "@concord/core/error";
import { CycleId, PartnerId, ProgramId, type TenantId } from "@concord/core/id";
import { livePeriods, type ProjectionStore, projectRanking } from "@concord/core/ranking";
import type { SetTimer } from "@concord/core/timer";
import { z } from "zod";
import { inParallel } from "../in-parallel.ts";
import { followTiers, recheckTiers, type TierFollowStore } from "../tier/follow-tiers.ts";

export interface RankingDependencies {
  /** Opens the tenant for the system, at this instant of the business clock. */
  readonly contextOf: (tenantId: TenantId) => RequestContext<ProjectionStore & TierFollowStore>;
  /** The tenant a partition belongs to; undefined for one that belongs to none. */
  readonly tenantOf: (pk: string) => TenantId | undefined;
  /** Sets a timer, so that a partner whose change cannot be applied is counted again later. */
  readonly setTimer: (timer: SetTimer) => Promise<void>;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

const Image = z.record(z.string(), z.unknown()).optional();
const Batch = z.object({
  Records: z.array(
    z.object({
      eventName: z.string(),
      dynamodb: z.object({ SequenceNumber: z.string(), NewImage: Image, OldImage: Image }),
    }),
  ),
});

/** What of a row tells whose ranking it moves, and from which period on. */
const Row = z.discriminatedUnion("entity", [
  z.object({
    entity: z.literal("RollupMonth"),
    pk: z.string(),
    partnerId: PartnerId,
    month: z.string(),
  }),
  z.object({
    entity: z.literal("FrozenCard"),
    pk: z.string(),
    cycleId: CycleId,
    partnerId: PartnerId,
    programId: ProgramId,
    programVersion: z.number(),
    revision: z.number(),
    period: z.string(),
  }),
  z.object({
    entity: z.literal("Review"),
    pk: z.string(),
    partnerId: PartnerId,
    period: z.string(),
  }),
  z.object({ entity: z.literal("Partner"), pk: z.string(), partnerId: PartnerId }),
]);
type Row = z.infer<typeof Row>;
/** All that is read of a row: whoever hands rows on may leave out the rest. */
export const RANKING_ATTRIBUTES: ReadonlySet<string> = new Set(
  Row.options.flatMap(({ shape }) => Object.keys(shape)),
);
const ENTITIES: ReadonlySet<unknown> = new Set(Row.options.map(({ shape }) => shape.entity.value));

const PARTNERS_AT_ONCE = 4;
const RECOUNT_AFTER_MS = 5 * 60_000;

/** All that a batch says about one partner; counted once. */
interface Change {
  readonly tenantId: TenantId;
  readonly partnerId: PartnerId;
  readonly rows: Row[];
  readonly sequenceNumbers: string[];
}

/**
 * Brings rankings, tenant sums and the tiers that follow from revised cards up to date with a batch of changes. The records only say whose figures
 * may have moved, so that they may be repeated, out of order or cut into other batches. A partner that
 * fails is reported and counted again by a later tick.
 */
export async function projectRankingChanges(
  deps: RankingDependencies,
  batch: unknown,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  const failed: string[] = [];
  const changes = new Map<string, Change>();
  for (const { eventName, dynamodb } of Batch.parse(batch).Records) {
    try {
      collect(deps, changes, eventName, dynamodb);
    } catch (error) {
      failed.push(dynamodb.SequenceNumber);
      report(deps, error, { sequenceNumber: dynamodb.SequenceNumber });
    }
  }
  const inTurn = turns();
  await inParallel([...changes.values()], PARTNERS_AT_ONCE, async (change) => {
    const { tenantId, partnerId } = change;
    try {
      await project(deps, change, (on, work) => inTurn(`${tenantId} ${on}`, work));
    } catch (error) {
      report(deps, error, { tenantId, partnerId });
      failed.push(...change.sequenceNumbers);
      await markForRecount(deps, tenantId, partnerId);
    }
  });
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

function collect(
  { tenantOf }: RankingDependencies,
  changes: Map<string, Change>,
  eventName: string,
  { SequenceNumber, NewImage, OldImage }: z.infer<typeof Batch>["Records"][number]["dynamodb"],
): void {
  if (!NewImage || JSON.stringify(NewImage) === JSON.stringify(OldImage)) return;
  const item = unmarshall(NewImage as Record<string, AttributeValue>);
  if (!ENTITIES.has(item["entity"])) return;
  const row = Row.parse(item);
  // A review moves the ranking only by being there: its partner takes part in the period.
  if (row.entity === "Review" && eventName !== "INSERT") return;
  const tenantId = tenantOf(row.pk);
  if (!tenantId) return;
  const { partnerId } = row;
  const key = `${tenantId} ${partnerId}`;
  const change = changes.get(key) ?? { tenantId, partnerId, rows: [], sequenceNumbers: [] };
  change.rows.push(row);
  change.sequenceNumbers.push(SequenceNumber);
  changes.set(key, change);
}

async function project(deps: RankingDependencies, change: Change, inTurn: Turns): Promise<void> {
  const ctx = deps.contextOf(change.tenantId);
  const rules = await ctx.store.programs.scoringRules(ctx.now);
  const { calendar } = rules;
  const named = change.rows.flatMap((row) => ("period" in row ? [row.period] : []));
  const months = change.rows.flatMap((row) => (row.entity === "RollupMonth" ? [row.month] : []));
  const isRenamed = change.rows.some(({ entity }) => entity === "Partner");
  const moved = (current: Period): Period[] => [
    ...months.flatMap((month) =>
      livePeriods(current, periodOf(`${month}-01`, cadenceOf(current), calendar)),
    ),
    ...(isRenamed ? [current] : []),
  ];
  await projectRanking(ctx, {
    partnerId: change.partnerId,
    periods: [...new Set(named)],
    inTurn,
    ...(months.length > 0 || isRenamed ? { live: moved } : {}),
    ...(isRenamed ? { liveIfRanked: (current: Period) => livePeriods(current) } : {}),
  });
  const cards = change.rows.filter((row) => row.entity === "FrozenCard");
  await followTiers(ctx, cards, rules);
}

/** Counts a partner's live periods anew: what a failed change left behind. A partner that is gone is done. */
export async function recountRanking(
  deps: Pick<RankingDependencies, "contextOf">,
  { tenantId, subject }: SetTimer,
  now: Date,
): Promise<"done"> {
  const ctx = { ...deps.contextOf(tenantId), now };
  const rules = await ctx.store.programs.scoringRules(now);
  const partnerId = PartnerId.parse(subject);
  await projectRanking(ctx, {
    ...{ partnerId, periods: [], live: (current) => [current] },
    liveIfRanked: (current) => livePeriods(current),
  });
  await recheckTiers(ctx, partnerId, rules);
  return "done";
}

async function markForRecount(
  { contextOf, setTimer, log }: RankingDependencies,
  tenantId: TenantId,
  partnerId: PartnerId,
): Promise<void> {
  const after = contextOf(tenantId).now.getTime() + RECOUNT_AFTER_MS;
  // On the mark, so that a change that fails again and again sets one timer.
  const dueAt = new Date(Math.ceil(after / RECOUNT_AFTER_MS) * RECOUNT_AFTER_MS).toISOString();
  try {
    await setTimer({ tenantId, kind: "ranking-recount", subject: partnerId, dueAt });
  } catch (error) {
    log({ level: "error", message: "recount not set", tenantId, partnerId, error: nameOf(error) });
  }
}

function report(
  { log }: RankingDependencies,
  error: unknown,
  what: Readonly<Record<string, unknown>>,
): void {
  log({ level: "error", message: "ranking not projected", ...what, error: nameOf(error) });
}

/** Without the message: it may quote the row. */
const nameOf = (error: unknown): string =>
  error instanceof DomainError ? error.code : error instanceof Error ? error.name : "unknown";
