import { type Actor, type ActorWith, refOf } from "../actor/index.ts";
import { addDays, dateAt, startsBy } from "../calendar/index.ts";
import { appealEndsOn, type Dispute } from "../dispute/index.ts";
import { raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { PartnerId, ProgramId } from "../id/index.ts";
import type { ProgramDefinition, ProgramTier, PublishedProgram } from "../program/index.ts";
import { type FrozenCard, isRated, type PartnerStanding, waiverOf } from "../scorecard/index.ts";
import {
  type DecideTier,
  MOST_KEPT,
  type PartnerTier,
  type TierDirection,
  type TierRecommendation,
} from "./schema.ts";

interface Told {
  readonly partnerId: PartnerId;
  readonly programId: ProgramId;
  readonly from: string | null;
  readonly to: string | null;
}
export type TierEvent = DomainEvent<
  "tier.evaluated" | "tier.recommended" | "tier.promoted" | "tier.confirmed" | "tier.declined",
  Told & { readonly direction: TierDirection | null }
>;

interface Change {
  readonly next: PartnerTier;
  readonly event: TierEvent;
}

type Standing = Pick<PartnerStanding, "score" | "shownScore" | "rating">;

/** The highest tier whose minimums a standing meets; undefined without a score. */
export function tierFor(
  { tiers, ratingBands }: ProgramDefinition,
  { score, rating }: Standing,
  ratedPeriods: number,
): ProgramTier | undefined {
  if (score === null) return undefined;
  const place = (ratingId: string | undefined) =>
    ratingBands.findIndex((band) => band.ratingId === ratingId);
  return tiers.findLast(
    ({ minimumScore, minimumRatingId, minimumPeriods }) =>
      (minimumScore === null || score >= minimumScore) &&
      (minimumRatingId === null || place(rating?.ratingId) >= place(minimumRatingId)) &&
      ratedPeriods >= minimumPeriods,
  );
}

/** What keeps a promotion from being automatic. */
const blockersOf = ({ metrics, missingFigures = [] }: FrozenCard): string[] => [
  ...metrics.flatMap(({ isRedFlag, name }) => (isRedFlag ? [`${name} has a red flag`] : [])),
  ...missingFigures.flatMap(({ name, suppliedBy, months }) =>
    suppliedBy === "partner"
      ? [`${name} is missing, which the partner supplies: ${months.join(", ")}`]
      : [],
  ),
];

function moved(
  tier: PartnerTier,
  to: Pick<TierRecommendation, "tierId" | "tierName" | "direction" | "period">,
  how: { readonly how: "automatic" | "decided"; readonly reason: string | null },
  by: Actor,
  at: string,
): PartnerTier {
  const { tierId, tierName, direction, period } = to;
  const move = { from: tier.tierId, to: tierId, toName: tierName, direction, period };
  return {
    ...tier,
    ...{ tierId, tierName, since: at, recommendation: null },
    history: [...tier.history, { ...move, ...how, by: refOf(by), at }].slice(-MOST_KEPT),
  };
}

/**
 * What the newest card of a partner means for its tier. Insufficient data moves nobody, and of a card from
 * which nothing is to follow, as decided on a dispute, no demotion does.
 * @returns undefined where this revision, or a later period, was looked at already
 */
export function evaluate(
  current: PartnerTier | undefined,
  {
    program,
    card,
    standing,
    partnerName,
    timeZone,
  }: {
    readonly program: PublishedProgram;
    readonly card: FrozenCard;
    readonly standing: Standing;
    readonly partnerName: string;
    readonly timeZone: string;
  },
  by: ActorWith<"tier:evaluate">,
  now: Date,
): Change | undefined {
  const { cycleId, partnerId, period, programId, revision } = card;
  const last = current?.evaluated;
  if (
    last &&
    (!startsBy(last.period, period) ||
      (last.cycleId === cycleId && last.scorecardRevision >= revision))
  ) {
    return undefined;
  }
  const at = now.toISOString();
  const evaluated = { cycleId, period, scorecardRevision: revision };
  const before = (current?.ratedPeriods ?? []).filter((one) => one !== period);
  const ratedPeriods = (isRated(card) ? [...before, period] : before).slice(-MOST_KEPT);
  const base: PartnerTier = {
    ...(current ?? { tierId: null, tierName: null, since: null, history: [] }),
    ...{ partnerId, programId, partnerName, evaluated, ratedPeriods, recommendation: null },
    ...{ updatedAt: at, version: (current?.version ?? 0) + 1 },
  };
  const told = { partnerId, programId, from: base.tierId };
  const unmoved = (): Change => ({
    next: base,
    event: eventOf("tier.evaluated", by, now, { ...told, to: base.tierId, direction: null }),
  });
  const { definition } = program;
  const target = isRated(card) ? tierFor(definition, standing, ratedPeriods.length) : undefined;
  if (!target || standing.score === null || target.tierId === base.tierId) return unmoved();
  const placeOf = (id: string | null) => definition.tiers.findIndex(({ tierId }) => tierId === id);
  const direction = placeOf(target.tierId) > placeOf(base.tierId) ? "promotion" : "demotion";
  if (direction === "demotion" && waiverOf(card.overrides, null)) return unmoved();
  const blockedBy = direction === "promotion" ? blockersOf(card) : [];
  const recommendation: TierRecommendation = {
    ...evaluated,
    ...{ direction, tierId: target.tierId, tierName: target.name, blockedBy },
    standingScore: standing.score,
    reasons: [
      `The standing of ${period} is ${standing.shownScore}${standing.rating ? ` (${standing.rating.name})` : ""} over ${ratedPeriods.length} rated periods`,
      `${target.name} is the highest tier whose minimums it meets`,
    ],
    decidableFrom:
      direction === "demotion" ? addDays(appealEndsOn(card, program, { timeZone }), 1) : null,
    recommendedAt: at,
  };
  const data = { ...told, to: target.tierId, direction } as const;
  if (direction === "promotion" && definition.automaticPromotion && blockedBy.length === 0) {
    const how = { how: "automatic", reason: null } as const;
    return {
      next: moved(base, recommendation, how, by, at),
      event: eventOf("tier.promoted", by, now, data),
    };
  }
  return {
    next: { ...base, recommendation },
    event: eventOf("tier.recommended", by, now, data),
  };
}

/**
 * A person moves the partner as recommended, or not.
 * @throws DomainError tier-not-recommended | tier-recommendation-stale | tier-too-early | tier-disputed
 */
export function decide(
  current: PartnerTier,
  { outcome, reason }: DecideTier,
  seen: {
    readonly revision: number | undefined;
    readonly disputes: readonly Dispute[];
    readonly timeZone: string;
  },
  by: ActorWith<"tier:decide">,
  now: Date,
): Change {
  const recommendation = current.recommendation ?? raise("tier-not-recommended");
  const { decidableFrom, direction, scorecardRevision, tierId } = recommendation;
  if (seen.revision !== scorecardRevision) raise("tier-recommendation-stale");
  if (direction === "demotion" && outcome === "confirmed") {
    if (decidableFrom !== null && dateAt(now, seen) < decidableFrom) {
      raise("tier-too-early", `It can be decided from ${decidableFrom} on`);
    }
    if (seen.disputes.some(({ status }) => status === "open")) raise("tier-disputed");
  }
  const at = now.toISOString();
  const base = { ...current, recommendation: null, updatedAt: at, version: current.version + 1 };
  const { partnerId, programId } = current;
  const data = { partnerId, programId, from: current.tierId, to: tierId, direction };
  if (outcome === "declined") {
    return {
      next: base,
      event: eventOf("tier.declined", by, now, { ...data, to: current.tierId }),
    };
  }
  return {
    next: moved(base, recommendation, { how: "decided", reason }, by, at),
    event: eventOf("tier.confirmed", by, now, data),
  };
}
