import { z } from "zod";
import { ActorRef } from "../actor/index.ts";
import { classified } from "../classification/index.ts";
import {
  clamp,
  exactly,
  type Fraction,
  HUNDRED,
  minus,
  plus,
  rounded,
  ZERO,
} from "../metric/index.ts";

/** Points that a calibration can move a score by, whatever a program allows. */
export const MOST_POINTS = 20;

/** Points of the total with at most 2 decimals, up or down. */
export const AdjustedPoints = z
  .number()
  .min(-MOST_POINTS)
  .max(MOST_POINTS)
  .refine((value) => /^-?\d+(\.\d{1,2})?$/.test(String(value)), "must have at most 2 decimals");

/** By what a calibration moved the score of a card that is rated. */
export const CardAdjustment = z
  .object({
    points: AdjustedPoints,
    reason: classified("calibration.reason", z.string()),
    by: ActorRef,
    at: z.iso.datetime(),
  })
  .meta({ id: "CardAdjustment" });
export type CardAdjustment = z.infer<typeof CardAdjustment>;

/** A score after its adjustment, as it is stored. */
export const adjusted = (score: number, { points }: Pick<CardAdjustment, "points">): number =>
  rounded(clamp(plus(exactly(score), exactly(points)), ZERO, HUNDRED));

/** What the adjustment came to; 0 where there is none. */
export const adjustmentOf = ({
  score,
  unadjusted,
}: {
  readonly score: number | null;
  readonly unadjusted?: { readonly score: number } | undefined;
}): Fraction => (unadjusted ? minus(exactly(score ?? 0), exactly(unadjusted.score)) : ZERO);
