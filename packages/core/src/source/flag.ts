import { z } from "zod";
import { classified } from "../classification/index.ts";
import { deriveId, FlagId, MemberId, PartnerId, SourceId } from "../id/index.ts";
import { DefectCode, Severity } from "./defect.ts";

/** One defect of one source, for all rows that have it with the same value: an entry of the data steward's queue. */
export const DataQualityFlag = z
  .object({
    flagId: FlagId,
    sourceId: SourceId,
    code: DefectCode,
    column: z.string(),
    /** The value that is wrong, as the feed spells it; empty where a value is missing. */
    value: classified("import-row.cells", z.string().max(200)),
    severity: Severity,
    ownerId: MemberId.nullable(),
    status: z.enum(["open", "resolved", "waived"]),
    openRows: z.number().int().nonnegative(),
    /** How many rows were waived; more than these open the flag again. */
    waivedRows: z.number().int().nonnegative(),
    waivedReason: z.string().max(1000).nullable(),
    /** Digest of the rows listed for drill-down. */
    rowsDigest: z.string(),
    rowPages: z.number().int().nonnegative(),
    version: z.number().int().positive(),
    openedAt: z.iso.datetime(),
    changedAt: z.iso.datetime(),
  })
  .meta({ id: "DataQualityFlag" });
export type DataQualityFlag = z.infer<typeof DataQualityFlag>;

/** A row behind a flag. */
export const FlaggedRow = z
  .object({
    /** Line of the file in which the row last changed; 1 is the header. */
    row: z.number().int().positive(),
    column: z.string(),
    externalId: z.string(),
    partnerId: PartnerId,
  })
  .meta({ id: "FlaggedRow" });
export type FlaggedRow = z.infer<typeof FlaggedRow>;

export const WaiveFlag = z
  .strictObject({ reason: z.string().trim().min(1).max(1000) })
  .meta({ id: "WaiveFlag" });
export type WaiveFlag = z.infer<typeof WaiveFlag>;

export const flagIdOf = (sourceId: SourceId, code: DefectCode, value: string): FlagId =>
  deriveId(FlagId, sourceId, code, value);

/** What a flag of this defect is about: the value that is wrong, nothing where one is missing. */
export const flagValueOf = (
  code: DefectCode,
  { product, stage }: { readonly product: string | null; readonly stage: string },
): string => (code === "product-unknown" ? (product ?? "") : code === "amount-zero" ? stage : "");

/** The flag with another count; waived ones stay waived up to what was waived. */
export function withOpenRows(flag: DataQualityFlag, openRows: number, now: Date): DataQualityFlag {
  const isWaived = flag.status === "waived" && openRows <= flag.waivedRows;
  const status = openRows <= 0 ? "resolved" : isWaived ? "waived" : "open";
  return {
    ...flag,
    status,
    openRows: Math.max(0, openRows),
    waivedRows: isWaived ? flag.waivedRows : 0,
    waivedReason: isWaived ? flag.waivedReason : null,
    version: flag.version + 1,
    changedAt: now.toISOString(),
  };
}
