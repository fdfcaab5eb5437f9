import { z } from "zod";
import { Period } from "../calendar/index.ts";
import { CycleStatus } from "../cycle/index.ts";
import { CycleId, ProgramId } from "../id/index.ts";

const Count = z.number().int().nonnegative();
/** Of 100, with at most 1 decimal; null where there is nothing to be a share of. */
const Percent = z.number().min(0).max(100).nullable();

/** How the process itself went in one cycle, counted from its records as they are now. */
export const ProcessMeasures = z
  .object({
    cycleId: CycleId,
    programId: ProgramId,
    period: Period,
    status: CycleStatus,
    reviews: z.object({
      opened: Count,
      /** By both sides, with or without reservation. */
      signed: Count,
      withReservation: Count,
      /** Closed without both signatures. */
      notSigned: Count,
      /** 100 · signed / opened. */
      completionPercent: Percent,
    }),
    /** Of the partners that have a card of the period; null where another program scores it. */
    scores: z
      .object({
        partners: Count,
        /** With a rating, as their newest card says. */
        current: Count,
        currentPercent: Percent,
      })
      .nullable(),
    disputes: z.object({
      filed: Count,
      open: Count,
      overdue: Count,
      withdrawn: Count,
      upheld: Count,
      rejected: Count,
      /** Partners that have filed any. */
      partners: Count,
      /** 100 · partners that have filed / reviews opened. */
      ratePercent: Percent,
      /** Calendar days from filing to decision, of those decided; null where none is. */
      daysUntilDecided: z
        .object({ median: z.number(), mean: z.number(), longest: Count })
        .nullable(),
      /** By the last day there was, of those decided. */
      decidedInTime: Count,
    }),
  })
  .meta({ id: "ProcessMeasures" });
export type ProcessMeasures = z.infer<typeof ProcessMeasures>;
