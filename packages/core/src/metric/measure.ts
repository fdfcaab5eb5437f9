import { z } from "zod";
import { dividedBy, type Fraction, fraction, HUNDRED, minus, times } from "./fraction.ts";
import { type Counted, type Input, inputOf } from "./sums.ts";

export const BuiltInMeasure = z
  .enum([
    "deals_won",
    "deals_lost",
    "revenue_won",
    "win_rate_percent",
    "average_deal_size",
    "sales_cycle_days",
    "pipeline_created_count",
    "pipeline_created_amount",
    "open_pipeline_count",
    "open_pipeline_amount",
    "pipeline_velocity_per_day",
    "pipeline_coverage",
    "discount_percent",
    "discount_discipline_percent",
    "pricing_alignment_percent",
  ])
  .meta({ id: "BuiltInMeasure" });
export type BuiltInMeasure = z.infer<typeof BuiltInMeasure>;

/** A built-in measure, or one that a program defines. */
export const MeasureName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, "must be lower-case words joined by underscores")
  .max(60)
  .meta({
    id: "MeasureName",
    description: `One of ${BuiltInMeasure.options.join(", ")}, or a measure that the program defines`,
    example: "win_rate_percent",
  });
export type MeasureName = z.infer<typeof MeasureName>;

export const isBuiltIn = (name: string): name is BuiltInMeasure =>
  BuiltInMeasure.options.some((known) => known === name);

/** `money` is whole units of the card's currency at the edge, minor units inside. */
export const MeasureUnit = z
  .enum(["count", "percent", "days", "hours", "money", "money-per-day", "number"])
  .meta({ id: "MeasureUnit" });
export type MeasureUnit = z.infer<typeof MeasureUnit>;

export interface MeasureDefinition {
  readonly label: string;
  readonly unit: MeasureUnit;
  /** Where its integers come from: the monthly rollup, or the facts themselves. */
  readonly from: "rollup";
  /** Whether every value is a whole number of the inner unit (a deal, a minor unit). */
  readonly isWhole: boolean;
  /** The least and the greatest value there can be, in the unit shown; null where there is no end. */
  readonly range: { readonly min: number | null; readonly max: number | null };
  readonly definition: string;
  readonly inputs: readonly Input[];
  /** What its sample is counted in: inputs added up. */
  readonly sample: readonly Input[];
  /** Whether twice the time brings twice as much; absent for shares, means, stocks and the like. */
  readonly addsUp?: true;
  /** The program's minimum sample applies without the metric saying so. */
  readonly needsSample: boolean;
  /** Counters that carry a limit in basis points exist for these percentages. */
  readonly limits?: readonly number[];
  /** Why there is nothing to measure, where `compute` gives nothing. */
  readonly noDataReason?: string;
  readonly compute: (input: (name: Input) => number) => Fraction | undefined;
}

const ratio = (numerator: number, denominator: number): Fraction | undefined =>
  denominator === 0 ? undefined : fraction(numerator, denominator);
const percent = (part: number, of: number): Fraction | undefined =>
  of === 0 ? undefined : fraction(100n * BigInt(part), of);

const count = { unit: "count", isWhole: true, range: { min: 0, max: null } } as const;
const money = { unit: "money", isWhole: true, range: { min: 0, max: null } } as const;
const share = { unit: "percent", isWhole: false, range: { min: 0, max: 100 } } as const;
const closed = ["wonCount", "lostCount"] as const;

