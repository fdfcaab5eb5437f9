import { stringify } from "csv-stringify/sync";

/** A cell: text, a number, or nothing. */
export type Cell = string | number | null;

/**
 * A file for a spreadsheet (RFC 4180, with a header). Text that a spreadsheet would run as a formula gets
 * an apostrophe before it; numbers stay plain, with a point.
 */
export const csvOf = (header: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  stringify([[...header], ...rows.map((row) => [...row])], {
    escape_formulas: true,
    record_delimiter: "windows",
  });
