import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Calendar } from "../calendar/index.ts";
import { ProgramId } from "../id/index.ts";
import {
  cycleOpenSubject,
  cycleOpenTimer,
  dayAfter,
  firstOpeningTimer,
  openingAt,
  periodFrom,
} from "./timer.ts";

const PROGRAM = ProgramId.parse("pgm_00000000000000000000000001");
const ZONES = Intl.supportedValuesOf("timeZone");
const FISCAL_STARTS = Array.from({ length: 12 }, (_, index) => index + 1);
const YEARS = Array.from({ length: 21 }, (_, index) => 2015 + index);

/** What the wall clock and the calendar on the wall of that zone show; by Intl, not by Temporal. */
function wallOf(at: Date, timeZone: string): { date: string; time: string } {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return {
    date: `${part("year")}-${part("month")}-${part("day")}`,
    time: `${part("hour")}:${part("minute")}`,
  };
}

/** Quarters that begin in the year, each with its first day and its name, counted by hand. */
function quartersBeginningIn(year: number, fiscalYearStartMonth: number) {
  return [0, 3, 6, 9].map((offset) => {
    const month = ((fiscalYearStartMonth - 1 + offset) % 12) + 1;
    const isNextYear = fiscalYearStartMonth - 1 + offset >= 12;
    const fiscalYearOfStart = isNextYear ? year - 1 : year;
    const name = fiscalYearStartMonth === 1 ? fiscalYearOfStart : fiscalYearOfStart + 1;
    return {
      period: `${name}-Q${offset / 3 + 1}`,
      firstDay: `${year}-${String(month).padStart(2, "0")}-01`,
    };
  });
}

const nextAfter = (notBefore: string) =>
  ({ programId: PROGRAM, notBefore, cadence: "quarterly" }) as const;

const version = (effectiveFrom: string, openAtLocalTime = "06:00") => ({
  programId: PROGRAM,
  effectiveFrom,
  definition: { windows: { openAtLocalTime } },
});

