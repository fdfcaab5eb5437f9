import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type PipelineRow, readExport } from "./crm-export.ts";
import { asOf, monthEnds, pipelineCsv } from "./feed.ts";
import { sampleExport, writeSample } from "./sample.ts";

const row = (id: string, stage: string, engaged: string, closed = "", value = ""): PipelineRow => ({
  opportunity_id: id,
  sales_agent: "North",
  product: "Desk",
  account: "Mill, Sons",
  deal_stage: stage,
  engage_date: engaged,
  close_date: closed,
  close_value: value,
});
const rows = [
  row("A", "Won", "2017-01-31", "2017-02-28", "90"),
  row("B", "Lost", "2017-02-01", "2017-02-02", "0"),
  row("C", "Prospecting", ""),
  row("D", "Engaging", "2017-03-01"),
];

describe("an export as of an evening", () => {
  it("has only what was engaged by then, and no close before it came", () => {
    expect(asOf(rows, "2017-01-30")).toEqual([]);
    expect(asOf(rows, "2017-01-31")).toEqual([row("A", "Engaging", "2017-01-31")]);
    expect(asOf(rows, "2017-02-27")).toEqual([row("A", "Engaging", "2017-01-31"), rows[1]]);
    expect(asOf(rows, "2017-02-28")).toEqual([rows[0], rows[1]]);
  });

  it("keeps deals without a date for the final export, which is the whole file", () => {
    expect(asOf(rows, "2017-12-31")).toEqual([rows[0], rows[1], rows[3]]);
    expect(asOf(rows, "2017-12-31", { final: true })).toEqual(rows);
  });

  it("is taken at each month's end from the first date to the last", () => {
    expect(monthEnds(rows)).toEqual(["2017-01-31", "2017-02-28", "2017-03-31"]);
    expect(
      monthEnds([row("A", "Engaging", "2016-11-30"), row("B", "Engaging", "2017-01-01")]),
    ).toEqual(["2016-11-30", "2016-12-31", "2017-01-31"]);
    expect(monthEnds([row("C", "Prospecting", "")])).toEqual([]);
  });

  it("is written with the export's header, quotes where needed, and CRLF", () => {
    expect(pipelineCsv(asOf(rows, "2017-01-31"))).toBe(
      "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\r\n" +
        'A,North,Desk,"Mill, Sons",Engaging,2017-01-31,,\r\n',
    );
  });

  it("only ever adds or changes rows from month to month", () => {
    const { pipeline } = sampleExport();
    let before = new Set<string>();
    for (const on of monthEnds(pipeline)) {
      const now = new Set(asOf(pipeline, on).map(({ opportunity_id }) => opportunity_id));
      expect(before.isSubsetOf(now)).toBe(true);
      before = now;
    }
    expect(before.size).toBe(pipeline.filter(({ engage_date }) => engage_date !== "").length);
  });
});

describe("an export folder", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "concord-export-"));
    await writeSample(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is read as it was written, and its final export has the file's own bytes", async () => {
    const read = await readExport(folder);
    expect(read).toEqual(sampleExport());
    expect(pipelineCsv(asOf(read.pipeline, "2017-12-31", { final: true }))).toBe(
      await readFile(join(folder, "sales_pipeline.csv"), "utf8"),
    );
  });

  it("is refused with the file named when one is missing", async () => {
    await rm(join(folder, "products.csv"));
    await expect(readExport(folder)).rejects.toThrow(/products\.csv \(ENOENT\).*sales_teams\.csv/);
  });

  it.each([
    { name: "another header", text: "agent,manager\r\nA,B\r\n", message: /header "agent,manager"/ },
    { name: "nothing", text: "", message: /is empty/ },
    {
      name: "no rows",
      text: "sales_agent,manager,regional_office\r\n",
      message: /a header and no rows/,
    },
    {
      name: "a short row",
      text: "sales_agent,manager,regional_office\r\nA,B\r\n",
      message: /not readable as CSV: .*line 2/,
    },
  ])("is refused when a file has $name", async ({ text, message }) => {
    await writeFile(join(folder, "sales_teams.csv"), text);
    await expect(readExport(folder)).rejects.toThrow(message);
  });
});
