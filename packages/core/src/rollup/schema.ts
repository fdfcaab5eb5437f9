import { z } from "zod";
import { Month } from "../calendar/index.ts";
import { MemberId, PartnerId } from "../id/index.ts";

/**
 * What a partner's opportunities add up to in one month: integers only, money in minor units.
 * Stocks are flows: `entered` on engagedOn, `left` on max(engagedOn, closedOn).
 */
export const COUNTERS = [
  "wonCount",
  "lostCount",
  "wonAmount",
  /** Won with both dates. */
  "cycleCount",
  "cycleDays",
  /** Won with an amount and a list amount: what every discount is measured on. */
  "listedCount",
  "listedAmount",
  "listedListAmount",
  /** Listed with own discount ≤ the limit in basis points (inclusive). */
  "wonWithinBp.1000",
  /** Listed with |own discount| ≤ the tolerance in basis points (inclusive). */
  "wonAlignedBp.1000",
  "createdCount",
  "createdAmount",
  "enteredCount",
  "enteredAmount",
  "leftCount",
  "leftAmount",
] as const;
export type Counter = (typeof COUNTERS)[number];

export const Counters = z.record(z.enum(COUNTERS), z.number().int()).meta({ id: "Counters" });
export type Counters = z.infer<typeof Counters>;

/** What was handed in for a measure and month, in the unit shown. */
export const RolledFigure = z.object({
  value: z.number(),
  /** The cases it stands on; null where none are counted. */
  of: z.number().int().nonnegative().nullable(),
  /** Of the figure whose revision this is. */
  revision: z.number().int().positive(),
});
export type RolledFigure = z.infer<typeof RolledFigure>;

/** What one rater of the vendor said of an indicator in a month. */
export const RolledVoice = z.object({
  indicatorId: z.string(),
  rater: MemberId,
  value: z.number().int(),
  /** Of the rating whose revision this is. */
  revision: z.number().int().positive(),
});
export type RolledVoice = z.infer<typeof RolledVoice>;

export const MonthRollup = z.object({
  partnerId: PartnerId,
  month: Month,
  counters: Counters,
  /** By measure: kept with the counters, so that a card is one read; absent for none. */
  figures: z.record(z.string(), RolledFigure).optional(),
  /** By voice, likewise. */
  voices: z.record(z.string(), RolledVoice).optional(),
  /** Counts the changes; a projection that has seen version n ignores what is older. */
  version: z.number().int().positive(),
  changedAt: z.iso.datetime(),
});
export type MonthRollup = z.infer<typeof MonthRollup>;
