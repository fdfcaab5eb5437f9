import { parse } from "csv-parse/sync";
import { expect, it } from "vitest";
import { cardCsv } from "./card-csv.ts";
import { CHECK_SUMS, cardOf, definitionOf, sumsWith, TEMPLATE } from "./scorecard.fixture.ts";

const rowsOf = (csv: string): Record<string, string>[] => parse(csv, { columns: true });

it("a card as CSV has a row for each metric and one for the total", () => {
  const rows = rowsOf(cardCsv(cardOf(TEMPLATE, CHECK_SUMS)));
  expect(rows).toHaveLength(9);
  expect(rows[2]).toMatchObject({
    metric_id: "average-deal-size",
    value: "3229.9479",
    unit: "USD",
    score: "89.1979",
    deals: "96",
  });
  expect(rows[7]).toMatchObject({ metric_id: "pipeline-velocity", unit: "USD-per-day" });
  expect(rows[8]).toMatchObject({ metric_id: "total", score: "79.4629", note: "Leading" });
});

it("a card as CSV leaves cells without data empty and says why", () => {
  const [, winRate] = rowsOf(cardCsv(cardOf(TEMPLATE, sumsWith({}))));
  expect(winRate).toMatchObject({
    value: "",
    score: "",
    note: "no deal was won or lost in the period",
  });
});

it("a card as CSV keeps a name that looks like a formula a text", () => {
  const name = '=HYPERLINK("https://example.test")';
  const definition = definitionOf([{ measure: "deals_won", weightPercent: 100, name }]);
  const [row] = rowsOf(cardCsv(cardOf(definition, sumsWith({ wonCount: 3 }))));
  expect(row?.["name"]).toBe(`'${name}`);
});

it("S-17 a card as CSV says where a figure is withheld, which is not the same as missing", () => {
  const card = cardOf(TEMPLATE, CHECK_SUMS);
  const metrics = card.metrics.map(({ value, ...metric }) =>
    metric.unit === "money" ? metric : { ...metric, value },
  );
  const rows = rowsOf(cardCsv({ ...card, metrics }));
  expect(rows[2]).toMatchObject({ value: "withheld", score: "89.1979" });
  expect(rows[1]?.["value"]).toMatch(/^\d/);
});
