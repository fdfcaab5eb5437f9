import { z } from "zod";
import { Quarter } from "../calendar/index.ts";
import { PartnerId } from "../id/index.ts";
import { MetricMove } from "../scorecard/index.ts";

/** One of the two sides: a published version, or the draft. */
export const ProgramSide = z
  .union([z.literal("draft"), z.coerce.number().int().min(1).max(99_999)])
  .meta({ id: "ProgramSide", description: "`draft`, or the number of a published version" });
export type ProgramSide = z.infer<typeof ProgramSide>;

export const BackTestFilter = z.strictObject({
  /** What was; the version published last without it. */
  baseline: ProgramSide.optional(),
  /** What might be. */
  candidate: ProgramSide.default("draft"),
  /** First and last period, both inclusive; at most 8 of them, none of which lies ahead. */
  from: Quarter,
  to: Quarter,
});
export type BackTestFilter = z.infer<typeof BackTestFilter>;

const Side = z.object({
  score: z.number().nullable(),
  /** Null where the data allows no rating. */
  ratingId: z.string().nullable(),
  coveragePercent: z.number(),
});

export const BackTestedPeriod = z
  .object({
    period: Quarter,
    baseline: Side,
    candidate: Side,
    /** Points by which the score would differ; null where one side has none. */
    change: z.number().nullable(),
    rating: z.enum(["same", "up", "down", "gained", "lost", "none"]).meta({
      description:
        "How the rating moves by its place among the bands of its side, counted from the top; `gained` and `lost` where only one side has one",
    }),
    /** Why, metric by metric; the parts add up to the change exactly. Those that move nothing are left out. */
    moves: z.array(MetricMove),
  })
  .meta({ id: "BackTestedPeriod" });
export type BackTestedPeriod = z.infer<typeof BackTestedPeriod>;

/** One partner's past under two versions of the program, both computed from the facts as they are today. */
export const BackTestedPartner = z
  .object({ partnerId: PartnerId, name: z.string(), periods: z.array(BackTestedPeriod) })
  .meta({ id: "BackTestedPartner" });
export type BackTestedPartner = z.infer<typeof BackTestedPartner>;
