import { z } from "zod";

/** What is wrong with a row of a feed; a flagged row still counts wherever its defect does not matter. */
export const DefectCode = z
  .enum([
    "product-unknown",
    "account-missing",
    "engage-date-missing",
    "amount-missing",
    "close-date-missing",
    "close-before-engage",
    "amount-zero",
    "close-date-on-open",
  ])
  .meta({ id: "DefectCode" });
export type DefectCode = z.infer<typeof DefectCode>;

export const Defect = z
  .object({
    code: DefectCode,
    column: z.string(),
    /** Line of the file the row stood in when it was last received; 1 is the header. */
    row: z.number().int().positive(),
  })
  .meta({ id: "Defect" });
export type Defect = z.infer<typeof Defect>;

export const Severity = z.enum(["error", "warning", "info"]).meta({ id: "Severity" });
export type Severity = z.infer<typeof Severity>;

/** How much a defect takes away: `error` a measure is wrong without it, `warning` a measure lacks it, `info` nothing. */
export const severityOf: Readonly<Record<DefectCode, Severity>> = {
  "product-unknown": "warning",
  "account-missing": "warning",
  "engage-date-missing": "warning",
  "amount-missing": "error",
  "close-date-missing": "error",
  "close-before-engage": "error",
  "amount-zero": "info",
  "close-date-on-open": "info",
};

/** Defects of a row as one integer, a bit for each code in the order of the enumeration. */
export const defectBits = (codes: Iterable<DefectCode>): number => {
  let bits = 0;
  for (const code of codes) bits |= 1 << DefectCode.options.indexOf(code);
  return bits;
};

export const defectsOfBits = (bits: number): DefectCode[] =>
  DefectCode.options.filter((_, position) => (bits & (1 << position)) !== 0);
