import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FIELDS, presets } from "../source/index.ts";
import { parseRow } from "./parse-row.ts";
import { checkFile, type FileRow, readRows } from "./read-rows.ts";

const RUNS = process.env["CONCORD_FULL"] === "1" ? 30_000 : 500;
const SEED = Number(process.env["FILES_SEED"] ?? 20_270_115);
const MAX_RECORD_BYTES = 100_000;

const preset = presets["crm-opportunities-v1"];
const NAMES = FIELDS.map((field) => preset.columns[field]);
const anything = { sizeBytes: null, sha256: null };

/** Cells that a spreadsheet, an attacker or a bad export could hold; no field is a hundredth of the limit long. */
const cell = fc.oneof(
  fc.constantFrom(
    ...["", " ", "=1+1", "@SUM(A1)", "-2+3", "\tx", '"', '""', ",", "\n", "\r\n", "a\nb\n", "'"],
    ...["__proto__", "constructor", "toString", "\uFEFF", "‮", "é", "東京", "🏢", "\u2028", "NaN"],
    ...["2027-01-31", "2027-02-30", "0000-00-00", "1e308", "-0", "90", "90.005", "Won", "Lost"],
  ),
  fc.string({ unit: "binary", maxLength: 12 }).map((text) => text.replaceAll("\0", "0")),
);

interface WrittenFile {
  readonly text: string;
  readonly rows: readonly FileRow[];
}

interface Plan {
  readonly order: readonly number[];
  readonly extra: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly ends: readonly string[];
  readonly quoted: readonly boolean[];
  readonly startsWithMark: boolean;
}

