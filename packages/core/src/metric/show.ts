import { compare, decimalOf, exactly, STORED_DECIMALS, scaled, unscaled } from "./fraction.ts";

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
