import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { figure } from "@concord/local/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asOf, monthEnds, pipelineCsv } from "../../packages/local/src/demo/feed.ts";
import { writeSample } from "../../packages/local/src/demo/sample.ts";
import { MEASURES, quarterDays } from "../independent/measures.ts";
import { realExport } from "../independent/real-export.ts";
import {
  independentMeasures,
  type MeasuredExport,
  measuredExport,
} from "./measured-export.fixture.ts";

const QUARTERS = [1, 2, 3, 4] as const;
const MINUTES = 60_000;

const sample = mkdtempSync(join(tmpdir(), "concord-sample-"));
afterAll(() => rmSync(sample, { recursive: true, force: true }));

const real = realExport("every measure of every partner against the independent computation");
const ofSample = {
  name: "the generated sample",
  folder: sample,
  aliases: { TernPro: "Tern Pro" } as Record<string, string>,
};
const ofReal = (folder: string) => ({
  name: "the real export",
  folder,
  aliases: { GTXPro: "GTX Pro" } as Record<string, string>,
});
// The sample stands in for the real export where there is none; in full, both are run.
const exports = real === undefined ? [ofSample] : figure([ofReal(real)], [ofSample, ofReal(real)]);

describe.each(exports)("$name", ({ folder, aliases }) => {
  beforeAll(async () => {
    if (folder === sample) await writeSample(sample);
  });

  describe("imported whole", () => {
    let journey: MeasuredExport;
    let fed: MeasuredExport["partners"];
    // One partner in three: what is fed below is the whole export.
    const isFed = (_: unknown, at: number) => at % figure(3, 1) === 0;
    beforeAll(async () => {
      journey = await measuredExport(folder, new Date("2018-01-02T18:00:00Z"), aliases);
      fed = journey.partners.filter(isFed);
      const names = new Set(fed.map(({ name }) => name));
      await journey.import(
        pipelineCsv(journey.data.pipeline.filter(({ sales_agent }) => names.has(sales_agent))),
      );
    }, 10 * MINUTES);
    afterAll(() => journey?.stop());

    it.each(QUARTERS)(
      "S-20 has every measure of every partner in quarter %i as an independent computation has it",
      async (quarter) => {
        const expected = independentMeasures(folder, aliases, fed, quarter);
        expect(Object.keys(expected)).toHaveLength(MEASURES.length * figure(12, 35));
        expect(await journey.measures(quarter, "live", fed)).toEqual(expected);
      },
      2 * MINUTES,
    );
  });

  // At the ends of quarters alone: the same cards in a quarter of the time. In full, the real export month by month.
  const isQuarterEnd = (on: string) => /-(03-31|06-30|09-30|12-31)$/.test(on);
  describe("fed evening by evening", () => {
    let journey: MeasuredExport;
    beforeAll(async () => {
      journey = await measuredExport(folder, new Date("2016-10-31T12:00:00Z"), aliases);
      const { runtime, data } = journey;
      const evenings = monthEnds(data.pipeline);
      const isMonthly = figure(false, folder === real);
      for (const evening of isMonthly ? evenings : evenings.filter(isQuarterEnd)) {
        runtime.clock.set(new Date(`${evening}T23:00:00-05:00`));
        await runtime.settle();
        await journey.import(pipelineCsv(asOf(data.pipeline, evening)));
      }
      // The data window of the last quarter closes on the 7th.
      runtime.clock.set(new Date("2018-01-08T12:00:00Z"));
      await runtime.settle();
    }, 10 * MINUTES);
    afterAll(() => journey?.stop());

    it.each(QUARTERS)(
      "freezes the cards of quarter %i as the export of its last evening has them",
      async (quarter) => {
        const evening = quarterDays(2017, quarter).to;
        const expected = independentMeasures(folder, aliases, journey.partners, quarter, evening);
        expect(await journey.measures(quarter, "frozen")).toEqual(expected);
      },
      2 * MINUTES,
    );
  });
});
