import { z } from "zod";
import { Period } from "../calendar/index.ts";
import { classified } from "../classification/index.ts";
import { PartnerId, ProgramId } from "../id/index.ts";
import { Currency, Money } from "../money/index.ts";
import { LifecycleStage, PartnerType } from "../partner/index.ts";

/** Partner type and lifecycle stage, such as `reseller.growing`. */
export const Segment = z
  .templateLiteral([PartnerType, ".", LifecycleStage])
  .meta({ id: "Segment", example: "reseller.growing" });
export type Segment = z.infer<typeof Segment>;

const Region = z.string().min(1).max(100);
const EarnedRating = z.object({ ratingId: z.string(), name: z.string() });

/** Where a partner stands in a period, as its card said when it was counted last. */
export const RankingEntry = z.object({
  partnerId: PartnerId,
  partnerName: z.string(),
  segment: Segment,
  region: Region,
  period: Period,
  programId: ProgramId,
  programVersion: z.number().int().positive(),
  /** `frozen` figures are never replaced by live ones. */
  state: z.enum(["live", "frozen"]),
  /** Points of 0–100 with at most 4 decimals; null where the card has none. */
  score: z.number().nullable(),
  shownScore: z.string().nullable(),
  /** Null where the data does not allow one: the partner is then not ranked. */
  rating: EarnedRating.nullable(),
  unratedReasons: z.array(z.string()),
  coveragePercent: z.number(),
  /** Minor units. */
  revenueMinor: z.number().int(),
  currency: Currency,
  /** How new what was read is: grows with every change behind the card. Compared within a state only. */
  source: z.number().int().nonnegative(),
  version: z.number().int().positive(),
});
export type RankingEntry = z.infer<typeof RankingEntry>;
/** An entry as computed, before it takes the place of another. */
export type ProjectedEntry = Omit<RankingEntry, "version">;

/** What the entries of one group of peers add up to. */
export const RankingSummaryPart = z.object({
  period: Period,
  segment: Segment,
  region: Region,
  currency: Currency,
  rated: z.number().int().nonnegative(),
  unrated: z.number().int().nonnegative(),
  revenueMinor: z.number().int(),
  ratings: z.record(z.string(), z.object({ name: z.string(), partners: z.number().int() })),
  /** Rated ones by the whole points of their score; sums begun before these were counted have none. */
  points: z.record(z.string(), z.number().int()).optional(),
  version: z.number().int().positive(),
});
export type RankingSummaryPart = z.infer<typeof RankingSummaryPart>;

/** Partners of the same segment and region. */
export type PeerGroup = Pick<RankingEntry, "segment" | "region">;

export const RankedPartner = z
  .object({
    /** From 1, the same for equal scores; null for partners whose data allows no rating, who come last. */
    rank: z.number().int().positive().nullable(),
    status: z.enum(["ranked", "unrated"]),
    partnerId: PartnerId,
    partnerName: z.string(),
    segment: Segment,
    region: Region,
    state: RankingEntry.shape.state,
    score: z.number().nullable(),
    shownScore: z.string().nullable(),
    rating: EarnedRating.nullable(),
    unratedReasons: z.array(z.string()),
    coveragePercent: z.number(),
    revenue: classified("ranking.revenue", Money),
    /** Of the quarter before; null where there was no score. */
    previousScore: z.number().nullable(),
    previousShownScore: z.string().nullable(),
    trend: z.enum(["up", "down", "same"]).nullable(),
  })
  .meta({ id: "RankedPartner" });
export type RankedPartner = z.infer<typeof RankedPartner>;

const Distribution = z.array(EarnedRating.extend({ partners: z.number().int() }));

export const RankingSummary = z
  .object({
    period: Period,
    partners: z.number().int(),
    rated: z.number().int(),
    unrated: z.number().int(),
    /** Null where nobody is ranked yet. */
    revenue: classified("ranking.revenue", Money.nullable()),
    distribution: Distribution,
    groups: z.array(
      z.object({
        segment: Segment,
        region: Region,
        rated: z.number().int(),
        unrated: z.number().int(),
        revenue: classified("ranking.revenue", Money),
        distribution: Distribution,
      }),
    ),
  })
  .meta({ id: "RankingSummary" });
export type RankingSummary = z.infer<typeof RankingSummary>;

/** A partner's own place among its peers, without a word about the others. */
export const RankingPosition = z
  .object({
    period: Period,
    partnerId: PartnerId,
    segment: Segment,
    region: Region,
    state: RankingEntry.shape.state,
    rank: z.number().int().positive().nullable(),
    /** Partners of the same segment and region that are ranked. */
    peers: z.number().int(),
    shownScore: z.string().nullable(),
    rating: EarnedRating.nullable(),
    unratedReasons: z.array(z.string()),
  })
  .meta({ id: "RankingPosition" });
export type RankingPosition = z.infer<typeof RankingPosition>;

export const RankingFilter = z.strictObject({
  segment: Segment.optional(),
  region: Region.optional(),
});
export type RankingFilter = z.infer<typeof RankingFilter>;
