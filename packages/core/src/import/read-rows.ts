import { createHash } from "node:crypto";
import { CsvError, type Parser, parse } from "csv-parse";
import { FIELDS, type Field, type Preset } from "../source/index.ts";
import { checkedBytes } from "./checked-bytes.ts";
import { FileRefused, refuse } from "./file-refused.ts";
import type { Refusal } from "./schema.ts";

/** Bytes of an uploaded file, from the start each time it is opened. */
export interface UploadedFile {
  open(): AsyncIterable<Uint8Array>;
}

/** A row of a file: its line (1 is the header) and the text of the mapped columns. */
export interface FileRow {
  readonly row: number;
  readonly cells: Readonly<Record<Field, string>>;
}

const MAX_FILE_BYTES = 500_000_000;
const MAX_RECORD_BYTES = 100_000;
const MAX_FIELD_CHARACTERS = 10_000;

/**
 * The rows of a CSV file, streamed; memory holds one record. Columns come in any order, those the
 * mapping does not know are left out and named through `onHeader`.
 * @throws FileRefused for a file that cannot be read as a whole
 */
export async function* readRows(
  bytes: AsyncIterable<Uint8Array>,
  preset: Preset,
  onHeader: (unknownColumns: readonly string[]) => void = () => {},
): AsyncGenerator<FileRow> {
  let records = 0;
  let lineFeeds = 0;
  let header: Header | undefined;
  /** As the parser saw them: known also where the first rows never come out of it. */
  let names: readonly string[] | undefined;
  let rows = 0;
  /** Lines of the records that the parser has read and this loop has not. */
  const places: number[] = [];
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // All three anywhere: systems that stitch exports together mix them.
    record_delimiter: ["\r\n", "\n", "\r"],
    max_record_size: MAX_RECORD_BYTES,
    // The parser's own line count takes a CRLF inside quotes for two lines.
    on_record: (cells: string[], { empty_lines }) => {
      records += 1;
      names ??= cells.map((cell) => cell.trim());
      places.push(records + lineFeeds + empty_lines);
      for (const cell of cells) lineFeeds += lineFeedsOf(cell);
      return cells;
    },
  });
  try {
    for await (const cells of recordsOf(parser, checkedBytes(bytes))) {
      const row = places.shift() ?? records;
      if (header === undefined) {
        header = readHeader(cells, preset);
        onHeader(header.unknown);
        continue;
      }
      checkRecord(cells, row, header.names);
      rows += 1;
      yield { row, cells: mapped(cells, header.positions) };
    }
  } catch (error) {
    if (error instanceof CsvError) refuseCsv(error, records + lineFeeds + 1, names);
    throw error;
  }
  if (header === undefined) refuse("file-empty", 1, "1", "The file is empty");
  if (rows === 0) refuse("rows-missing", 2, header.names[0] || "1", "The file has no rows");
}

