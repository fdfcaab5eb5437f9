import { z } from "zod";
import { ActorRef } from "../actor/index.ts";
import { Cadence, CalendarDate, Period } from "../calendar/index.ts";
import { PartnerId, ProgramId } from "../id/index.ts";

const Reason = z.string().trim().min(1).max(1000);

/** What was decided of how often one partner is scored. */
export const CadenceDecision = z.object({
  /** Null where what the segment or the program says counts again. */
  cadence: Cadence.nullable(),
  /** The boundary at which it acts: no running period is cut. */
  from: CalendarDate,
  /** The last day of a temporary one, after which what counted before is back; null for good. */
  endsOn: CalendarDate.nullable(),
  /** Null where it was taken back. */
  reason: Reason.nullable(),
  by: ActorRef,
  at: z.iso.datetime(),
});
export type CadenceDecision = z.infer<typeof CadenceDecision>;

export const MOST_DECISIONS = 30;

/** Every decision on the cadence of one partner in one program that may still matter, by the boundary it acts at. */
export const CadenceOverride = z.object({
  partnerId: PartnerId,
  programId: ProgramId,
  decisions: z.array(CadenceDecision).max(MOST_DECISIONS),
  updatedAt: z.iso.datetime(),
  version: z.number().int().positive(),
});
export type CadenceOverride = z.infer<typeof CadenceOverride>;

export const ChangeCadence = z
  .strictObject({
    cadence: Cadence,
    /** Read by both sides, such as what moves the market. */
    reason: Reason,
    /** The last day it counts, after which what counted before is back by itself; null for good. */
    endsOn: CalendarDate.nullable().default(null),
  })
  .meta({ id: "ChangeCadence" });
export type ChangeCadence = z.infer<typeof ChangeCadence>;

const DecidedCadence = z
  .object({
    cadence: Cadence,
    reason: z.string().nullable(),
    endsOn: CalendarDate.nullable(),
    by: ActorRef,
    at: z.iso.datetime(),
    /** The first period of that length. */
    effectiveFrom: Period,
    /** The first period of the former length again; null where it does not end. */
    returnsFrom: Period.nullable(),
  })
  .meta({ id: "DecidedCadence" });

/** How often one partner is scored in a program, why, and what comes next. */
export const PartnerCadence = z
  .object({
    partnerId: PartnerId,
    programId: ProgramId,
    cadence: Cadence,
    /** Whether the partner's own cadence says so, that of its segment or that of the program. */
    says: z.enum(["partner", "segment", "program"]),
    /** The period it is in now; null where it is in none. */
    running: Period.nullable(),
    /** The next periods as things stand, the first to begin first. */
    coming: z.array(Period),
    /** What was decided for this partner alone, in force or to come; null where nothing is. */
    decided: DecidedCadence.nullable(),
    /** 0 where nothing was ever decided. */
    version: z.number().int().nonnegative(),
    updatedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "PartnerCadence" });
export type PartnerCadence = z.infer<typeof PartnerCadence>;
