import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCsv } from "./csv.ts";
import { fraction, toDecimal } from "./fraction.ts";
import { dayOf, inDecimals, measure, quarterDays, readDeals } from "./measures.ts";
import { realExport } from "./real-export.ts";

const products = "product,series,sales_price\r\nDesk,D,100\r\nRack Pro,R,1000\r\n";
const header =
  "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value";
const pipeline = [
  header,
  'A1,North,Desk,"Mill, Sons",Won,2017-01-01,2017-01-31,90',
  "A2,North,Desk,Mill,Won,2017-02-01,2017-03-31,111",
  "A3,North,RackPro,Mill,Won,2017-03-20,2017-03-21,899",
  "A4,North,RackPro,Mill,Lost,2017-02-10,2017-02-20,0",
  "A5,North,Desk,Mill,Lost,2017-03-01,2017-04-01,0",
  "A6,North,RackPro,,Engaging,2017-03-02,,",
  "A7,North,Desk,,Engaging,2017-04-01,,",
  "A8,North,Desk,,Prospecting,,,",
  "B1,South,Desk,Mill,Won,2017-01-01,2017-01-02,100",
].join("\n");
const alias = { RackPro: "Rack Pro" };
const quarter = quarterDays(2017, 1);

describe("the independent measures", () => {
  it("are those worked out by hand for a small export", () => {
    const deals = readDeals(pipeline, products, alias);
    expect(inDecimals(measure(deals, "North", quarter.from, quarter.to))).toEqual({
      deals_won: "3",
      deals_lost: "1",
      revenue_won: "1100",
      win_rate_percent: "75",
      average_deal_size: "366.6667",
      // (30 + 58 + 1) / 3
      sales_cycle_days: "29.6667",
      // A1–A6; lost deals are worth their stored 0, A6 its list price
      pipeline_created_count: "6",
      pipeline_created_amount: "2100",
      // A5 closes a day after the end, A6 never
      open_pipeline_count: "2",
      open_pipeline_amount: "1000",
      // 2 × 0.75 × (1100/3) / (89/3)
      pipeline_velocity_per_day: "18.5393",
      pipeline_coverage: null,
      // 100 × (1 − 1100/1200)
      discount_percent: "8.3333",
      // 10.0 % is inside, 10.1 % is not, −11 % is no discount
      discount_discipline_percent: "66.6667",
      pricing_alignment_percent: "33.3333",
    });
  });

  it("have no list price for a product without its alias", () => {
    const deals = readDeals(pipeline, products, {});
    const north = inDecimals(measure(deals, "North", quarter.from, quarter.to));
    expect(north.open_pipeline_amount).toBe("0");
    expect(north.discount_percent).toBe("-0.5");
    expect(north.revenue_won).toBe("1100");
  });

  it("show an export of an earlier evening with the close fields still blank", () => {
    const deals = readDeals(pipeline, products, alias, "2017-03-20");
    const north = inDecimals(measure(deals, "North", quarter.from, quarter.to));
    expect(north.deals_won).toBe("1");
    // A2 100, A3 1000, A5 100 and A6 1000 at list price
    expect(north.open_pipeline_count).toBe("4");
    expect(north.open_pipeline_amount).toBe("2200");
  });

  it("are no data where nothing was closed, and zero where zero is counted", () => {
    const deals = readDeals(pipeline, products, alias);
    expect(inDecimals(measure(deals, "Nobody", quarter.from, quarter.to))).toEqual({
      deals_won: "0",
      deals_lost: "0",
      revenue_won: "0",
      win_rate_percent: null,
      average_deal_size: null,
      sales_cycle_days: null,
      pipeline_created_count: "0",
      pipeline_created_amount: "0",
      open_pipeline_count: "0",
      open_pipeline_amount: "0",
      pipeline_velocity_per_day: null,
      pipeline_coverage: null,
      discount_percent: null,
      discount_discipline_percent: null,
      pricing_alignment_percent: null,
    });
  });

  it("have no velocity when deals close on the day they are engaged", () => {
    const sameDay = `${header}\nC1,East,Desk,Mill,Won,2017-01-05,2017-01-05,100\n`;
    const east = measure(readDeals(sameDay, products, {}), "East", quarter.from, quarter.to);
    expect(inDecimals(east)).toMatchObject({
      sales_cycle_days: "0",
      pipeline_velocity_per_day: null,
      pipeline_coverage: null,
    });
  });
});

describe("exact decimals", () => {
  it.each([
    [fraction(1, 3), "0.3333"],
    [fraction(2, 3), "0.6667"],
    [fraction(1, 20_000), "0.0001"],
    [fraction(-1, 20_000), "-0.0001"],
    [fraction(1, 20_001), "0"],
    [fraction(-1, 20_001), "0"],
    [fraction(1, -2), "-0.5"],
    [fraction(96), "96"],
  ])("of %o are %s", (value, expected) => {
    expect(toDecimal(value)).toBe(expected);
  });

  it("count days over leap years", () => {
    expect(dayOf("1970-01-01")).toBe(0);
    expect(dayOf("2017-01-01")).toBe(17_167);
    expect(dayOf("2016-03-01") - dayOf("2016-02-28")).toBe(2);
  });

  it("read quotes, commas and doubled quotes in CSV", () => {
    expect(readCsv('a,b\r\n"x, ""y""",2\r\n')).toEqual([{ a: 'x, "y"', b: "2" }]);
  });
});

const folder = realExport("the check value of the independent measures");
if (folder !== undefined) {
  describe("on the real export", () => {
    const deals = readDeals(
      readFileSync(join(folder, "sales_pipeline.csv"), "utf8"),
      readFileSync(join(folder, "products.csv"), "utf8"),
      { GTXPro: "GTX Pro" },
    );

    it("agree with the published check value", () => {
      const { from, to } = quarterDays(2017, 2);
      const exact = measure(deals, "Darcel Schlecht", from, to);
      const value = (name: keyof typeof exact, places: number) =>
        exact[name] === null ? null : toDecimal(exact[name], places);
      expect(value("deals_won", 0)).toBe("96");
      expect(value("deals_lost", 0)).toBe("60");
      expect(value("revenue_won", 2)).toBe("310075");
      expect(value("win_rate_percent", 3)).toBe("61.538");
      expect(value("average_deal_size", 3)).toBe("3229.948");
      expect(value("sales_cycle_days", 3)).toBe("48.01");
      expect(value("open_pipeline_count", 0)).toBe("85");
    });

    it("count every closed deal of 2017 once", () => {
      const partners = new Set(deals.map(({ partner }) => partner));
      expect(partners.size).toBe(30);
      let closed = 0n;
      for (const partner of partners) {
        for (const quarter of [1, 2, 3, 4] as const) {
          const { from, to } = quarterDays(2017, quarter);
          const { deals_won, deals_lost } = measure(deals, partner, from, to);
          closed += (deals_won?.numerator ?? 0n) + (deals_lost?.numerator ?? 0n);
        }
      }
      expect(closed).toBe(4238n + 2473n);
    });
  });
}
