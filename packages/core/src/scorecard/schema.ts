import { z } from "zod";
import { Side } from "../actor/index.ts";
import { CalendarDate, Month, Period } from "../calendar/index.ts";
import { classified } from "../classification/index.ts";
import { PartnerId, ProgramId } from "../id/index.ts";
import {
  FigureMeasure,
  FormulaMeasure,
  Indicator,
  isBuiltIn,
  MeasureName,
  MeasureSums,
  MeasureUnit,
  MonthFigure,
  NoData,
  Scale,
  Voice,
} from "../metric/index.ts";
import { Currency } from "../money/index.ts";
import { MetricLayer, MetricTiming, RatingBand, Slug } from "../program/index.ts";
import { AgreedTargets } from "../target/index.ts";
import { CardAdjustment } from "./adjustment.ts";
import { CardOverride } from "./override.ts";

/** Points of 0–100 with at most 4 decimals. */
const Points = z.number();
/** An exact decimal number as text, in the unit shown. */
const Decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
export const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** A measure by formula may hold an amount under any unit. */
const valueField = ({ unit, measure }: Readonly<Record<string, unknown>>) =>
  unit === "money" || unit === "money-per-day" || !isBuiltIn(String(measure))
    ? "scorecard.amounts"
    : "scorecard.values";

/** One metric of a card: what it was measured with, what came out, and what it did to the total. */
export const CardMetric = z
  .object({
    metricId: z.string(),
    name: z.string(),
    measure: MeasureName,
    unit: MeasureUnit,
    layer: MetricLayer,
    timing: MetricTiming,
    scale: Scale,
    /** The program's own, where a target agreed with the partner took its place. */
    programScale: Scale.optional(),
    /** What is said for a quarter, where the card is of another length and the measure adds up: months / 3 of it count. */
    perQuarter: z
      .object({
        months: z.number().int().positive(),
        scale: Scale,
        redFlagFloor: z.number().nullable(),
      })
      .optional(),
    weightPercent: z.number(),
    /** 0 where no minimum applies. */
    minimumSample: z.number().int().nonnegative(),
    critical: z.boolean(),
    redFlagFloor: z.number().nullable(),
    /** Deals the measure stands on. */
    sample: z.number().int(),
    /** The measure with at most 4 decimals; money in whole units of the card's currency. */
    value: classified(valueField, Decimal.nullable()),
    score: Points.nullable(),
    /** Points of the total that come from here; add up to the total before its cap. */
    contribution: Points.nullable(),
    /** Points of the total that a score of 100 would add. */
    pointsLost: Points.nullable(),
    noData: NoData.nullable(),
    isRedFlag: z.boolean(),
    /** What counts instead of the measure; absent where nothing does. */
    override: CardOverride.optional(),
  })
  .meta({ id: "CardMetric" });
export type CardMetric = z.infer<typeof CardMetric>;

export const Subtotal = z
  .object({
    score: Points.nullable(),
    /** Share of the group's own weight that has data. */
    coveragePercent: Points,
    weightPercent: z.number(),
  })
  .meta({ id: "Subtotal" });
export type Subtotal = z.infer<typeof Subtotal>;

export const Rating = z
  .discriminatedUnion("status", [
    z.object({
      status: z.literal("rated"),
      ratingId: z.string(),
      name: z.string(),
      /** The metrics whose red flag holds the rating down; empty where none does. */
      cappedBy: z.array(z.string()),
    }),
    z.object({ status: z.literal("insufficient-data"), reasons: z.array(z.string()).min(1) }),
  ])
  .meta({ id: "Rating" });
export type Rating = z.infer<typeof Rating>;

/** Score and rating of a card as the metrics alone make them. */
const Unadjusted = z
  .object({ score: Points, shownScore: z.string(), rating: Rating })
  .meta({ id: "UnadjustedScore" });
/** A figure that counts, and which revision of it. */
export const CardFigure = MonthFigure.extend({
  /** Whether it is an amount is for the program to say; it is handled as one. */
  value: classified("scorecard.amounts", MonthFigure.shape.value),
  revision: z.number().int().positive(),
}).meta({ id: "CardFigure" });
export type CardFigure = z.infer<typeof CardFigure>;

/** A figure that was due in the period and is not there. */
export const MissingFigure = z
  .object({
    measure: MeasureName,
    name: z.string(),
    suppliedBy: Side,
    months: z.array(Month).min(1),
  })
  .meta({ id: "MissingFigure" });
export type MissingFigure = z.infer<typeof MissingFigure>;

/**
 * What a card is computed from beside a version of its program. Kept on the card, so that the card can be
 * computed again from itself and that version; what a card does not have is absent.
 */
export const CardGrounds = z.object({
  sums: classified("scorecard.amounts", MeasureSums),
  /** Whose template counts; absent where no segment of the program claims the partner. */
  segmentId: Slug.optional(),
  /** What upheld disputes say of this card. */
  overrides: z.array(CardOverride).max(30).optional(),
  /** What a calibration says of the score; nothing while the card is not rated. */
  adjustment: CardAdjustment.optional(),
  /** Those handed in for months of the period that its measures stand on, by measure and month. */
  figures: z.array(CardFigure).optional(),
  /** What people of the vendor rated last in the period, one a rater and indicator. */
  voices: classified("scorecard.amounts", z.array(Voice)).optional(),
  /** Agreed with the partner in place of the program's own; absent where nothing was agreed. */
  agreedTargets: AgreedTargets.optional(),
  /**
   * What `revenue_won` is to reach in the period after, agreed or else by the program, in minor units. Absent where
   * nothing counts with it, or nobody set it.
   */
  nextRevenueTarget: classified("scorecard.amounts", z.number().int().positive()).optional(),
});
export type CardGrounds = z.infer<typeof CardGrounds>;

/** What of the grounds is no count of facts. */
export type CardTerms = Omit<CardGrounds, "sums">;

/** The scored measures of one partner and period; computed from its grounds and a published program alone. */
export const Card = z
  .object({
    partnerId: PartnerId,
    period: Period,
    /** Both inclusive. */
    from: CalendarDate,
    to: CalendarDate,
    programId: ProgramId,
    programVersion: z.number().int().positive(),
    /** SHA-256 over everything of the program that turns grounds into this card. */
    formulaHash: Digest,
    currency: Currency,
    ...CardGrounds.shape,
    /** The measures by formula that this card counts with; absent where there are none. */
    formulaMeasures: z.array(FormulaMeasure).optional(),
    /** The measures by figures that it counts with; absent where there are none. */
    figureMeasures: z.array(FigureMeasure).optional(),
    /** What it counts ratings of; absent where there is nothing. */
    indicators: z.array(Indicator).optional(),
    /** Absent where nothing is missing. */
    missingFigures: z.array(MissingFigure).optional(),
    metrics: z.array(CardMetric).max(12),
    /** Weighted mean over the metrics that have data, capped at 100; null where none has. */
    score: Points.nullable(),
    /** The score as people read it; never rounded across a bound. */
    shownScore: z.string().nullable(),
    /** Weight that has data. */
    coveragePercent: Points,
    minimumCoveragePercent: z.number(),
    layers: z.partialRecord(MetricLayer, Subtotal),
    timings: z.partialRecord(MetricTiming, Subtotal),
    ratingBands: z.array(RatingBand),
    redFlagRatingId: z.string().nullable(),
    rating: Rating,
    /** What score and rating were before the adjustment; absent where there is none. */
    unadjusted: Unadjusted.optional(),
  })
  .meta({ id: "Card" });
export type Card = z.infer<typeof Card>;
