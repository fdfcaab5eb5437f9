import { dividedBy, type Fraction, fraction, times } from "./fraction.ts";

/**
 * The arithmetic of the best-known open supplier scorecard, by its documented rules: criteria clamped to
 * 0–100 and weighed, periods weighed by max(0, min(1, (12 − p) / 12)) with the newest p = 0, the result rounded to
 * one decimal. Exact, so that no tie is decided by a double.
 */
export interface Criterion {
  readonly weight: number;
  /** Of 100, exact, before it is clamped. */
  readonly score: Fraction;
}

const plus = (a: Fraction, b: Fraction): Fraction =>
  fraction(
    a.numerator * b.denominator + b.numerator * a.denominator,
    a.denominator * b.denominator,
  );
const isBelow = (a: Fraction, b: Fraction): boolean =>
  a.numerator * b.denominator < b.numerator * a.denominator;

const clamped = (score: Fraction): Fraction =>
  isBelow(score, fraction(0)) ? fraction(0) : isBelow(fraction(100), score) ? fraction(100) : score;

export const periodTotal = (criteria: readonly Criterion[]): Fraction =>
  criteria.reduce(
    (sum, { weight, score }) => plus(sum, times(clamped(score), fraction(weight, 100))),
    fraction(0),
  );

/** @param totals newest first */
export function overall(totals: readonly Fraction[]): Fraction {
  let points = fraction(0);
  let weights = fraction(0);
  totals.forEach((total, p) => {
    const weight = fraction(Math.max(0, Math.min(12, 12 - p)), 12);
    points = plus(points, times(total, weight));
    weights = plus(weights, weight);
  });
  return dividedBy(points, weights);
}

export const STANDINGS = [
  ["Very Poor", 0, 30],
  ["Poor", 30, 50],
  ["Average", 50, 80],
  ["Excellent", 80, 100],
] as const;

/** Lower bound inclusive, the top one too. */
export const standingAt = (score: number): string =>
  STANDINGS.findLast(([, from]) => score >= from)?.[0] ?? "";
