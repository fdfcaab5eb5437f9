import { lastPeriods, type Period, startsBy } from "../calendar/index.ts";

/** Live rankings are kept for the current period and so many before; older ones stand as they were frozen. */
const PERIODS_BACK = 4;

/** The live periods from one on, the oldest first: a stock moves every period after the month that changed. */
export const livePeriods = (current: Period, first?: Period): Period[] =>
  lastPeriods(current, 1 + PERIODS_BACK)
    .filter((period) => first === undefined || startsBy(first, period))
    .reverse();
