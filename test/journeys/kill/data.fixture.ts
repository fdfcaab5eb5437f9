/** A generator of numbers in [0, 1) from a seed: the same seed, the same numbers. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const PARTNERS = ["Amberline", "Birchgate", "Cobaltry", "Dunmore", "Elmstone"];
export const PRICES = [
  { product: "Anvil", listPrice: "100" },
  { product: "Bellows", listPrice: "1000" },
];
const ROWS_PER_PARTNER = 40;
const DAY_MS = 86_400_000;
const FIRST_DAY = Date.parse("2026-10-01T00:00:00Z");
const DAYS = 180;

export interface Deal {
  readonly externalId: string;
  readonly partner: string;
  readonly product: string;
  readonly engagedOn: string;
  readonly closedOn: string;
  readonly isWon: boolean;
  /** Whole US dollars. */
  readonly value: number;
}

/** What the CRM shows of a deal on a day. */
export interface Row {
  readonly externalId: string;
  readonly partner: string;
  readonly product: string;
  readonly stage: "Engaging" | "Won" | "Lost";
  readonly engagedOn: string;
  /** Blank while the deal is open. */
  readonly closedOn: string;
  /** Whole US dollars; zero for what was lost. */
  readonly value: number;
}

const dayAfterFirst = (days: number): string =>
  new Date(FIRST_DAY + days * DAY_MS).toISOString().slice(0, 10);

/** Deals of every partner over half a year. */
export function dealsFrom(random: () => number): readonly Deal[] {
  return PARTNERS.flatMap((partner, position) =>
    Array.from({ length: ROWS_PER_PARTNER }, (_, index) => {
      const engaged = Math.floor(random() * DAYS);
      const { product, listPrice } = PRICES[Math.floor(random() * PRICES.length)] ?? {
        product: "",
        listPrice: "0",
      };
      return {
        externalId: `D${position}${String(index).padStart(3, "0")}`,
        partner,
        product,
        engagedOn: dayAfterFirst(engaged),
        closedOn: dayAfterFirst(engaged + 5 + Math.floor(random() * 75)),
        isWon: random() < 0.65,
        value: Math.round(Number(listPrice) * (0.8 + random() * 0.3)),
      };
    }),
  );
}

/** The rows of an export made on this day. */
export const rowsOn = (deals: readonly Deal[], day: string): readonly Row[] =>
  deals
    .filter(({ engagedOn }) => engagedOn <= day)
    .map(({ isWon, value, closedOn, ...deal }) =>
      closedOn <= day
        ? { ...deal, closedOn, stage: isWon ? "Won" : "Lost", value: isWon ? value : 0 }
        : { ...deal, closedOn: "", stage: "Engaging", value: 0 },
    );

export const csvOf = (rows: readonly Row[]): string =>
  [
    "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
    ...rows.map(({ externalId, partner, product, stage, engagedOn, closedOn, value }) =>
      [
        ...[externalId, partner, product, `Customer ${externalId}`, stage, engagedOn, closedOn],
        closedOn === "" ? "" : value,
      ].join(","),
    ),
    "",
  ].join("\n");

/** How many rows of a file differ from the file before, and how many do not. */
export function changesBetween(before: readonly Row[], after: readonly Row[]) {
  const known = new Set(before.map((row) => JSON.stringify(row)));
  const rowsUnchanged = after.filter((row) => known.has(JSON.stringify(row))).length;
  return {
    rowsRead: after.length,
    rowsChanged: after.length - rowsUnchanged,
    rowsUnchanged,
    rowsHeld: 0,
    rowsRefused: 0,
  };
}

export interface Sums {
  /** Whole US dollars of what was won within the period. */
  readonly revenue: number;
  readonly won: number;
  readonly lost: number;
  /** Opportunities that began within the period. */
  readonly created: number;
}

/** Summed from the rows of a file, both days inclusive. */
export function sumsOf(rows: readonly Row[], partner: string, from: string, to: string): Sums {
  const own = rows.filter((row) => row.partner === partner);
  const closed = own.filter(({ closedOn }) => closedOn >= from && closedOn <= to);
  const won = closed.filter(({ stage }) => stage === "Won");
  return {
    revenue: won.reduce((sum, { value }) => sum + value, 0),
    won: won.length,
    lost: closed.filter(({ stage }) => stage === "Lost").length,
    created: own.filter(({ engagedOn }) => engagedOn >= from && engagedOn <= to).length,
  };
}
