import { z } from "zod";
import { ActorRef, MemberRole } from "../actor/index.ts";
import { CalendarDate, Month, Period } from "../calendar/index.ts";
import { classified } from "../classification/index.ts";
import { PartnerId, ProgramId } from "../id/index.ts";
import { FigureBase, FigureMeasure, MeasureName, WrittenNumber } from "../metric/index.ts";

/** A month that figures are handed in for; a mistyped century is none. */
export const FigureMonth = z
  .string()
  .regex(/^2[01]\d\d-(0[1-9]|1[0-2])$/, "must be a month of 2000 to 2199, such as 2026-11")
  .meta({ id: "FigureMonth", example: "2026-11" });

/** What is said of a measure and month, in the unit shown. */
export const PutFigure = z
  .strictObject({
    /** Of a share: the cases that count. */
    value: WrittenNumber,
    /** Of a mean, the cases it is of; of a share, all cases; of others null. */
    of: FigureBase.default(null),
  })
  .meta({ id: "PutFigure" });
export type PutFigure = z.infer<typeof PutFigure>;

/** How a figure came in: typed, or with others from another system. */
export const FigureOrigin = z.enum(["entered", "imported"]).meta({ id: "FigureOrigin" });
export type FigureOrigin = z.infer<typeof FigureOrigin>;

/** What was handed in for one partner, measure and month; a correction is its next version. */
export const Figure = z
  .object({
    partnerId: PartnerId,
    measure: MeasureName,
    month: Month,
    value: classified("figure.value", WrittenNumber),
    of: classified("figure.value", FigureBase),
    origin: FigureOrigin,
    by: ActorRef,
    receivedAt: z.iso.datetime(),
    version: z.number().int().positive(),
  })
  .meta({ id: "Figure" });
export type Figure = z.infer<typeof Figure>;

/** A measure whose figures are handed in, as the program published last defines it. */
export const FigureTerms = FigureMeasure.extend({
  source: z.string(),
  ownerRole: MemberRole,
  /** How the figures of a period become one value. */
  definition: z.string(),
  programId: ProgramId,
  programVersion: z.number().int().positive(),
}).meta({ id: "FigureTerms" });
export type FigureTerms = z.infer<typeof FigureTerms>;

export const FigureStatus = z
  .enum(["received", "missing", "to-come", "not-due"])
  .meta({ id: "FigureStatus" });

export const DueFigure = z
  .object({
    month: Month,
    status: FigureStatus,
    figure: Figure.nullable(),
    /** What If-Match names to hand it in: 0 before the first time. */
    version: z.number().int().nonnegative(),
  })
  .meta({ id: "DueFigure" });
export type DueFigure = z.infer<typeof DueFigure>;

/** What of a partner's period is handed in, and what is not. */
export const FigureOverview = z
  .object({
    partnerId: PartnerId,
    period: Period,
    from: CalendarDate,
    to: CalendarDate,
    /** Until when a figure still counts without a new revision of the card. */
    freezesAt: z.iso.datetime(),
    figures: z.array(
      FigureTerms.extend({
        /** The newest receipt in the period; null where there is none. */
        lastReceivedAt: z.iso.datetime().nullable(),
        months: z.array(DueFigure),
      }),
    ),
  })
  .meta({ id: "FigureOverview" });
export type FigureOverview = z.infer<typeof FigureOverview>;

export const MOST_FIGURES_A_TIME = 500;

export const MOST_FIGURES_OF_CSV = 2_000;

const GivenFigure = z.strictObject({
  /** Its id, or its name. */
  partner: z.string().trim().min(1).max(200),
  measure: MeasureName,
  month: FigureMonth,
  ...PutFigure.shape,
});
export type GivenFigure = z.infer<typeof GivenFigure>;

/** Figures from another system, as a list or as a CSV text; those that stand already change nothing. */
export const ImportFigures = z
  .strictObject({
    figures: z.array(GivenFigure).min(1).max(MOST_FIGURES_A_TIME).optional(),
    /**
     * With the columns partner (its id or name), measure, month (such as 2026-11) and value, and `of` where the measure has
     * one; numbers with a decimal point.
     */
    csv: z.string().min(1).max(500_000).optional(),
    /** Checks everything and changes nothing. */
    isDryRun: z.boolean().default(false),
  })
  .refine(({ figures, csv }) => (figures === undefined) !== (csv === undefined), {
    message: "either figures or csv",
    path: ["figures"],
  })
  .meta({
    id: "ImportFigures",
    example: { csv: "partner,measure,month,value,of\nNorthwind,csat_percent,2026-11,84.5,12\n" },
  });
export type ImportFigures = z.infer<typeof ImportFigures>;

export const FigureRowError = z
  .object({
    /** The header is row 1. */
    row: z.number().int().positive(),
    column: z.string(),
    detail: z.string(),
  })
  .meta({ id: "FigureRowError" });

export const ImportedFigures = z
  .object({
    /** Of the dry run of a CSV text; otherwise what has errors is refused whole. */
    errors: z.array(FigureRowError).optional(),
    isDryRun: z.boolean(),
    added: z.number().int().nonnegative(),
    changed: z.number().int().nonnegative(),
    unchanged: z.number().int().nonnegative(),
  })
  .meta({ id: "ImportedFigures" });
export type ImportedFigures = z.infer<typeof ImportedFigures>;
