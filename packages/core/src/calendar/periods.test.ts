import { describe, expect, it } from "vitest";
import {
  addDays,
  Cadence,
  type Calendar,
  cadenceOf,
  daysBetween,
  lastPeriods,
  monthsOf,
  nextPeriod,
  Period,
  periodOf,
  periodSpan,
  previousPeriod,
  Quarter,
  startsBy,
} from "./calendar.ts";

const STARTS = Array.from({ length: 12 }, (_, index) => index + 1);
const calendarOf = (fiscalYearStartMonth: number): Calendar => ({
  timeZone: "Europe/Berlin",
  fiscalYearStartMonth,
});
/** Two years and a bit of consecutive periods. */
const walk = (cadence: Cadence, calendar: Calendar): Period[] => {
  const periods = [periodOf("2026-12-31", cadence, calendar)];
  while (periods.length < 26) periods.push(nextPeriod(periods.at(-1) ?? ""));
  return periods;
};

describe("periods", () => {
  it.each(STARTS)(
    "tile the calendar without gap or overlap where the year starts in %d",
    (start) => {
      const calendar = calendarOf(start);
      for (const cadence of Cadence.options) {
        const periods = walk(cadence, calendar);
        const spans = periods.map((period) => periodSpan(period, calendar));
        spans.forEach(({ from, to }, index) => {
          const period = periods[index] ?? "";
          expect(daysBetween(spans[index - 1]?.to ?? addDays(from, -1), from)).toBe(1);
          expect([periodOf(from, cadence, calendar), periodOf(to, cadence, calendar)]).toEqual([
            period,
            period,
          ]);
          expect(Period.parse(period)).toBe(period);
          expect(cadenceOf(period)).toBe(cadence);
          expect(previousPeriod(nextPeriod(period))).toBe(period);
        });
        const newest = periods.at(-1) ?? "";
        expect(lastPeriods(newest, periods.length)).toEqual(periods.toReversed());
      }
    },
  );

  it.each(STARTS)("nest: a half is two quarters is six months, from %d on", (start) => {
    const calendar = calendarOf(start);
    for (const half of walk("biannual", calendar)) {
      const { from, to } = periodSpan(half, calendar);
      const quarter = periodOf(from, "quarterly", calendar);
      const second = nextPeriod(quarter);
      expect(periodSpan(quarter, calendar).from).toBe(from);
      expect(periodSpan(second, calendar).to).toBe(to);
      const months = monthsOf({ from, to }).map((month) =>
        periodOf(`${month}-15`, "monthly", calendar),
      );
      const last = months.at(-1) ?? "";
      expect(lastPeriods(last, 6).toReversed()).toEqual(months);
      expect(months.map((month) => startsBy(second, month))).toEqual([
        ...[false, false, false],
        ...[true, true, true],
      ]);
      expect([startsBy(half, quarter), startsBy(quarter, half)]).toEqual([true, true]);
    }
  });

  it.each([
    [1, "2027-M02", "2027-02-01", "2027-02-28"],
    [1, "2027-H1", "2027-01-01", "2027-06-30"],
    [4, "2027-M02", "2026-05-01", "2026-05-31"],
    [4, "2027-M12", "2027-03-01", "2027-03-31"],
    [4, "2027-H2", "2026-10-01", "2027-03-31"],
    [12, "2028-M03", "2028-02-01", "2028-02-29"],
    [10, "2027-Q1", "2026-10-01", "2026-12-31"],
  ])("of a year that starts in month %d: %s is %s to %s", (start, period, from, to) => {
    expect(periodSpan(period, calendarOf(start))).toEqual({ from, to });
    expect(periodOf(to, cadenceOf(period), calendarOf(start))).toBe(period);
  });

  it.each(["2027-M00", "2027-M13", "2027-M1", "2027-Q5", "2027-H3", "2027-H01", "27-Q1", "2027"])(
    "%s is none",
    (text) => {
      expect(Period.safeParse(text).success).toBe(false);
    },
  );

  it("a month or a half is no quarter", () => {
    expect(
      ["2027-M02", "2027-H1", "2027-Q1"].filter((text) => Quarter.safeParse(text).success),
    ).toEqual(["2027-Q1"]);
  });
});
