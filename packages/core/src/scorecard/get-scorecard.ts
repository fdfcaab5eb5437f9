import { z } from "zod";
import { isOtherPartner, requirePermission } from "../actor/index.ts";
import {
  type Calendar,
  monthOf,
  type Period,
  periodSpan,
  previousPeriod,
} from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { cycleIdOf } from "../cycle/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId, ProgramId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import {
  definitionFor,
  type ProgramStore,
  type PublishedProgram,
  programFor,
  type ScoringRules,
} from "../program/index.ts";
import { freezingAt } from "../timer/index.ts";
import { scoreCard } from "./card.ts";
import { CardComparison, compareCards } from "./compare-cards.ts";
import { groundsOfMonths } from "./figures.ts";
import { FrozenCard } from "./frozen.ts";
import { ownPeriods } from "./past-periods.ts";
import { PerverseIncentive, perverseIncentives } from "./perverse-incentives.ts";
import type { LiveNumbers, ScorecardStore } from "./repository.ts";
import { Card } from "./schema.ts";
import { segmentOf } from "./segment-of.ts";
import { type PartnerStanding, periodsIn, standingOf } from "./standing.ts";
import { type ScorecardSummary, summarize } from "./summary.ts";
import { targetTerms } from "./target-terms.ts";

/** A partner's card of a period: a preview that moves with the facts, or frozen. */
export const Scorecard = z
  .discriminatedUnion("status", [
    z.object({
      status: z.literal("live"),
      card: Card,
      /** When a fact behind it changed last; null where there is none. */
      changedAt: z.iso.datetime().nullable(),
      /** When the data window closes. */
      freezesAt: z.iso.datetime(),
    }),
    z.object({ status: z.literal("frozen"), card: FrozenCard }),
  ])
  .meta({ id: "Scorecard" });
export type Scorecard = z.infer<typeof Scorecard>;

type LiveContext = RequestContext<PartnerStore & ProgramStore & ScorecardStore>;

interface Asked {
  readonly partnerId: PartnerId;
  readonly period: Period;
  /** Which program, where the tenant runs several; the one published last without it. */
  readonly programId?: ProgramId | undefined;
}

const programOf = (rules: ScoringRules, asked: Asked): PublishedProgram =>
  programFor(rules, asked) ?? raise("scorecard-without-program");

/** The version that a card names. Versions are never removed. */
function versionOf(rules: ScoringRules, { programId, programVersion }: Card): PublishedProgram {
  const version = rules.versions.find(
    (one) => one.programId === programId && one.version === programVersion,
  );
  if (!version) throw new Error(`version ${programVersion} of ${programId} is missing`);
  return version;
}

async function readLive(ctx: LiveContext, { partnerId, period }: Asked, calendar: Calendar) {
  const { to } = periodSpan(period, calendar);
  const live = await ctx.store.liveNumbers.of(partnerId, monthOf(to));
  const isKnown = live.months.length > 0 || (await ctx.store.partners.get(partnerId));
  return isKnown ? live : raise("partner-not-found");
}

/**
 * Live before the data window closes: one data request, the partner's live numbers, and a second one where the
 * program has segments. Afterwards frozen, and live only until the freeze has reached the partner.
 */
async function cardAt(
  ctx: LiveContext,
  asked: Asked,
  rules: ScoringRules,
  known?: LiveNumbers,
  frozen?: FrozenCard,
): Promise<Scorecard & { readonly live?: LiveNumbers }> {
  if (frozen) return { status: "frozen", card: frozen };
  const { partnerId, period } = asked;
  const program = programOf(rules, asked);
  const freezesAt = freezingAt(period, program.definition.windows, rules.calendar);
  if (ctx.now >= freezesAt) {
    const cycleId = cycleIdOf(program.programId, period);
    const card = await ctx.store.scorecards.latest({ cycleId, partnerId });
    if (card) return { status: "frozen", card };
  }
  const [live, segment] = await Promise.all([
    known ?? readLive(ctx, asked, rules.calendar),
    segmentOf(ctx, program, asked),
  ]);
  const span = periodSpan(period, rules.calendar);
  const { months, targets } = live;
  const changedAt = months
    .filter(({ month }) => month <= monthOf(span.to))
    .reduce<string | null>(
      (last, one) => (last && last > one.changedAt ? last : one.changedAt),
      null,
    );
  return {
    status: "live",
    card: scoreCard({
      program,
      partnerId,
      period,
      span,
      grounds: {
        ...groundsOfMonths(months, span),
        ...segment,
        ...targetTerms(targets, program, period, segment),
      },
    }),
    changedAt,
    freezesAt: freezesAt.toISOString(),
    live,
  };
}