const needsQuotes = (text: string) => /[",\r\n]/.test(text);
const inQuotes = (text: string) => `"${text.replaceAll('"', '""')}"`;
/** A lone surrogate has no bytes of its own. */
const asBytesSay = (text: string) => Buffer.from(text, "utf8").toString("utf8");

/** Writes the file cell by cell, and where each row of it stands: the line on which it begins. */
function written({ order, extra, rows, ends, quoted, startsWithMark }: Plan): WrittenFile {
  const names = [...NAMES, ...extra.map((_, n) => `another ${n}`)];
  let text = startsWithMark ? "\uFEFF" : "";
  let line = 1;
  let drawn = 0;
  const record = (cells: readonly string[]) => {
    const began = line;
    const told = cells.map((one) =>
      needsQuotes(one) || quoted[drawn++ % quoted.length] ? inQuotes(one) : one,
    );
    text += told.join(",") + (ends[drawn % ends.length] ?? "\n");
    line += 1 + (told.join("").match(/\n/g)?.length ?? 0);
    return began;
  };
  const placed = (cells: readonly string[]) => order.map((at) => cells[at] ?? "");
  record(placed(names));
  const read = rows.map((cells) => {
    // The first cell keeps a line from being empty, and a mark out of the middle of nowhere.
    const full = [`id-${line}`, ...cells.slice(1)].map(asBytesSay);
    const row = record(placed(full));
    const byField = FIELDS.map((field, at) => [field, (full[at] ?? "").trim()]);
    return { row, cells: Object.fromEntries(byField) as FileRow["cells"] };
  });
  return { text, rows: read };
}

const WIDTH = FIELDS.length + 2;
const RIGHT: Readonly<Record<string, string>> = {
  ...{ partner: "North", stage: "Won", amount: "90" },
  ...{ engagedOn: "2027-01-01", closedOn: "2027-01-31" },
};
/** A row as it should be, but for one cell. */
const nearlyRight = fc
  .tuple(cell, fc.nat({ max: WIDTH - 1 }))
  .map(([other, at]) =>
    Array.from({ length: WIDTH }, (_, n) => (n === at ? other : (RIGHT[FIELDS[n] ?? ""] ?? "x"))),
  );
const plan: fc.Arbitrary<Plan> = fc.record({
  order: fc.shuffledSubarray([...Array(WIDTH).keys()], { minLength: WIDTH }),
  extra: fc.constant(["x", "y"]),
  rows: fc.array(fc.oneof(fc.array(cell, { minLength: WIDTH, maxLength: WIDTH }), nearlyRight), {
    minLength: 1,
    maxLength: 6,
  }),
  ends: fc.constantFrom(["\n"], ["\r\n"], ["\r\n", "\n"]),
  quoted: fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
  startsWithMark: fc.boolean(),
});

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function rowsOf(bytes: Uint8Array, size: number): Promise<FileRow[]> {
  const rows: FileRow[] = [];
  for await (const row of readRows(pieces(bytes, size), preset)) rows.push(row);
  return rows;
}

const check = (bytes: Uint8Array, size: number) =>
  checkFile({ open: () => pieces(bytes, size) }, preset, anything);

/** One thing wrong at one place, as a broken transfer, another encoding or a hand would leave it. */
const fault = fc.record({
  kind: fc.constantFrom("cut", "drop", "put", "swap", "latin-1", "utf-16", "twice"),
  at: fc.nat({ max: 1_000_000 }),
  byte: fc.constantFrom(0, 10, 13, 34, 44, 0x80, 0xc3, 0xed, 0xef, 0xff, 65),
});

function broken(
  text: string,
  { kind, at, byte }: typeof fault extends fc.Arbitrary<infer T> ? T : never,
) {
  const bytes = Buffer.from(text, "utf8");
  const place = at % bytes.length;
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  if (kind === "cut") return before;
  if (kind === "drop") return Buffer.concat([before, after.subarray(1)]);
  if (kind === "put") return Buffer.concat([before, Buffer.from([byte]), after]);
  if (kind === "swap") return Buffer.concat([before, Buffer.from([byte]), after.subarray(1)]);
  if (kind === "latin-1") return Buffer.from(text, "latin1");
  if (kind === "utf-16") return Buffer.from(text, "utf16le");
  return Buffer.concat([before, bytes]);
}

describe("files that are generated", () => {
  it("are read cell by cell as they were written, each row at its line, in pieces of any size", async () => {
    let manyLines = 0;
    await fc.assert(
      fc.asyncProperty(plan, fc.integer({ min: 1, max: 64 }), async (drawn, size) => {
        const { text, rows } = written(drawn);
        if (text.split("\n").length > rows.length + 2) manyLines += 1;
        const bytes = Buffer.from(text, "utf8");
        expect(await rowsOf(bytes, size)).toEqual(rows);
        expect(await rowsOf(bytes, 65_536)).toEqual(rows);
      }),
      { seed: SEED, numRuns: RUNS },
    );
    // A reader that counted lines by their ends would have been wrong in these.
    expect(manyLines).toBeGreaterThan(RUNS / 10);
  }, 600_000);

  it("with a fault are read, or refused with row and column; a row that is left out names both too", async () => {
    const outcomes = new Map<string, number>();
    const met = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    await fc.assert(
      fc.asyncProperty(plan, fault, fc.integer({ min: 1, max: 64 }), async (drawn, one, size) => {
        const bytes = broken(written(drawn).text, one);
        const lines = bytes.toString("latin1").split(/\r\n|\n|\r/).length;
        const outcome = await check(bytes, size);
        if ("refusal" in outcome) {
          const { code, row, column } = outcome.refusal;
          met(code);
          expect(row).toBeGreaterThanOrEqual(1);
          expect(row).toBeLessThanOrEqual(lines + 1);
          expect(column).not.toBe("");
          expect(await check(bytes, 65_536)).toHaveProperty("refusal");
          return;
        }
        met("read");
        for (const row of await rowsOf(bytes, size)) {
          const parsed = parseRow(row, preset, "USD");
          if (!("error" in parsed)) continue;
          met(parsed.error.code);
          expect(parsed.error.row).toBe(row.row);
          expect(NAMES).toContain(parsed.error.column);
        }
      }),
      { seed: SEED, numRuns: RUNS },
    );
    for (const code of ["read", "encoding-not-utf8", "binary-content", "quote-broken"]) {
      expect(outcomes.get(code) ?? 0, code).toBeGreaterThan(RUNS / 100);
    }
    for (const code of [
      "column-count-wrong",
      "column-missing",
      "stage-unknown",
      "amount-invalid",
    ]) {
      expect(outcomes.get(code) ?? 0, code).toBeGreaterThan(0);
    }
  }, 600_000);

  it.each([
    ["a row that never ends", "x"],
    ["a quote that never closes", '"x,\n'],
    ["a header that never ends", undefined],
  ])(
    "of %s are given up within a record's most bytes, however much would come",
    async (_, start) => {
      const PIECE = 16_384;
      let asked = 0;
      async function* endless(): AsyncGenerator<Uint8Array> {
        if (start !== undefined) yield Buffer.from(`${NAMES.join(",")}\n${start}`);
        for (;;) {
          asked += PIECE;
          yield Buffer.alloc(PIECE, "y");
        }
      }
      const outcome = await checkFile({ open: endless }, preset, anything);
      expect(outcome).toMatchObject({ refusal: { code: "record-too-large" } });
      expect(asked).toBeLessThanOrEqual(MAX_RECORD_BYTES + 2 * PIECE);
    },
  );
});
