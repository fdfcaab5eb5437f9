import { requirePermission } from "../actor/index.ts";
import { dateAt, type Month } from "../calendar/index.ts";
import { type ContentionStore, untilFree } from "../contention/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { OpportunityId, PartnerId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import { type RollupStore, rollupsAfter } from "../rollup/index.ts";
import {
  catalogOf,
  type DataQualityFlag,
  flagIdOf,
  flagValueOf,
  presets,
  type SourceStore,
  withOpenRows,
} from "../source/index.ts";
import type { CorrectOpportunity, ReattributeOpportunity } from "./correction.ts";
import { type FactRules, indexEntryOf } from "./fact.ts";
import { correct, type OpportunityEvent, reattribute } from "./opportunity.ts";
import type { OpportunityStore } from "./repository.ts";
import type { Opportunity } from "./schema.ts";

type Context = RequestContext<ContentionStore & OpportunityStore & RollupStore & SourceStore>;
interface Place {
  readonly partnerId: PartnerId;
  readonly opportunityId: OpportunityId;
  readonly ifVersion: number;
}

const LAST_MONTH: Month = "9999-12";

/**
 * Corrects a fact with a reason; its partner's numbers change in the same transaction.
 * @throws DomainError permission-denied | opportunity-not-found | version-stale | opportunity-correction-invalid | opportunity-unchanged |
 *   changes-contended
 */
export async function correctOpportunity(
  ctx: Context,
  { input, ...place }: Place & { readonly input: CorrectOpportunity },
): Promise<Opportunity> {
  const by = requirePermission(ctx.actor, "opportunity:correct", place);
  const fact = await currentOf(ctx, place);
  const rules = await rulesFor(ctx, fact);
  return decide(ctx, fact, correct(fact, input, rules, by));
}

/**
 * Gives a fact to another partner; the numbers of both change in the same transaction.
 * @throws DomainError permission-denied | opportunity-not-found | partner-not-found | version-stale | opportunity-same-partner | changes-contended
 */
export async function reattributeOpportunity(
  ctx: Context & RequestContext<PartnerStore>,
  { input, ...place }: Place & { readonly input: ReattributeOpportunity },
): Promise<Opportunity> {
  requirePermission(ctx.actor, "opportunity:correct", { partnerId: input.partnerId });
  const by = requirePermission(ctx.actor, "opportunity:correct", place);
  const fact = await currentOf(ctx, place);
  if (!(await ctx.store.partners.get(input.partnerId))) raise("partner-not-found");
  return decide(ctx, fact, reattribute(fact, input.partnerId, input.reason, by, ctx.now));
}

async function currentOf(
  ctx: Context,
  { partnerId, opportunityId, ifVersion }: Place,
): Promise<Opportunity> {
  const fact =
    (await ctx.store.opportunities.get(partnerId, opportunityId)) ?? raise("opportunity-not-found");
  if (fact.revision !== ifVersion) raise("version-stale");
  return fact;
}

async function rulesFor(ctx: Context, { sourceId, currency }: Opportunity): Promise<FactRules> {
  const source = (await ctx.store.sources.get(sourceId)) ?? raise("source-not-found");
  const [prices, aliases] = await Promise.all([
    ctx.store.sources.prices(sourceId),
    ctx.store.sources.aliases(sourceId),
  ]);
  return {
    sourceId,
    currency,
    preset: presets[source.preset],
    catalog: catalogOf(prices, aliases),
    asOf: dateAt(ctx.now, { timeZone: "UTC" }),
    now: ctx.now,
  };
}

/** Rollups and flags may move meanwhile and are read again; the fact may not. */
async function decide(
  ctx: Context,
  before: Opportunity,
  { next, event }: { readonly next: Opportunity; readonly event: OpportunityEvent },
): Promise<Opportunity> {
  const { sourceId, externalId } = next;
  return untilFree(ctx.store, async () => {
    const rollups = [];
    for (const partnerId of new Set([before.partnerId, next.partnerId])) {
      const months = await ctx.store.rollups.months(partnerId, LAST_MONTH);
      const change = {
        before: before.partnerId === partnerId ? before : undefined,
        after: next.partnerId === partnerId ? next : undefined,
      };
      const current = new Map(months.map((rollup) => [rollup.month, rollup]));
      rollups.push(...rollupsAfter(partnerId, current, [change], ctx.now));
    }
    const isDone = await ctx.store.opportunities.decide({
      change: { before, after: next },
      rollups,
      event,
      index: { sourceId, externalId, entry: indexEntryOf(next, "") },
      flags: await flagsAfter(ctx, before, next),
    });
    if (isDone) return next;
    const now = await ctx.store.opportunities.get(before.partnerId, before.opportunityId);
    if (now?.revision !== before.revision) raise("version-stale");
    return undefined;
  });
}

/** The flags whose rows this change adds to or takes from. A defect of a new kind is counted by the next job. */
async function flagsAfter(
  ctx: Context,
  before: Opportunity,
  next: Opportunity,
): Promise<DataQualityFlag[]> {
  const idsOf = (fact: Opportunity) =>
    new Set(fact.defects.map(({ code }) => flagIdOf(fact.sourceId, code, flagValueOf(code, fact))));
  const [had, has] = [idsOf(before), idsOf(next)];
  const flags: DataQualityFlag[] = [];
  for (const flagId of had.symmetricDifference(has)) {
    const flag = await ctx.store.flags.get(flagId);
    if (flag) flags.push(withOpenRows(flag, flag.openRows + (has.has(flagId) ? 1 : -1), ctx.now));
  }
  return flags;
}
