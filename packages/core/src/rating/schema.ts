import { z } from "zod";
import { ActorRef, Side } from "../actor/index.ts";
import { Month } from "../calendar/index.ts";
import { classified } from "../classification/index.ts";
import { FigureMonth } from "../figure/index.ts";
import { PartnerId, ProgramId, VoiceId } from "../id/index.ts";
import { AnchoredValue, IndicatorId, MeasureName } from "../metric/index.ts";
import { ProgramIndicator } from "../program/index.ts";

/** What was seen, well enough that somebody else can judge it. */
const Evidence = z.string().trim().min(20).max(2000);

export const RateIndicator = z
  .strictObject({ value: AnchoredValue, evidence: Evidence })
  .meta({ id: "RateIndicator" });
export type RateIndicator = z.infer<typeof RateIndicator>;

const base = z.object({
  voiceId: VoiceId,
  partnerId: PartnerId,
  indicatorId: IndicatorId,
  month: Month,
  /** The vendor's count; a partner's, of itself, never does. */
  side: Side,
  by: ActorRef,
  /** Whose anchors were read. */
  programId: ProgramId,
  programVersion: z.number().int().positive(),
  changedAt: z.iso.datetime(),
  version: z.number().int().positive(),
});

const standing = {
  status: z.literal("standing"),
  value: classified("indicator-rating.value", AnchoredValue),
  evidence: classified(
    ({ side }) =>
      side === "vendor" ? "indicator-rating.vendorEvidence" : "indicator-rating.partnerEvidence",
    Evidence,
  ),
};
const retracted = { status: z.literal("retracted") };

/** What one person said of an indicator and month; whoever says it again says it instead. */
export const IndicatorRating = z
  .discriminatedUnion("status", [base.extend(standing), base.extend(retracted)])
  .meta({ id: "IndicatorRating" });
export type IndicatorRating = z.infer<typeof IndicatorRating>;

const shown = base.extend({
  /** Null where the partner does not learn which person of the vendor it was. */
  by: ActorRef.nullable(),
  isOwn: z.boolean(),
});

/** A rating as one side reads it. */
export const ShownRating = z
  .discriminatedUnion("status", [shown.extend(standing), shown.extend(retracted)])
  .meta({ id: "ShownRating" });
export type ShownRating = z.infer<typeof ShownRating>;

/** An indicator as the program published last defines it. */
export const IndicatorTerms = ProgramIndicator.extend({
  /** What a metric on it is measured as. */
  measure: MeasureName,
  programId: ProgramId,
  programVersion: z.number().int().positive(),
}).meta({ id: "IndicatorTerms" });
export type IndicatorTerms = z.infer<typeof IndicatorTerms>;

export const RatingsQuery = z.strictObject({
  /** Both included, twelve months at most; the month we are in and the two before without them. */
  from: FigureMonth.optional(),
  to: FigureMonth.optional(),
  indicatorId: IndicatorId.optional(),
});
export type RatingsQuery = z.infer<typeof RatingsQuery>;
