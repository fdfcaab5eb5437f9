import { type Cadence, type Calendar, periodSpan } from "@concord/core/calendar";
import { ProgramId } from "@concord/core/id";
import {
  cycleOpenSubject,
  cycleOpenTimer,
  dayAfter,
  firstOpeningTimer,
  periodFrom,
  type Timer,
} from "@concord/core/timer";
import { figure, seeded } from "@concord/local/testing";
import { describe, expect, it } from "vitest";

const SEED = 20_270_115;
const [FROM, TO] = [2015, 2035] as const;
const OPEN_AT = "06:00";

const programId = ProgramId.parse(`pgm_${"0".repeat(26)}`);
const two = (value: number): string => String(value).padStart(2, "0");

/** The first days of the periods of a calendar, told without the product's code: `start year-month`. */
function boundaries(fiscalStart: number, months: number): string[] {
  const found: string[] = [];
  for (let month = FROM * 12 + fiscalStart - 1; month < (TO + 1) * 12; month += months) {
    found.push(`${Math.floor(month / 12)}-${two((month % 12) + 1)}-01`);
  }
  return found;
}

const clocks = new Map<string, Intl.DateTimeFormat>();
function wallTime(instant: string, timeZone: string): string {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat("sv-SE", {
      ...{ timeZone, hourCycle: "h23", dateStyle: "short", timeStyle: "short" },
    });
  clocks.set(timeZone, clock);
  return clock.format(new Date(instant));
}

interface Chain {
  readonly openAt: string;
  /** From when on the next period is looked for. */
  readonly following: (to: string) => string;
}
const right: Chain = { openAt: OPEN_AT, following: dayAfter };

/** What a chain of timers opens, each set by the one before: instant and first day. */
function openings(
  cadence: Cadence,
  calendar: Calendar,
  first: Timer,
  { openAt, following }: Chain,
): [string, string][] {
  const found: [string, string][] = [];
  for (let timer = first; ; ) {
    const { notBefore } = cycleOpenSubject(timer);
    const period = periodFrom(notBefore, cadence, calendar);
    const { from, to } = periodSpan(period, calendar);
    if (from > `${TO}-12-31`) return found;
    found.push([timer.dueAt, from]);
    timer = cycleOpenTimer({ programId, notBefore: following(to), cadence }, openAt, calendar);
  }
}

const cadences: Readonly<Record<Cadence, number>> = { monthly: 1, quarterly: 3, biannual: 6 };

/** What is wrong over a share of all zones and fiscal years, and how many openings were looked at. */
function faultsOf(
  cadence: Cadence,
  share: number,
  chain: Chain,
  zones: readonly string[] = Intl.supportedValuesOf("timeZone"),
) {
  const random = seeded(SEED);
  const wrong: string[] = [];
  let checked = 0;
  for (const timeZone of zones) {
    for (let fiscalYearStartMonth = 1; fiscalYearStartMonth <= 12; fiscalYearStartMonth += 1) {
      if (random() >= share) continue;
      const calendar = { timeZone, fiscalYearStartMonth };
      const version = {
        ...{ programId, effectiveFrom: `${FROM - 2}-Q1` },
        definition: { windows: { openAtLocalTime: chain.openAt } },
      };
      const begin = Date.parse(`${FROM}-${two(fiscalYearStartMonth)}-01T00:00:00Z`);
      const first = firstOpeningTimer(version, cadence, calendar, new Date(begin - 2 * 86_400_000));
      const found = openings(cadence, calendar, first, chain);
      checked += found.length;
      const days = found.map(([, from]) => from);
      const expected = boundaries(fiscalYearStartMonth, cadences[cadence]);
      if (days.join() !== expected.join()) wrong.push(`${timeZone} ${fiscalYearStartMonth}`);
      for (const [dueAt, from] of found) {
        const wall = wallTime(dueAt, timeZone);
        if (wall !== `${from} ${chain.openAt}`) wrong.push(`${timeZone} ${dueAt}: ${wall}`);
      }
    }
  }
  return { wrong, checked };
}

describe("the openings of cycles", () => {
  it.each([
    ["quarterly", figure(0.1, 1), 30_000],
    ["monthly", figure(0.01, 1), 8_000],
    ["biannual", figure(0.02, 1), 2_500],
  ] as const)(
    "are one for each %s period, on its first day at six in the morning, in every zone and fiscal year",
    (cadence, share, atLeast) => {
      const { wrong, checked } = faultsOf(cadence, share, right);
      expect(wrong).toEqual([]);
      expect(checked).toBeGreaterThan(atLeast);
    },
    figure(120_000, 1_800_000),
  );

  it.each([
    ["at midnight, which some clock changes skip", { ...right, openAt: "00:00" }],
    ["from a day too late on", { ...right, following: (to: string) => dayAfter(dayAfter(to)) }],
  ])("and one %s is found", (_, chain) => {
    // Its clocks went forward at midnight, twice on the first of October.
    expect(faultsOf("quarterly", 1, chain, ["America/Asuncion"]).wrong).not.toEqual([]);
  });
});
