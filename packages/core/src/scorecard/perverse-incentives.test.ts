import { describe, expect, it } from "vitest";
import type { Input } from "../metric/index.ts";
import { perverseIncentives } from "./perverse-incentives.ts";
import { cardOf, definitionOf, metric, sumsWith } from "./scorecard.fixture.ts";

const linear = (floor: number, target: number) =>
  ({ kind: "linear", floor, target, cap: 100 }) as const;
const revenue = metric({
  metricId: "revenue",
  name: "Revenue",
  measure: "revenue_won",
  scale: linear(0, 1_000),
  weightPercent: 50,
  pairedMetricId: "discipline",
});
const discipline = metric({
  metricId: "discipline",
  name: "Discount discipline",
  measure: "discount_discipline_percent",
  scale: linear(50, 100),
  weightPercent: 50,
});
const cycle = metric({
  metricId: "cycle",
  name: "Sales cycle",
  measure: "sales_cycle_days",
  scale: linear(100, 20),
  weightPercent: 50,
});
const cardWith = (metrics: (typeof revenue)[], sums: Partial<Record<Input, number>>) =>
  cardOf(definitionOf(metrics), sumsWith({ wonCount: 10, listedCount: 10, ...sums }));
const warned = (
  metrics: (typeof revenue)[],
  then: Partial<Record<Input, number>>,
  now: Partial<Record<Input, number>>,
) => perverseIncentives(cardWith(metrics, now), cardWith(metrics, then), metrics);

describe("G-09 a metric that rises at the cost of its pair", () => {
  it("is named with what moved, also far above its target", () => {
    // Revenue scores 100 in both periods; only the measure shows that it rose.
    expect(
      warned(
        [revenue, discipline],
        { wonAmount: 150_000, "wonWithinBp.1000": 9 },
        { wonAmount: 240_000, "wonWithinBp.1000": 6 },
      ),
    ).toEqual([
      {
        metricId: "revenue",
        pairedMetricId: "discipline",
        text: "Revenue improved from 1,500 USD to 2,400 USD, while Discount discipline got worse from 90 % to 60 %: look at whether one is paid for by the other",
      },
    ]);
  });

  it.each([
    ["both rise", { wonAmount: 240_000, "wonWithinBp.1000": 10 }],
    ["both fall", { wonAmount: 100_000, "wonWithinBp.1000": 6 }],
    ["the pair stays", { wonAmount: 240_000, "wonWithinBp.1000": 9 }],
    ["it stays", { wonAmount: 150_000, "wonWithinBp.1000": 6 }],
    ["the pair has no data", { wonAmount: 240_000, "wonWithinBp.1000": 0, listedCount: 0 }],
  ])("is not seen where %s", (_, now) => {
    expect(
      warned([revenue, discipline], { wonAmount: 150_000, "wonWithinBp.1000": 9 }, now),
    ).toEqual([]);
  });

  it("goes by what is better, not by what is more", () => {
    const paired = [{ ...revenue, pairedMetricId: "cycle" }, cycle];
    const then = { wonAmount: 150_000, cycleCount: 10, cycleDays: 400 };
    const slower = { wonAmount: 240_000, cycleCount: 10, cycleDays: 600 };
    const faster = { wonAmount: 240_000, cycleCount: 10, cycleDays: 300 };
    expect(warned(paired, then, slower)).toHaveLength(1);
    expect(warned(paired, then, faster)).toEqual([]);
  });

  it("does not mistake another target for another behaviour", () => {
    const then = { wonAmount: 150_000, "wonWithinBp.1000": 9 };
    const harder = [revenue, { ...discipline, scale: linear(90, 100) }];
    const current = cardWith(harder, { wonAmount: 240_000, "wonWithinBp.1000": 9 });
    const previous = cardWith([revenue, discipline], then);
    expect(perverseIncentives(current, previous, harder)).toEqual([]);
  });
});
