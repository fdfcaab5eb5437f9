import { compare, decimalOf, exactly, STORED_DECIMALS, scaled, unscaled } from "./fraction.ts";
import type { MeasureUnit } from "./measure.ts";

const fixed = (text: string, decimals: number): string => {
  const [whole = "0", places = ""] = text.split(".");
  return `${whole}.${places.padEnd(decimals, "0")}`;
};

/**
 * A stored score as people read it: 1 decimal, and as many more as it takes not to appear on the
 * other side of a bound (79.96 is never shown as 80.0).
 * @param bounds where the meaning changes, such as the lower bounds of the rating bands; 100 always counts
 */
export function shownScore(score: number, bounds: readonly number[] = []): string {
  const stored = exactly(score);
  for (let decimals = 1; decimals < STORED_DECIMALS; decimals += 1) {
    const steps = scaled(stored, decimals);
    const shown = unscaled(steps, decimals);
    const crosses = [...bounds, 100].some((bound) => {
      const limit = exactly(bound);
      return compare(shown, limit) >= 0 !== compare(stored, limit) >= 0;
    });
    if (!crosses) return fixed(decimalOf(steps, decimals), decimals);
  }
  return fixed(decimalOf(scaled(stored)), STORED_DECIMALS);
}

/** A decimal with its thousands set apart: `12,345.5`. */
export const grouped = (decimal: string): string => {
  const [whole = "0", places] = decimal.split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return places === undefined ? text : `${text}.${places}`;
};

/** A measure with its unit, as a person reads it; every digit that is stored. */
export function shownMeasure(
  value: string,
  { unit }: { readonly unit: MeasureUnit },
  currency: string,
): string {
  switch (unit) {
    case "count":
      return grouped(value);
    case "percent":
      return `${value} %`;
    case "days":
      return `${value} days`;
    case "hours":
      return `${value} hours`;
    case "number":
      return grouped(value);
    case "money":
      return `${grouped(value)} ${currency}`;
    case "money-per-day":
      return `${grouped(value)} ${currency} a day`;
  }
}
