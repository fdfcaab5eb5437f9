import { z } from "zod";
import { ActorRef } from "../actor/index.ts";
import { CycleId, MemberId, PartnerId } from "../id/index.ts";
import { AdjustedPoints, Card, FrozenCard } from "../scorecard/index.ts";

const base = z.object({
  cycleId: CycleId,
  openedBy: ActorRef,
  openedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.number().int().positive(),
});

/** The vendor's look at the frozen cards of a cycle side by side; scores are adjusted while it is open. */
export const Calibration = z
  .discriminatedUnion("status", [
    base.extend({ status: z.literal("open") }),
    base.extend({
      status: z.literal("closed"),
      closedBy: ActorRef,
      closedAt: z.iso.datetime(),
    }),
  ])
  .meta({ id: "Calibration" });
export type Calibration = z.infer<typeof Calibration>;

/** One frozen card of the cycle. */
export const CalibratedCard = z
  .object({
    cycleId: CycleId,
    partnerId: PartnerId,
    partnerName: z.string(),
    region: z.string(),
    partnerManagerId: MemberId.nullable(),
    ...FrozenCard.pick({ revision: true }).shape,
    ...Card.pick({
      score: true,
      shownScore: true,
      rating: true,
      coveragePercent: true,
      unadjusted: true,
      adjustment: true,
    }).shape,
  })
  .meta({ id: "CalibratedCard" });
export type CalibratedCard = z.infer<typeof CalibratedCard>;

/** Groups of fewer rated cards have no mean: one card more or less would move it too far. */
export const SMALLEST_GROUP = 3;

const Statistics = z.object({
  /** Cards of the group. */
  cards: z.number().int().nonnegative(),
  rated: z.number().int().nonnegative(),
  /** Of the scores before any adjustment, over the rated cards; null for fewer than 3. */
  mean: z.number().nullable(),
  /** Standard deviation of the same, over all of them; null for fewer than 3. */
  spread: z.number().nullable(),
  /** Of the scores as they are now. */
  adjustedMean: z.number().nullable(),
  adjustedSpread: z.number().nullable(),
  /** Points by which `mean` lies above that of the whole cycle; null where either is. */
  aboveCycle: z.number().nullable(),
});
export type Statistics = z.infer<typeof Statistics>;

/** How regions and reviewers score, side by side. */
export const CalibrationGroups = z
  .object({
    cycle: Statistics,
    /** By name. */
    regions: z.array(Statistics.extend({ region: z.string() })),
    /** By id; null for partners that nobody manages. */
    managers: z.array(Statistics.extend({ partnerManagerId: MemberId.nullable() })),
  })
  .meta({ id: "CalibrationGroups" });
export type CalibrationGroups = z.infer<typeof CalibrationGroups>;

export const AdjustScore = z
  .strictObject({
    /** From the score that the metrics make; null takes an adjustment back. */
    points: AdjustedPoints.nullable(),
    reason: z.string().trim().min(1).max(1000),
  })
  .meta({ id: "AdjustScore" });
export type AdjustScore = z.infer<typeof AdjustScore>;
