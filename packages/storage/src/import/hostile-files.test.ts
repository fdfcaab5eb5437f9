import { listRowErrors, runImport } from "@concord/core/import";
import { ACME, testStore } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import {
  announce,
  csvOf,
  endOf,
  fileOf,
  HEADER,
  importFile,
  jobPorts,
  sourceWith,
} from "./import.fixture.ts";

const WON = "A1,North,Desk,Mill,Won,2027-01-01,2027-01-31,90";
const utf8 = (text: string) => new TextEncoder().encode(text);
const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? utf8(part) : Buffer.from(part))));
const utf16 = (text: string) =>
  Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);

/** Files that are refused whole: what, the file, and code, row and column of the answer, worked out by hand. */
const refused: [string, string | Uint8Array, string, number, string][] = [
  ["nothing at all", "", "file-empty", 1, "1"],
  ["only a byte-order mark", bytes([0xef, 0xbb, 0xbf]), "file-empty", 1, "1"],
  ["only line ends", "\r\n\r\n\n", "file-empty", 1, "1"],
  ["a header and no rows", `${HEADER}\n`, "rows-missing", 2, "opportunity_id"],
  ["no header", `${WON}\n${WON}\n`, "column-missing", 1, "opportunity_id"],
  [
    "a header without a column",
    csvOf(WON).replace("close_value", "value"),
    "column-missing",
    1,
    "close_value",
  ],
  ["semicolons", csvOf(WON).replaceAll(",", ";"), "column-missing", 1, "opportunity_id"],
  ["tabs", csvOf(WON).replaceAll(",", "\t"), "column-missing", 1, "opportunity_id"],
  ["a column twice", csvOf(WON).replace("account", "product"), "column-repeated", 1, "product"],
  ["a header of the wrong system", "id,name\n1,x\n", "column-missing", 1, "opportunity_id"],
  ["a row too short", csvOf(WON, "A2,North,Desk"), "column-count-wrong", 3, "account"],
  ["a row too long", csvOf(WON, `${WON},extra`), "column-count-wrong", 3, "9"],
  [
    "a row too short under a column without a name",
    csvOf(WON).replace(HEADER, `${HEADER},`),
    "column-count-wrong",
    2,
    "9",
  ],
  [
    "a broken quote in a column without a name",
    `${HEADER},\n${WON},"x"y\n`,
    "quote-broken",
    2,
    "9",
  ],
  ["a NUL in a column without a name", `${HEADER},\n${WON},\0\n`, "binary-content", 2, "9"],
  ["a comma not quoted", csvOf(WON.replace("Mill", "Mill, Sons")), "column-count-wrong", 2, "9"],
  ["a quote never closed", csvOf(WON, 'A2,North,"Desk,Mill,Won,,,'), "quote-broken", 3, "product"],
  [
    "text after a closing quote",
    csvOf(WON, 'A2,North,"Desk"x,Mill,Won,,,'),
    "quote-broken",
    3,
    "product",
  ],
  [
    "a quote inside a bare field",
    csvOf('A2,North,De"sk,Mill,Won,,,'),
    "quote-broken",
    2,
    "product",
  ],
  [
    "a broken quote after a field of two lines",
    csvOf('A1,North,Desk,"Mill\r\nSons",Won,,,', 'A2,North,"Desk"x,,Won,,,'),
    "quote-broken",
    4,
    "product",
  ],
  ["a NUL", csvOf(WON, "A2,North,De\0sk,Mill,Won,,,"), "binary-content", 3, "product"],
  ["an archive", bytes("PK\u0003\u0004", [0x14, 0x00, 0x06, 0x00]), "binary-content", 1, "1"],
  ["UTF-16", utf16(csvOf(WON)), "encoding-not-utf8", 1, "1"],
  ["UTF-16 of the other order", utf16(csvOf(WON)).swap16(), "encoding-not-utf8", 1, "1"],
  [
    "Latin-1",
    bytes(`${csvOf(WON)}A2,North,Desk,M`, [0xfc], "ller,Won,,,\n"),
    "encoding-not-utf8",
    3,
    "account",
  ],
  [
    "an overlong encoding",
    bytes(`${csvOf(WON)}A2,`, [0xc0, 0xaf], ",Desk,,Won,,,\n"),
    "encoding-not-utf8",
    3,
    "sales_agent",
  ],
  [
    "half a surrogate pair",
    bytes(`${csvOf(WON)}A2,`, [0xed, 0xa0, 0x80], ",Desk,,Won,,,\n"),
    "encoding-not-utf8",
    3,
    "sales_agent",
  ],
  [
    "a character cut off at the end",
    bytes(`${csvOf(WON)}A2,North,Desk,M`, [0xc3]),
    "encoding-not-utf8",
    3,
    "account",
  ],
  ["a picture", bytes([0x89], "PNG\r\n"), "encoding-not-utf8", 1, "1"],
  [
    "a huge field",
    csvOf(WON, `A2,North,${"x".repeat(10_001)},,Won,,,`),
    "field-too-large",
    3,
    "product",
  ],
  [
    "a row without an end",
    csvOf(WON, `A2,North,${"x".repeat(200_000)}`),
    "record-too-large",
    3,
    "product",
  ],
  [
    "a quoted field that swallows the file",
    csvOf(`A1,North,"${"x,\n".repeat(60_000)}`),
    "record-too-large",
    2,
    "product",
  ],
  [
    "a web page",
    "<!DOCTYPE html>\n<html><body>Sign in</body></html>\n",
    "column-missing",
    1,
    "opportunity_id",
  ],
];

