import { nextQuarter, type Quarter } from "../calendar/index.ts";

/** Live rankings are kept for the current quarter and so many before; older ones stand as they were frozen. */
const QUARTERS_BACK = 4;
const FIRST: Quarter = "0000-Q1";

function oldest(current: Quarter): Quarter {
  const [year = 0, quarter = 1] = current.split("-Q").map(Number);
  const ordinal = year * 4 + quarter - 1 - QUARTERS_BACK;
  return `${String(Math.floor(ordinal / 4)).padStart(4, "0")}-Q${(ordinal % 4) + 1}`;
}

/** The live quarters from one on, the oldest first: a stock moves every quarter after the month that changed. */
export function livePeriods(current: Quarter, first: Quarter = FIRST): Quarter[] {
  const quarters: Quarter[] = [];
  for (let quarter = oldest(current); quarter <= current; quarter = nextQuarter(quarter)) {
    if (quarter >= first) quarters.push(quarter);
  }
  return quarters;
}
