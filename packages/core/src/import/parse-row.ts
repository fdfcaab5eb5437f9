import { createHash } from "node:crypto";
import { CalendarDate } from "../calendar/index.ts";
import { type Currency, parseMinor } from "../money/index.ts";
import type { FactValues } from "../opportunity/index.ts";
import { FIELDS, type Field, type Preset, stageOf } from "../source/index.ts";
import type { FileRow } from "./read-rows.ts";
import type { RowError } from "./schema.ts";

const MAX_CHARACTERS = 200;

export interface ParsedRow {
  readonly externalId: string;
  readonly partner: string;
  readonly values: FactValues;
}

/** The values of a row, or the first reason to leave it out. Cells are data: a leading `=` means nothing. */
export function parseRow(
  { row, cells }: FileRow,
  preset: Preset,
  currency: Currency,
): ParsedRow | { readonly error: RowError } {
  const refused = (field: Field, code: RowError["code"], detail: string) => ({
    error: { row, column: preset.columns[field], code, detail },
  });
  if (cells.externalId === "") return refused("externalId", "external-id-missing", "is empty");
  if (cells.partner === "") return refused("partner", "partner-missing", "is empty");
  for (const field of ["externalId", "partner", "product", "account"] as const) {
    if (cells[field].length > MAX_CHARACTERS) {
      return refused(field, "value-too-long", `is longer than ${MAX_CHARACTERS} characters`);
    }
  }
  const stage = stageOf(preset, cells.stage);
  if (!stage) {
    const known = preset.stages.map((entry) => entry.stage).join(", ");
    return refused("stage", "stage-unknown", `is none of ${known}`);
  }
  for (const field of ["engagedOn", "closedOn"] as const) {
    if (!isDateOrEmpty(cells[field])) {
      return refused(field, "date-invalid", "must be a date, YYYY-MM-DD");
    }
  }
  const amountMinor = cells.amount === "" ? null : parseMinor(cells.amount, currency);
  if (amountMinor === undefined || (amountMinor !== null && amountMinor < 0)) {
    return refused("amount", "amount-invalid", `must be an amount in ${currency}, such as 1234.50`);
  }
  return {
    externalId: cells.externalId,
    partner: cells.partner,
    values: {
      customerAccount: orNull(cells.account),
      product: orNull(cells.product),
      stage: stage.stage,
      outcome: stage.outcome,
      engagedOn: orNull(cells.engagedOn),
      closedOn: orNull(cells.closedOn),
      amountMinor,
    },
  };
}

const orNull = (text: string): string | null => (text === "" ? null : text);

/** A date of a plausible year; `0201-01-01` would make a month of its own. */
const isDateOrEmpty = (text: string): boolean =>
  text === "" || (/^(19|20|21)\d\d-\d\d-\d\d$/.test(text) && CalendarDate.safeParse(text).success);

/** Digest of what the mapped columns say: 8 bytes, enough to tell two versions of one row apart. */
export function digestOfRow(cells: FileRow["cells"]): string {
  const hash = createHash("sha256");
  for (const field of FIELDS) hash.update(`${cells[field].length}:${cells[field]}`);
  return hash.digest().subarray(0, 8).toString("base64url");
}