/** Feeds the parser piece by piece; what it has read of a piece is taken before the next one is given. */
async function* recordsOf(
  parser: Parser,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<string[]> {
  let failure: unknown;
  parser.on("error", (error) => {
    failure = error;
  });
  for await (const piece of bytes) {
    const taken = new Promise<unknown>((resolve) => parser.write(piece, resolve));
    yield* waiting(parser);
    failure ??= (await taken) ?? undefined;
    if (failure !== undefined) throw failure;
    yield* waiting(parser);
  }
  const ended = new Promise<void>((resolve) => {
    parser.on("end", resolve).on("close", resolve);
  });
  const rest: string[][] = [];
  parser.on("data", (record: string[]) => rest.push(record));
  parser.end();
  await ended;
  if (failure !== undefined) throw failure;
  yield* rest;
}

function* waiting(parser: Parser): Generator<string[]> {
  for (let record = parser.read(); record !== null; record = parser.read()) yield record;
}

interface Header {
  readonly names: readonly string[];
  readonly positions: ReadonlyMap<Field, number>;
  readonly unknown: readonly string[];
}

function readHeader(cells: readonly string[], { columns }: Preset): Header {
  const names = cells.map((cell) => cell.trim());
  const wanted = new Map<string, Field>(FIELDS.map((field) => [columns[field], field]));
  const positions = new Map<Field, number>();
  const unknown: string[] = [];
  for (const [position, name] of names.entries()) {
    const field = wanted.get(name.toLowerCase());
    if (field === undefined) unknown.push(name.slice(0, 100));
    else if (positions.has(field)) {
      refuse("column-repeated", 1, name, `The header names the column "${name}" more than once`);
    } else positions.set(field, position);
  }
  for (const [name, field] of wanted) {
    if (!positions.has(field)) {
      const found = names.join(",").slice(0, 200);
      refuse("column-missing", 1, name, `The header lacks the column "${name}"; it is: ${found}`);
    }
  }
  return { names, positions, unknown: unknown.slice(0, 50) };
}

function checkRecord(cells: readonly string[], row: number, names: readonly string[]): void {
  if (cells.length !== names.length) {
    const column = names[cells.length] || String(Math.min(cells.length, names.length) + 1);
    const detail = `The row has ${cells.length} columns, the header ${names.length}`;
    refuse("column-count-wrong", row, column, detail);
  }
  for (const [position, cell] of cells.entries()) {
    if (cell.length > MAX_FIELD_CHARACTERS) {
      const detail = `The field is longer than ${MAX_FIELD_CHARACTERS} characters`;
      refuse("field-too-large", row, names[position] || String(position + 1), detail);
    }
  }
}

const mapped = (
  cells: readonly string[],
  positions: ReadonlyMap<Field, number>,
): Record<Field, string> => {
  const at = (field: Field) => (cells[positions.get(field) ?? -1] ?? "").trim();
  return {
    externalId: at("externalId"),
    partner: at("partner"),
    product: at("product"),
    account: at("account"),
    stage: at("stage"),
    engagedOn: at("engagedOn"),
    closedOn: at("closedOn"),
    amount: at("amount"),
  };
};

function lineFeedsOf(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

function refuseCsv(error: CsvError, row: number, names: readonly string[] = []): never {
  const position = typeof error["column"] === "number" ? error["column"] : 0;
  const line = row + Number(error["empty_lines"] ?? 0);
  const column = names[position] || String(position + 1);
  if (error.code === "CSV_MAX_RECORD_SIZE") {
    const detail = `The row is longer than ${MAX_RECORD_BYTES} bytes`;
    refuse("record-too-large", line, column, detail);
  }
  refuse(
    "quote-broken",
    line,
    column,
    "A quote is not opened or closed where the format allows it",
  );
}

/** What the first reading of a file found: it is whole, or why it is refused. */
export type FileCheck =
  | {
      readonly sha256: string;
      readonly sizeBytes: number;
      readonly rows: number;
      readonly unknownColumns: string[];
    }
  | { readonly refusal: Refusal };

/** Reads the file once to its end, before anything is written. */
export async function checkFile(
  file: UploadedFile,
  preset: Preset,
  expected: { readonly sizeBytes: number | null; readonly sha256: string | null },
): Promise<FileCheck> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  let unknownColumns: string[] = [];
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of file.open()) {
      sizeBytes += chunk.length;
      if (sizeBytes > MAX_FILE_BYTES) {
        refuse("file-too-large", 1, "1", `The file is larger than ${MAX_FILE_BYTES} bytes`);
      }
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    const rows = readRows(counted(), preset, (unknown) => {
      unknownColumns = [...unknown];
    });
    let count = 0;
    for await (const _ of rows) count += 1;
    if (expected.sizeBytes !== null && expected.sizeBytes !== sizeBytes) {
      const detail = `The file has ${sizeBytes} bytes, not the ${expected.sizeBytes} announced`;
      refuse("size-mismatch", 1, "1", detail);
    }
    const sha256 = hash.digest("hex");
    if (expected.sha256 !== null && expected.sha256 !== sha256) {
      refuse("checksum-mismatch", 1, "1", `The SHA-256 of the file is ${sha256}`);
    }
    return { sha256, sizeBytes, rows: count, unknownColumns };
  } catch (error) {
    if (error instanceof FileRefused) return { refusal: error.refusal };
    throw error;
  }
}
