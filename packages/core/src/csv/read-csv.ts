import { parse } from "csv-parse/sync";

/** A row of a file: its line, where the header is 1, and its cells without space around them. */
export interface CsvRow<Column extends string> {
  readonly row: number;
  /** Of a column that the file lacks, or a cell that the row lacks, empty. Cells are data: a leading `=` means nothing. */
  readonly cells: Readonly<Record<Column, string>>;
}

interface Shape<Required extends string, Optional extends string> {
  /** In lower case; others are left out. */
  readonly required: readonly Required[];
  readonly optional: readonly Optional[];
  readonly mostRows: number;
}

const MOST_BYTES_OF_RECORD = 10_000;

/**
 * The rows of a CSV text with a header (RFC 4180; a byte order mark is passed over, columns come in any order).
 * @param refuse is told what is wrong with the file as a whole
 */
export function readCsv<Required extends string, Optional extends string>(
  csv: string,
  { required, optional, mostRows }: Shape<Required, Optional>,
  refuse: (detail: string) => never,
): CsvRow<Required | Optional>[] {
  const [header, ...body] = recordsOf(csv, refuse);
  const names = (header?.cells ?? []).map((name) => name.trim().toLowerCase());
  const repeated = [...required, ...optional].find(
    (column) => names.indexOf(column) !== names.lastIndexOf(column),
  );
  if (repeated) refuse(`The header names the column "${repeated}" more than once`);
  const missing = required.find((column) => !names.includes(column));
  if (missing) refuse(`The header lacks the column "${missing}"`);
  if (body.length === 0) refuse("The file has no rows");
  if (body.length > mostRows) refuse(`The file has more than ${mostRows} rows`);
  return body.map(({ row, cells }) => ({
    row,
    cells: Object.fromEntries(
      [...required, ...optional].map((column) => [
        column,
        cells[names.indexOf(column)]?.trim() ?? "",
      ]),
    ) as Record<Required | Optional, string>,
  }));
}

interface CsvRecord {
  readonly row: number;
  readonly cells: readonly string[];
}

function recordsOf(csv: string, refuse: (detail: string) => never): CsvRecord[] {
  // What was not UTF-8 when the text was made of bytes.
  if (csv.includes("\uFFFD")) refuse("The file has characters that are not UTF-8");
  try {
    const parsed: unknown = parse(csv, {
      ...{ bom: true, skip_empty_lines: true, relax_column_count: true, info: true },
      max_record_size: MOST_BYTES_OF_RECORD,
    });
    return (parsed as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      row: info.lines,
      cells: record,
    }));
  } catch (error) {
    return refuse(`The file is not CSV: ${String(error).slice(0, 200)}`);
  }
}