/** The built-in measures that opportunities allow, for one partner and one period. */
export const measures: Readonly<Record<BuiltInMeasure, MeasureDefinition>> = {
  deals_won: {
    ...count,
    addsUp: true,
    label: "Deals won",
    from: "rollup",
    definition: "opportunities won that closed in the period",
    inputs: ["wonCount"],
    sample: closed,
    needsSample: false,
    compute: (input) => fraction(input("wonCount")),
  },
  deals_lost: {
    ...count,
    addsUp: true,
    label: "Deals lost",
    from: "rollup",
    definition: "opportunities lost that closed in the period",
    inputs: ["lostCount"],
    sample: closed,
    needsSample: false,
    compute: (input) => fraction(input("lostCount")),
  },
  revenue_won: {
    ...money,
    addsUp: true,
    label: "Revenue won",
    from: "rollup",
    definition: "sum of the amounts of the deals won",
    inputs: ["wonAmount"],
    sample: closed,
    needsSample: false,
    compute: (input) => fraction(input("wonAmount")),
  },
  win_rate_percent: {
    ...share,
    label: "Win rate",
    from: "rollup",
    definition: "100 × won / (won + lost)",
    inputs: closed,
    sample: closed,
    needsSample: true,
    noDataReason: "no deal was won or lost in the period",
    compute: (input) => percent(input("wonCount"), input("wonCount") + input("lostCount")),
  },
  average_deal_size: {
    ...money,
    isWhole: false,
    label: "Average deal size",
    from: "rollup",
    definition: "revenue won / deals won",
    inputs: ["wonAmount", "wonCount"],
    sample: ["wonCount"],
    needsSample: false,
    noDataReason: "no deal was won in the period",
    compute: (input) => ratio(input("wonAmount"), input("wonCount")),
  },
  sales_cycle_days: {
    unit: "days",
    isWhole: false,
    range: { min: null, max: null },
    label: "Sales cycle",
    from: "rollup",
    definition: "mean days from engagement to close of the deals won that have both dates",
    inputs: ["cycleDays", "cycleCount"],
    sample: ["cycleCount"],
    needsSample: false,
    noDataReason: "no deal won in the period has both an engagement and a close date",
    compute: (input) => ratio(input("cycleDays"), input("cycleCount")),
  },
  pipeline_created_count: {
    ...count,
    addsUp: true,
    label: "Opportunities created",
    from: "rollup",
    definition: "opportunities that entered the pipeline in the period",
    inputs: ["createdCount"],
    sample: ["createdCount"],
    needsSample: false,
    compute: (input) => fraction(input("createdCount")),
  },
  pipeline_created_amount: {
    ...money,
    addsUp: true,
    label: "Pipeline created",
    from: "rollup",
    definition:
      "amount, else list amount, of the opportunities that entered the pipeline in the period",
    inputs: ["createdAmount"],
    sample: ["createdCount"],
    needsSample: false,
    compute: (input) => fraction(input("createdAmount")),
  },
  open_pipeline_count: {
    ...count,
    label: "Open opportunities",
    from: "rollup",
    definition: "opportunities engaged by the end of the period and not closed by then",
    inputs: ["openCount"],
    sample: ["openCount"],
    needsSample: false,
    compute: (input) => fraction(input("openCount")),
  },
  open_pipeline_amount: {
    ...money,
    label: "Open pipeline",
    from: "rollup",
    definition: "amount, else list amount, of the opportunities open at the end of the period",
    inputs: ["openAmount"],
    sample: ["openCount"],
    needsSample: false,
    compute: (input) => fraction(input("openAmount")),
  },
  pipeline_velocity_per_day: {
    unit: "money-per-day",
    isWhole: false,
    range: { min: null, max: null },
    label: "Pipeline velocity",
    from: "rollup",
    definition: "open opportunities × win rate / 100 × average deal size / sales cycle in days",
    inputs: ["openCount", "wonCount", "lostCount", "wonAmount", "cycleDays", "cycleCount"],
    sample: closed,
    needsSample: false,
    noDataReason:
      "the win rate, the average deal size or the sales cycle has no data, or the cycle is 0 days",
    compute: (input) => {
      const winRate = percent(input("wonCount"), input("wonCount") + input("lostCount"));
      const dealSize = ratio(input("wonAmount"), input("wonCount"));
      const cycle = ratio(input("cycleDays"), input("cycleCount"));
      if (!winRate || !dealSize || !cycle || cycle.numerator === 0n) return undefined;
      const won = times(fraction(input("openCount"), 100), winRate);
      return dividedBy(times(won, dealSize), cycle);
    },
  },
  pipeline_coverage: {
    unit: "number",
    isWhole: false,
    range: { min: 0, max: null },
    label: "Pipeline coverage",
    from: "rollup",
    definition: "open pipeline / revenue target of the period that follows",
    inputs: ["openAmount", "nextRevenueTarget"],
    sample: ["openCount"],
    needsSample: false,
    noDataReason: "nobody set a revenue target for the period that follows",
    compute: (input) => ratio(input("openAmount"), input("nextRevenueTarget")),
  },
  discount_percent: {
    unit: "percent",
    isWhole: false,
    range: { min: null, max: 100 },
    label: "Discount",
    from: "rollup",
    definition: "100 × (1 − amounts / list amounts) of the deals won that have a list amount",
    inputs: ["listedAmount", "listedListAmount"],
    sample: ["listedCount"],
    needsSample: false,
    noDataReason: "no deal won in the period has a list amount",
    compute: (input) => {
      const paid = percent(input("listedAmount"), input("listedListAmount"));
      return paid && minus(HUNDRED, paid);
    },
  },
  discount_discipline_percent: {
    ...share,
    label: "Discount discipline",
    from: "rollup",
    definition:
      "100 × share of the deals won whose own discount is at most 10 % of the list amount",
    inputs: ["wonWithinBp.1000", "listedCount"],
    sample: ["listedCount"],
    needsSample: false,
    limits: [10],
    noDataReason: "no deal won in the period has a list amount",
    compute: (input) => percent(input("wonWithinBp.1000"), input("listedCount")),
  },
  pricing_alignment_percent: {
    ...share,
    label: "Pricing alignment",
    from: "rollup",
    definition:
      "100 × share of the deals won priced within 10 % of the list amount, above or below",
    inputs: ["wonAlignedBp.1000", "listedCount"],
    sample: ["listedCount"],
    needsSample: false,
    limits: [10],
    noDataReason: "no deal won in the period has a list amount",
    compute: (input) => percent(input("wonAlignedBp.1000"), input("listedCount")),
  },
};

export const NoData = z
  .object({
    code: z.enum([
      "nothing-to-measure",
      "below-minimum-sample",
      "formula-without-data",
      "excluded-by-dispute",
      "figure-missing",
      "rating-missing",
    ]),
    detail: z.string(),
  })
  .meta({ id: "NoData" });
export type NoData = z.infer<typeof NoData>;

/** A measure of one partner and period: its exact value in the inner unit, or why there is none. */
export type Measured = {
  /** How many facts it stands on. */
  readonly sample: number;
} & (
  | { readonly value: Fraction; readonly noData: null }
  | { readonly value: null; readonly noData: NoData }
);

/** @param minimumSample 0 where none applies */
export function measure(name: BuiltInMeasure, counted: Counted, minimumSample = 0): Measured {
  const { compute, sample: facts, noDataReason } = measures[name];
  const sample = facts.reduce((total, input) => total + inputOf(counted, input), 0);
  const value = compute((input) => inputOf(counted, input));
  if (!value) {
    const detail = noDataReason ?? "nothing to measure in the period";
    return { sample, value: null, noData: { code: "nothing-to-measure", detail } };
  }
  if (sample < minimumSample) {
    const detail = `${sample} of the ${minimumSample} deals that a fair figure needs`;
    return { sample, value: null, noData: { code: "below-minimum-sample", detail } };
  }
  return { sample, value, noData: null };
}
