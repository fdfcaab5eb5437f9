import { requirePermission } from "../actor/index.ts";
import { lastPeriods, type Period } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { cycleIdOf } from "../cycle/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import {
  definitionFor,
  isByQuarters,
  type ProgramStore,
  type PublishedProgram,
} from "../program/index.ts";
import {
  type FrozenCard,
  ownPeriods,
  type PartnerStanding,
  periodsIn,
  type ScorecardKey,
  type ScorecardStore,
  standingOf,
} from "../scorecard/index.ts";
import type { TierStore } from "./repository.ts";
import type { PartnerTier } from "./schema.ts";
import { evaluate } from "./tier.ts";

type Context = RequestContext<PartnerStore & ProgramStore & ScorecardStore & TierStore>;

type PastCard =
  | { readonly period: Period; readonly card: FrozenCard }
  | { readonly period: Period; readonly card: undefined };

/** The same over the periods that the partner had, whatever their length. */
async function cardsOfOwnPeriods(
  ctx: Context,
  card: FrozenCard,
  alike: readonly { readonly period: Period; readonly card: FrozenCard | undefined }[],
  count: number,
): Promise<PastCard[]> {
  const rules = await ctx.store.programs.scoringRules(ctx.now);
  const { partnerId, period, programId } = card;
  const asked = { rules, programId, partnerId, period };
  const periods = isByQuarters(rules, programId)
    ? alike.map((one) => ({ period: one.period, frozen: one.card }))
    : await ownPeriods(ctx.store.scorecards, asked, count);
  return periods.map(({ period: of, frozen }) => ({
    period: of,
    card: of === period ? card : frozen,
  }));
}

/** Over the frozen cards that the program looks back on. */
async function standingWith(
  ctx: Context,
  card: FrozenCard,
  { definition, programId }: PublishedProgram,
): Promise<PartnerStanding> {
  const { partnerId, period: newest } = card;
  const frozen = (period: Period) =>
    ctx.store.scorecards.latest({ cycleId: cycleIdOf(programId, period), partnerId });
  const count = periodsIn(definition.history);
  const alike = await Promise.all(
    lastPeriods(newest, count).map(async (period) => ({
      period,
      card: period === newest ? card : await frozen(period),
    })),
  );
  // Only a partner that had another cadence, or none, lacks one of them.
  const cards = alike.every((one) => one.card)
    ? alike
    : await cardsOfOwnPeriods(ctx, card, alike, count);
  return standingOf(newest, cards, definitionFor(definition, card.segmentId));
}

/**
 * Looks at the newest revision of a card: promotes where the program does so by itself, or recommends.
 * Safe to repeat.
 * @returns undefined where the program has no tiers
 * @throws DomainError permission-denied | scorecard-not-found | version-stale
 */
export async function evaluateTier(
  ctx: Context,
  key: ScorecardKey,
  timeZone: string,
): Promise<PartnerTier | undefined> {
  const by = requirePermission(ctx.actor, "tier:evaluate");
  const { partners, programs, scorecards, tiers } = ctx.store;
  const card = (await scorecards.latest(key)) ?? raise("scorecard-not-found");
  const program =
    (await programs.version(card.programId, card.programVersion)) ??
    raise("program-version-not-found");
  if (program.definition.tiers.length === 0) return undefined;
  const [current, partner, standing] = await Promise.all([
    tiers.get(card.partnerId, card.programId),
    partners.get(card.partnerId),
    standingWith(ctx, card, program),
  ]);
  const partnerName = partner?.name ?? card.partnerId;
  const change = evaluate(current, { program, card, standing, partnerName, timeZone }, by, ctx.now);
  if (!change) return current;
  await tiers.save(change.next, change.event);
  return change.next;
}
