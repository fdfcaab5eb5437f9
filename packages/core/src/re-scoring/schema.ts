import { z } from "zod";
import { Period } from "../calendar/index.ts";
import { ProgramId } from "../id/index.ts";

/** How far the live scores of a tenant follow a version of a program that was published. */
export const ReScoring = z
  .object({
    programId: ProgramId,
    programVersion: z.number().int().positive(),
    status: z.enum(["running", "done"]),
    /** The live periods that the version scores; empty where it leaves all of them alone. */
    periods: z.array(Period),
    /** Partners that are behind it. */
    partners: z.number().int().nonnegative(),
    /** Places in rankings that changed. */
    changed: z.number().int().nonnegative(),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    /** Where it goes on. */
    position: z.string().nullable(),
    version: z.number().int().positive(),
  })
  .meta({ id: "ReScoring" });
export type ReScoring = z.infer<typeof ReScoring>;

/** The same as people see it. */
export const ReScoringProgress = ReScoring.omit({ position: true, version: true })
  .extend({
    /** waiting: it begins within some minutes of the publication. */
    status: z.enum(["waiting", "running", "done"]),
    startedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "ReScoringProgress" });
export type ReScoringProgress = z.infer<typeof ReScoringProgress>;
