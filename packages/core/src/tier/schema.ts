import { z } from "zod";
import { ActorRef } from "../actor/index.ts";
import { CalendarDate, Period } from "../calendar/index.ts";
import { classified } from "../classification/index.ts";
import { CycleId, PartnerId, ProgramId } from "../id/index.ts";
import { Slug } from "../program/index.ts";

export const TierDirection = z.enum(["promotion", "demotion"]).meta({ id: "TierDirection" });
export type TierDirection = z.infer<typeof TierDirection>;

const EvaluatedCard = z.object({
  cycleId: CycleId,
  period: Period,
  scorecardRevision: z.number().int().positive(),
});

/** What a standing says that the tier should be, until a person decides. */
export const TierRecommendation = EvaluatedCard.extend({
  direction: TierDirection,
  tierId: Slug,
  tierName: z.string(),
  standingScore: z.number(),
  reasons: z.array(z.string()),
  /** What keeps a promotion from being automatic, where the program has that. */
  blockedBy: z.array(z.string()),
  /** The first day on which a demotion can be decided: the one after the appeal window. */
  decidableFrom: CalendarDate.nullable(),
  recommendedAt: z.iso.datetime(),
}).meta({ id: "TierRecommendation" });
export type TierRecommendation = z.infer<typeof TierRecommendation>;

/** One move from a tier to another. */
export const TierMove = z
  .object({
    from: Slug.nullable(),
    to: Slug,
    toName: z.string(),
    direction: TierDirection,
    period: Period,
    /** By the program's own rule, or by a person. */
    how: z.enum(["automatic", "decided"]),
    reason: classified("tier.reason", z.string().nullable()),
    by: ActorRef,
    at: z.iso.datetime(),
  })
  .meta({ id: "TierMove" });

/** The latest moves and periods that the row keeps; every one is an event. */
export const MOST_KEPT = 40;

/** The level of a partner in a program, how it came to it, and what is recommended. */
export const PartnerTier = z
  .object({
    partnerId: PartnerId,
    programId: ProgramId,
    partnerName: z.string(),
    /** Null before the first. */
    tierId: Slug.nullable(),
    tierName: z.string().nullable(),
    since: z.iso.datetime().nullable(),
    recommendation: TierRecommendation.nullable(),
    /** The card that was looked at last. */
    evaluated: EvaluatedCard,
    /** Periods with a rated card, oldest first. */
    ratedPeriods: z.array(Period).max(MOST_KEPT),
    /** Oldest first. */
    history: z.array(TierMove).max(MOST_KEPT),
    updatedAt: z.iso.datetime(),
    version: z.number().int().positive(),
  })
  .meta({ id: "PartnerTier" });
export type PartnerTier = z.infer<typeof PartnerTier>;

export const DecideTier = z
  .strictObject({
    outcome: z.enum(["confirmed", "declined"]),
    reason: z.string().trim().min(1).max(1000),
  })
  .meta({ id: "DecideTier" });
export type DecideTier = z.infer<typeof DecideTier>;