/** The partner's own periods up to the one asked for, newest first. */
const pastOf = (ctx: LiveContext, asked: Asked, rules: ScoringRules, count: number) => {
  const { programId } = programOf(rules, asked);
  return ownPeriods(ctx.store.scorecards, { ...asked, rules, programId }, count);
};

function requireOwn(ctx: LiveContext, { partnerId }: Asked): void {
  const by = requirePermission(ctx.actor, "scorecard:read");
  if (isOtherPartner(by, partnerId)) raise("partner-not-found");
}

/** @throws DomainError partner-not-found | scorecard-without-program */
export async function getScorecard(ctx: LiveContext, asked: Asked): Promise<Scorecard> {
  requireOwn(ctx, asked);
  const rules = await ctx.store.programs.scoringRules(ctx.now);
  const { live: _, ...scorecard } = await cardAt(ctx, asked, rules);
  return scorecard;
}

/** What moved since the period before, and what should make both sides look twice. */
export const ScorecardChanges = CardComparison.extend({
  perverseIncentives: z.array(PerverseIncentive),
}).meta({ id: "ScorecardChanges" });
export type ScorecardChanges = z.infer<typeof ScorecardChanges>;

/** @throws DomainError partner-not-found | scorecard-without-program */
export async function getScorecardChanges(
  ctx: LiveContext,
  asked: Asked,
): Promise<ScorecardChanges> {
  requireOwn(ctx, asked);
  const rules = await ctx.store.programs.scoringRules(ctx.now);
  const current = await cardAt(ctx, asked, rules);
  const [, past] = await pastOf(ctx, asked, rules, 2);
  const before = { ...asked, period: past?.period ?? previousPeriod(asked.period) };
  const previous = await cardAt(ctx, before, rules, current.live, past?.frozen);
  const { definition } = versionOf(rules, current.card);
  const { metrics } = definitionFor(definition, current.card.segmentId);
  return {
    ...compareCards(current.card, previous.card),
    perverseIncentives: perverseIncentives(current.card, previous.card, metrics),
  };
}

/**
 * A card at one look: its score, what moved it, flags, what is missing and the way to the next rating. Live, or
 * frozen once it is.
 * @throws DomainError partner-not-found | scorecard-without-program
 */
export async function getScorecardSummary(
  ctx: LiveContext,
  asked: Asked,
): Promise<ScorecardSummary> {
  requireOwn(ctx, asked);
  const rules = await ctx.store.programs.scoringRules(ctx.now);
  const current = await cardAt(ctx, asked, rules);
  const before = { ...asked, period: previousPeriod(asked.period) };
  const hasBefore = programFor(rules, before) !== undefined;
  const previous = hasBefore ? await cardAt(ctx, before, rules, current.live) : undefined;
  const { definition } = versionOf(rules, current.card);
  return summarize(current.card, {
    previous: previous?.card,
    metrics: definitionFor(definition, current.card.segmentId).metrics,
    revision: current.status === "frozen" ? current.card.revision : null,
  });
}

/**
 * Where a partner stands in a period: its card, and those before it as far as the program looks back. Each is
 * frozen where it is frozen.
 * @throws DomainError partner-not-found | scorecard-without-program
 */
export async function getStanding(ctx: LiveContext, asked: Asked): Promise<PartnerStanding> {
  requireOwn(ctx, asked);
  const rules = await ctx.store.programs.scoringRules(ctx.now);
  const { definition } = programOf(rules, asked);
  const current = await cardAt(ctx, asked, rules);
  const periods = await pastOf(ctx, asked, rules, periodsIn(definition.history));
  const cards = await Promise.all(
    periods.map(async ({ period, frozen }) => {
      if (period === asked.period) return { period, card: current.card };
      const isScored = programFor(rules, { period, programId: asked.programId }) !== undefined;
      if (!isScored) return { period, card: undefined };
      return {
        period,
        card: (await cardAt(ctx, { ...asked, period }, rules, current.live, frozen)).card,
      };
    }),
  );
  return standingOf(asked.period, cards, definition);
}
