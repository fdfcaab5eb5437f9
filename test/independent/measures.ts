/**
 * A second opinion on the measures of partners, straight from an export's CSV text and written
 * without the product's code: exact fractions of integers, dates as days since 1970, no rollups.
 */
import { readCsv } from "./csv.ts";
import { dividedBy, type Fraction, fraction, times, toDecimal } from "./fraction.ts";

/** Money is in whole currency units (US dollars, as the export has it), times in days, percentages 0–100. */
export const MEASURES = [
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
] as const;
export type Measure = (typeof MEASURES)[number];

/** Exact values; null is "no data". */
export type ExactMeasures = Readonly<Record<Measure, Fraction | null>>;
/** Decimal strings of at most 4 digits after the point, half away from zero; null is "no data". */
export type DecimalMeasures = Readonly<Record<Measure, string | null>>;

interface Deal {
  readonly partner: string;
  readonly outcome: "won" | "lost" | "open";
  readonly engagedDay: number | null;
  readonly closedDay: number | null;
  readonly amount: bigint | null;
  readonly listAmount: bigint | null;
}

const DISCOUNT_LIMIT_PERCENT = 10n;

/**
 * @param pipelineCsv text of sales_pipeline.csv
 * @param productsCsv text of products.csv
 * @param aliases from the spelling of the pipeline to the spelling of the price list
 * @param asOf `YYYY-MM-DD`: the export as the CRM would have shown it that evening; left out: as it is
 */
export function readDeals(
  pipelineCsv: string,
  productsCsv: string,
  aliases: Readonly<Record<string, string>>,
  asOf?: string,
): Deal[] {
  const prices = new Map(
    readCsv(productsCsv).map((row) => [row["product"] ?? "", BigInt(row["sales_price"] ?? "")]),
  );
  const horizon = asOf === undefined ? Number.POSITIVE_INFINITY : dayOf(asOf);
  const deals: Deal[] = [];
  for (const row of readCsv(pipelineCsv)) {
    const product = row["product"] ?? "";
    const engagedDay = row["engage_date"] ? dayOf(row["engage_date"]) : null;
    const closedDay = row["close_date"] ? dayOf(row["close_date"]) : null;
    if (engagedDay !== null && engagedDay > horizon) continue;
    const isClosed = closedDay !== null && closedDay <= horizon;
    const stage = isClosed ? row["deal_stage"] : "";
    deals.push({
      partner: row["sales_agent"] ?? "",
      outcome: stage === "Won" ? "won" : stage === "Lost" ? "lost" : "open",
      engagedDay,
      closedDay: isClosed ? closedDay : null,
      amount: isClosed && row["close_value"] ? BigInt(row["close_value"]) : null,
      listAmount: prices.get(aliases[product] ?? product) ?? null,
    });
  }
  return deals;
}

/** Every measure of one partner for the days from `from` to `to`, both inclusive (`YYYY-MM-DD`). */
export function measure(
  deals: readonly Deal[],
  partner: string,
  from: string,
  to: string,
): ExactMeasures {
  const [first, last] = [dayOf(from), dayOf(to)];
  const isWithin = (day: number | null) => day !== null && first <= day && day <= last;
  const own = deals.filter((deal) => deal.partner === partner);
  const closed = own.filter((deal) => isWithin(deal.closedDay));
  const won = closed.filter((deal) => deal.outcome === "won");
  const lost = closed.filter((deal) => deal.outcome === "lost");
  const created = own.filter((deal) => isWithin(deal.engagedDay));
  const open = own.filter(
    ({ engagedDay, closedDay }) =>
      engagedDay !== null && engagedDay <= last && !(closedDay !== null && closedDay <= last),
  );

  const revenue = total(won.map((deal) => deal.amount ?? 0n));
  const winRate = share(won.length, won.length + lost.length);
  const averageDeal = won.length === 0 ? null : fraction(revenue, won.length);
  const cycles = won.flatMap(({ engagedDay, closedDay }) =>
    engagedDay === null || closedDay === null ? [] : [closedDay - engagedDay],
  );
  const cycle =
    cycles.length === 0
      ? null
      : fraction(
          cycles.reduce((sum, days) => sum + days, 0),
          cycles.length,
        );
  const velocity =
    winRate === null || averageDeal === null || cycle === null || cycle.numerator === 0n
      ? null
      : dividedBy(
          times(times(fraction(open.length), times(winRate, fraction(1, 100))), averageDeal),
          cycle,
        );
  const listed = won.flatMap(({ amount, listAmount }) =>
    amount === null || listAmount === null || listAmount === 0n ? [] : [{ amount, listAmount }],
  );
  const listTotal = total(listed.map((deal) => deal.listAmount));
  const paidTotal = total(listed.map((deal) => deal.amount));
  // own discount d = 100·(list − amount)/list; d ≤ 10 is 100·(list − amount) ≤ 10·list
  const disciplined = listed.filter(
    ({ amount, listAmount }) => 100n * (listAmount - amount) <= DISCOUNT_LIMIT_PERCENT * listAmount,
  );
  const aligned = disciplined.filter(
    ({ amount, listAmount }) => 100n * (amount - listAmount) <= DISCOUNT_LIMIT_PERCENT * listAmount,
  );

  return {
    deals_won: fraction(won.length),
    deals_lost: fraction(lost.length),
    revenue_won: fraction(revenue),
    win_rate_percent: winRate,
    average_deal_size: averageDeal,
    sales_cycle_days: cycle,
    pipeline_created_count: fraction(created.length),
    pipeline_created_amount: fraction(total(created.map(worth))),
    open_pipeline_count: fraction(open.length),
    open_pipeline_amount: fraction(total(open.map(worth))),
    pipeline_velocity_per_day: velocity,
    // No program of these has a target for revenue beside it.
    pipeline_coverage: null,
    discount_percent: listTotal === 0n ? null : fraction(100n * (listTotal - paidTotal), listTotal),
    discount_discipline_percent: share(disciplined.length, listed.length),
    pricing_alignment_percent: share(aligned.length, listed.length),
  };
}

/** The measures as the strings a reader compares. */
export const inDecimals = (measures: ExactMeasures): DecimalMeasures =>
  Object.fromEntries(
    MEASURES.map((name) => {
      const value = measures[name];
      return [name, value === null ? null : toDecimal(value)];
    }),
  ) as DecimalMeasures;

/** First and last day of a calendar quarter. */
export const quarterDays = (
  year: number,
  quarter: 1 | 2 | 3 | 4,
): { from: string; to: string } => ({
  from: `${year}-${["01-01", "04-01", "07-01", "10-01"][quarter - 1]}`,
  to: `${year}-${["03-31", "06-30", "09-30", "12-31"][quarter - 1]}`,
});

/** Amount, else list amount: a lost deal's stored amount is 0, and 0 is an amount. */
const worth = ({ amount, listAmount }: Deal): bigint => amount ?? listAmount ?? 0n;

const share = (part: number, whole: number): Fraction | null =>
  whole === 0 ? null : fraction(100 * part, whole);

const total = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

/** Days since 1970-01-01 in the Gregorian calendar, from year, month and day alone. */
export function dayOf(date: string): number {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  const isLeap = (y: number) => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  const lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  let days = day - 1;
  for (const length of lengths.slice(0, month - 1)) days += length;
  for (let y = 1970; y < year; y += 1) days += isLeap(y) ? 366 : 365;
  return days;
}