/** Rows that are left out while the rest goes on. */
const rowErrors: [string, string, string, string][] = [
  ["no id", WON.replace("A1", ""), "opportunity_id", "external-id-missing"],
  [
    "an id of 201 characters",
    WON.replace("A1", "x".repeat(201)),
    "opportunity_id",
    "value-too-long",
  ],
  ["no partner", WON.replace("North", "  "), "sales_agent", "partner-missing"],
  [
    "a partner's name of 201 characters",
    WON.replace("North", "x".repeat(201)),
    "sales_agent",
    "value-too-long",
  ],
  ["a stage nobody knows", WON.replace("Won", "Maybe"), "deal_stage", "stage-unknown"],
  ["no stage", WON.replace("Won", ""), "deal_stage", "stage-unknown"],
  [
    "a day that does not exist",
    WON.replace("2027-01-31", "2027-02-30"),
    "close_date",
    "date-invalid",
  ],
  [
    "a date of another order",
    WON.replace("2027-01-01", "01/31/2027"),
    "engage_date",
    "date-invalid",
  ],
  [
    "a date of the year 201",
    WON.replace("2027-01-01", "0201-01-01"),
    "engage_date",
    "date-invalid",
  ],
  [
    "an instant for a date",
    WON.replace("2027-01-01", "2027-01-01T00:00:00Z"),
    "engage_date",
    "date-invalid",
  ],
  ["a word for an amount", WON.replace(",90", ",ninety"), "close_value", "amount-invalid"],
  ["an amount with a currency sign", WON.replace(",90", ",$90"), "close_value", "amount-invalid"],
  ["a negative amount", WON.replace(",90", ",-90"), "close_value", "amount-invalid"],
  ["an amount in exponents", WON.replace(",90", ",1e3"), "close_value", "amount-invalid"],
  ["fractions of a cent", WON.replace(",90", ",90.005"), "close_value", "amount-invalid"],
  [
    "an amount past all integers",
    WON.replace(",90", ",99999999999999999"),
    "close_value",
    "amount-invalid",
  ],
  ["a formula for an amount", WON.replace(",90", ",=1+1"), "close_value", "amount-invalid"],
];