describe("the opening of cycles", () => {
  const zone = fc.constantFrom(...ZONES);
  const fiscalYearStartMonth = fc.constantFrom(...FISCAL_STARTS);
  const year = fc.constantFrom(...YEARS);

  it("S-07 is at 06:00 on the first day of each quarter, in every zone, year and fiscal calendar", () => {
    fc.assert(
      fc.property(zone, year, fiscalYearStartMonth, (timeZone, inYear, startMonth) => {
        const calendar: Calendar = { timeZone, fiscalYearStartMonth: startMonth };
        for (const { period, firstDay } of quartersBeginningIn(inYear, startMonth)) {
          const timer = cycleOpenTimer(nextAfter(firstDay), "06:00", calendar);
          expect(wallOf(new Date(timer.dueAt), timeZone)).toEqual({
            date: firstDay,
            time: "06:00",
          });
          expect(periodFrom(firstDay, "quarterly", calendar)).toBe(period);
        }
      }),
      { seed: 20270101, numRuns: 300 },
    );
  });

  it("happens exactly once a quarter and in order, whenever a program is published", () => {
    fc.assert(
      fc.property(
        zone,
        fiscalYearStartMonth,
        fc.date({ min: new Date("2015-01-01"), max: new Date("2034-01-01"), noInvalidDate: true }),
        (timeZone, startMonth, publishedAt) => {
          const calendar: Calendar = { timeZone, fiscalYearStartMonth: startMonth };
          const days: string[] = [];
          let timer = firstOpeningTimer(version("2000-Q1"), "quarterly", calendar, publishedAt);
          for (let quarter = 0; quarter < 6; quarter += 1) {
            const { date } = wallOf(new Date(timer.dueAt), timeZone);
            days.push(date);
            const { notBefore } = cycleOpenSubject(timer);
            expect(
              openingAt(periodFrom(notBefore, "quarterly", calendar), "06:00", calendar),
            ).toEqual(new Date(timer.dueAt));
            const [y = 0, m = 0] = date.split("-").map(Number);
            const lastDay = new Date(Date.UTC(y, m + 2, 0)).toISOString().slice(0, 10);
            timer = cycleOpenTimer(nextAfter(dayAfter(lastDay)), "06:00", calendar);
          }
          const first = Date.parse(`${days[0]}T06:00:00Z`);
          const expected = ["2014", "2015"]
            .concat(YEARS.map(String))
            .flatMap((y) => quartersBeginningIn(Number(y), startMonth))
            .map(({ firstDay }) => firstDay)
            .sort()
            .filter((day, index, all) => all.indexOf(day) === index)
            .filter((day) => Date.parse(`${day}T06:00:00Z`) >= first)
            .slice(0, 6);
          expect(days).toEqual(expected);
          const wait = Date.parse(
            firstOpeningTimer(version("2000-Q1"), "quarterly", calendar, publishedAt).dueAt,
          );
          expect(wait).toBeGreaterThanOrEqual(publishedAt.getTime());
          // The longest quarter, and a day for what a zone may skip.
          expect(wait - publishedAt.getTime()).toBeLessThanOrEqual(93 * 86_400_000);
        },
      ),
      { seed: 20270102, numRuns: 300 },
    );
  });

  it.each([
    {
      name: "on the first day before 06:00, opens this quarter",
      at: "2027-01-01T11:59:00Z",
      due: "2027-01-01T12:00:00.000Z",
    },
    {
      name: "at 06:00 sharp, opens this quarter",
      at: "2027-01-01T12:00:00Z",
      due: "2027-01-01T12:00:00.000Z",
    },
    {
      name: "a minute later, waits for the next",
      at: "2027-01-01T12:01:00Z",
      due: "2027-04-01T11:00:00.000Z",
    },
    {
      name: "within the quarter, waits for the next",
      at: "2027-02-14T12:00:00Z",
      due: "2027-04-01T11:00:00.000Z",
    },
  ])("a program published $name", ({ at, due }) => {
    const calendar = { timeZone: "America/Chicago", fiscalYearStartMonth: 1 };
    expect(firstOpeningTimer(version("2027-Q1"), "quarterly", calendar, new Date(at)).dueAt).toBe(
      due,
    );
  });

  it("waits for the quarter a program takes effect", () => {
    const calendar = { timeZone: "America/Chicago", fiscalYearStartMonth: 1 };
    const timer = firstOpeningTimer(
      version("2028-Q1"),
      "quarterly",
      calendar,
      new Date("2027-02-14T12:00:00Z"),
    );
    expect(timer.dueAt).toBe("2028-01-01T12:00:00.000Z");
  });

  it("moves a wall time that a clock change skips to the end of the gap", () => {
    // Lord Howe moves half an hour on the first Sunday of October 2034, the 1st, at 02:00.
    const calendar = { timeZone: "Australia/Lord_Howe", fiscalYearStartMonth: 1 };
    const at = openingAt("2034-Q4", "02:15", calendar);
    expect(wallOf(at, "Australia/Lord_Howe")).toEqual({ date: "2034-10-01", time: "02:45" });
    expect(wallOf(openingAt("2034-Q4", "06:00", calendar), "Australia/Lord_Howe").time).toBe(
      "06:00",
    );
  });

  it("lets no two periods overlap when the fiscal year starts elsewhere from now on", () => {
    // 2027-Q1 of a January year ended on 31 March; from February years the next quarter starts in May.
    const calendar = { timeZone: "Europe/Berlin", fiscalYearStartMonth: 2 };
    const timer = cycleOpenTimer(nextAfter("2027-04-01"), "06:00", calendar);
    expect(periodFrom("2027-04-01", "quarterly", calendar)).toBe("2028-Q2");
    expect(timer.dueAt).toBe("2027-05-01T04:00:00.000Z");
  });
});
