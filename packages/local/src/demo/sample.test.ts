import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CrmExport, exportFiles, readExport } from "./crm-export.ts";
import { writeSample } from "./sample.ts";

let folders: string[];
let sample: CrmExport;

beforeAll(async () => {
  folders = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), "concord-sample-"))));
  for (const folder of folders) await writeSample(folder);
  sample = await readExport(folders[0] ?? "");
});

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

const share = (matches: number) => (100 * matches) / sample.pipeline.length;

describe("the sample export", () => {
  it.each(Object.values(exportFiles).map(({ file }) => file))(
    "has the same bytes of %s on every run",
    async (file) => {
      const [first, second] = await Promise.all(
        folders.map(async (folder) =>
          createHash("sha256")
            .update(await readFile(join(folder, file)))
            .digest("hex"),
        ),
      );
      expect(first).toBe(second);
    },
  );

  it("has the same opportunities on every machine: a change of the generator changes this digest", async () => {
    const bytes = await readFile(join(folders[0] ?? "", exportFiles.pipeline.file));
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(
      "f578f505ac88222e0490b8bf072fe6c26dcee245580fb9cad11dc1029031d5f1",
    );
  });

  it("has 35 partners of which 30 have deals, 7 products, 85 accounts, about 9,000 deals", () => {
    expect(new Set(sample.teams.map((row) => row.sales_agent)).size).toBe(35);
    expect(new Set(sample.pipeline.map((row) => row.sales_agent)).size).toBe(30);
    expect(sample.products).toHaveLength(7);
    expect(new Set(sample.accounts.map((row) => row.account)).size).toBe(85);
    expect(Math.abs(sample.pipeline.length - 9000)).toBeLessThan(200);
    expect(new Set(sample.pipeline.map((row) => row.opportunity_id)).size).toBe(
      sample.pipeline.length,
    );
  });

  it("has the defects of a real export in the same proportions", () => {
    const listed = new Set(sample.products.map((row) => row.product));
    const unlisted = sample.pipeline.filter((row) => !listed.has(row.product));
    expect(new Set(unlisted.map((row) => row.product))).toEqual(new Set(["TernPro"]));
    expect(listed).toContain("Tern Pro");
    expect(Math.abs(share(unlisted.length) - 17)).toBeLessThan(1);
    const withoutAccount = sample.pipeline.filter((row) => row.account === "");
    expect(Math.abs(share(withoutAccount.length) - 16)).toBeLessThan(1);
    const prospecting = sample.pipeline.filter((row) => row.deal_stage === "Prospecting");
    expect(Math.abs(share(prospecting.length) - 5.7)).toBeLessThan(0.5);
    expect(prospecting.every((row) => row.engage_date === "" && row.close_date === "")).toBe(true);
    expect(sample.accounts.map((row) => row.sector)).toContain("manufactoring");
    expect(sample.accounts.map((row) => row.office_location)).toContain("Portugual");
  });

  it("tells of each stage what a CRM would know", () => {
    for (const row of sample.pipeline) {
      const isClosed = row.deal_stage === "Won" || row.deal_stage === "Lost";
      expect(row.close_date !== "").toBe(isClosed);
      expect(row.close_value !== "").toBe(isClosed);
      expect(row.engage_date !== "").toBe(row.deal_stage !== "Prospecting");
      if (row.deal_stage === "Lost") expect(row.close_value).toBe("0");
      if (row.deal_stage === "Won") expect(Number(row.close_value)).toBeGreaterThan(0);
      if (isClosed) expect(row.close_date > row.engage_date).toBe(true);
      if (row.engage_date !== "") expect(row.engage_date >= "2016-10-01").toBe(true);
      expect(row.engage_date <= "2017-12-31" && row.close_date <= "2017-12-31").toBe(true);
    }
  });

  it("has partners that differ in how much and how well they sell", () => {
    const wonOf = new Map<string, { won: number; closed: number }>();
    for (const { sales_agent, deal_stage, close_date } of sample.pipeline) {
      if (close_date < "2017-10-01") continue;
      const sums = wonOf.get(sales_agent) ?? { won: 0, closed: 0 };
      sums.closed += 1;
      if (deal_stage === "Won") sums.won += 1;
      wonOf.set(sales_agent, sums);
    }
    const rates = [...wonOf.values()].map(({ won, closed }) => (100 * won) / closed);
    expect(Math.max(...rates) - Math.min(...rates)).toBeGreaterThan(15);
    const counts = [...wonOf.values()].map(({ closed }) => closed);
    expect(Math.max(...counts)).toBeGreaterThan(4 * Math.min(...counts));
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(10);
  });
});