describe("files nobody should have sent", () => {
  let test: Awaited<ReturnType<typeof testStore>>;
  let source: Awaited<ReturnType<typeof sourceWith>>;
  beforeAll(async () => {
    test = await testStore();
    source = await sourceWith(test);
  });
  const importIt = (content: string | Uint8Array, options = {}) =>
    importFile(test.asMember(ACME, "admin"), test.asSystem(ACME), source, content, options);

  it.each(refused)(
    "refuses %s whole, with row and column, and writes no fact",
    async (_, content, code, row, column) => {
      const before = await test.asSystem(ACME).store.imports.state(source.sourceId);
      const job = await importIt(content);
      expect(job).toMatchObject({ status: "refused", refusal: { code, row, column } });
      expect(await test.asSystem(ACME).store.imports.state(source.sourceId)).toEqual(before);
    },
  );

  it.each([1, 2, 3, 7])(
    "finds the same place when the file comes in pieces of %i bytes",
    async (piece) => {
      for (const [, content, code, row, column] of refused) {
        if (content.length > 1_000) continue;
        const { importId } = await announce(test.asMember(ACME, "admin"), source);
        const file = fileOf(content, piece);
        const job = endOf(await runImport(test.asSystem(ACME), jobPorts, { importId, file }));
        expect(job).toMatchObject({ status: "refused", refusal: { code, row, column } });
      }
    },
  );

  it.each([
    ["another size", { sizeBytes: 7 }, "size-mismatch"],
    ["another checksum", { sha256: "0".repeat(64) }, "checksum-mismatch"],
  ])("refuses a file of %s than announced", async (_, options, code) => {
    expect(await importIt(csvOf(WON), options)).toMatchObject({
      status: "refused",
      refusal: { code, row: 1 },
    });
  });

  it.each(rowErrors)(
    "leaves out a row with %s, names row and column, and takes the rest",
    async (name, line, column, code) => {
      const good = `G-${name},North,Desk,Mill,Won,2027-01-01,2027-01-31,90`;
      const job = await importIt(csvOf(good, line));
      expect(job).toMatchObject({
        status: "completed",
        progress: { rowsRead: 2, rowsChanged: 1, rowsRefused: 1 },
      });
      const { items } = await listRowErrors(test.asMember(ACME, "admin"), job.importId, {
        limit: 10,
      });
      expect(items).toMatchObject([{ row: 3, column, code }]);
    },
  );

  it("takes the first of two rows with one id and names the second", async () => {
    const job = await importIt(
      csvOf("T1,North,Desk,,Won,,2027-01-31,90", "T1,North,Desk,,Lost,,2027-01-31,0"),
    );
    expect(job.progress).toMatchObject({ rowsChanged: 1, rowsRefused: 1 });
    const { items } = await listRowErrors(test.asMember(ACME, "admin"), job.importId, {
      limit: 10,
    });
    expect(items).toMatchObject([
      { row: 3, column: "opportunity_id", code: "external-id-repeated" },
    ]);
  });

  it("pages the errors of a file and lists the first thousand", async () => {
    const rows = Array.from({ length: 1_105 }, (_, n) => `P${n},North,Desk,,Never,,,`);
    const job = await importIt(csvOf(...rows));
    expect(job.progress.rowsRefused).toBe(1_105);
    const ctx = test.asMember(ACME, "admin");
    const lines: number[] = [];
    let position: string | undefined;
    do {
      const page = await listRowErrors(ctx, job.importId, { limit: 70, position });
      lines.push(...page.items.map(({ row }) => row));
      position = page.position;
    } while (position !== undefined);
    expect(lines).toEqual(Array.from({ length: 1_000 }, (_, n) => n + 2));
  });

  it.each([
    [
      "a byte-order mark, CRLF and a last line without an end",
      `\uFEFF${HEADER}\r\nX1,North,Desk,,Won,2027-01-01,2027-01-02,1`,
    ],
    ["line ends of old", `${HEADER}\rX2,North,Desk,,Won,2027-01-01,2027-01-02,1\r`],
    [
      "line ends of three systems in one file",
      `${HEADER}\r\n\r\nX8,North,Desk,,Won,2027-01-01,2027-01-02,1\n\r`,
    ],
    [
      "columns in another order, and one nobody asked for",
      "__proto__,close_value,close_date,engage_date,deal_stage,account,product,sales_agent,opportunity_id\n[object],1,2027-01-02,2027-01-01,Won,,Desk,North,X3\n",
    ],
    [
      "column names in capitals with spaces",
      `${HEADER.toUpperCase().replaceAll(",", " , ")}\nX4,North,Desk,,Won,2027-01-01,2027-01-02,1\n`,
    ],
    [
      "quotes, commas and line ends inside fields",
      csvOf('"X5","North","Desk","Mill, ""Sons""\nand daughters",Won,2027-01-01,2027-01-02,1'),
    ],
    ["empty lines between rows", `${HEADER}\n\n\nX6,North,Desk,,Won,2027-01-01,2027-01-02,1\n\n`],
    ["characters of four bytes", csvOf("X7,North,Desk,Büro 🏢 東京,Won,2027-01-01,2027-01-02,1")],
  ])("reads %s", async (_, content) => {
    for (const piece of [1, 5, 65_536]) {
      const { importId } = await announce(test.asMember(ACME, "admin"), source, { dryRun: true });
      const file = fileOf(content, piece);
      const job = endOf(await runImport(test.asSystem(ACME), jobPorts, { importId, file }));
      expect(job).toMatchObject({ status: "validated", progress: { rowsRead: 1, rowsChanged: 1 } });
    }
  });

  it("names the columns it leaves out, and keeps formulas as the text they are", async () => {
    const content = `${HEADER},=cmd|' /C calc'!A0\nF1,North,=1+1,@SUM(A1),Won,2027-01-01,2027-01-02,1,x\n`;
    const job = await importIt(content);
    expect(job).toMatchObject({ status: "completed", unknownColumns: ["=cmd|' /C calc'!A0"] });
    const north = source.partnerIds["North"];
    if (north === undefined) throw new Error("there is no North");
    const { items } = await test
      .asMember(ACME, "admin")
      .store.opportunities.list(north, { limit: 100 });
    expect(items.find(({ externalId }) => externalId === "F1")).toMatchObject({
      product: "=1+1",
      customerAccount: "@SUM(A1)",
    });
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
