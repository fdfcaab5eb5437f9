import type { Band, Unit } from "./model.ts";

/** U+2212, as wide as a plus. */
const MINUS = "−";

/** The index of the band a score falls in: lower bound inclusive, bands lowest first. */
export const bandIndexOf = (score: number, bands: readonly Band[]): number =>
  Math.max(
    0,
    bands.findLastIndex(({ from }) => score >= from),
  );

/** A score with one decimal, with more where that would show it in another band: 79.96 is never 80.0. */
export function scoreText(score: number, bands: readonly Band[]): string {
  const band = bandIndexOf(score, bands);
  for (let digits = 1; digits < 4; digits += 1) {
    const text = score.toFixed(digits);
    if (bandIndexOf(Number(text), bands) === band) return text;
  }
  return score.toFixed(4);
}

/** @param currency ISO 4217 code */
export function valueText(value: number | null, unit: Unit, currency: string): string {
  if (value === null) return "no data";
  switch (unit) {
    case "count":
      return number(value, 0);
    case "percent":
      return `${number(value, 1)} %`;
    case "days":
    case "hours":
      return `${number(value, 1)} ${unit}`;
    case "number":
      return number(value, 1);
    case "money":
      return `${currency} ${number(value, 0)}`;
    case "money-per-day":
      return `${currency} ${number(value, 0)}/day`;
    default:
      return unit satisfies never;
  }
}

/** Points with one decimal, or the first decimals that are not zero: `3.2`, `0.04`. */
export const pointsText = (points: number): string =>
  points.toFixed([1, 2, 3, 4].find((digits) => Number(points.toFixed(digits)) !== 0) ?? 1);

/** `+3.2`, `−0.4`, `±0.0`. */
export function signedText(points: number): string {
  const text = Math.abs(points).toFixed(1);
  if (text === "0.0") return `±${text}`;
  return points > 0 ? `+${text}` : `${MINUS}${text}`;
}

export type Direction = "up" | "down" | "level";

/** The change between the last two rated periods; null where fewer than two were rated, or the last was not. */
export function lastChange(
  trend: readonly (number | null)[],
): { points: number; direction: Direction } | null {
  const latest = trend.at(-1) ?? null;
  const before = trend.slice(0, -1).findLast((score) => score !== null) ?? null;
  if (latest === null || before === null) return null;
  const points = latest - before;
  return { points, direction: points >= 0.5 ? "up" : points <= -0.5 ? "down" : "level" };
}

export const arrows = { up: "↑", down: "↓", level: "→" } as const satisfies Record<
  Direction,
  string
>;

/** `2017-10-04` as `4 Oct 2017`. */
export function dateText(on: string): string {
  const [year, month, day] = on.split("-").map(Number);
  const names = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
  ];
  return `${day} ${names[(month ?? 1) - 1]} ${year}`;
}

const number = (value: number, digits: number): string =>
  new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .format(value)
    .replace("-", MINUS);
