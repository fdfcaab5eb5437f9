/** An exact rational number. The denominator is positive; not reduced, since every chain here is short. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Decimals that a measure or a score keeps. */
export const STORED_DECIMALS = 4;

export function fraction(numerator: number | bigint, denominator: number | bigint = 1): Fraction {
  const n = BigInt(numerator);
  const d = BigInt(denominator);
  if (d === 0n) throw new RangeError("a fraction has no zero denominator");
  return d < 0n ? { numerator: -n, denominator: -d } : { numerator: n, denominator: d };
}

export const ZERO: Fraction = { numerator: 0n, denominator: 1n };
export const HUNDRED: Fraction = { numerator: 100n, denominator: 1n };

const written = new Map<number | string, Fraction>();
const MOST_REMEMBERED = 5_000;

/** The decimal number that is written, not the double next to it. @throws RangeError for exponents */
export function exactly(decimal: number | string): Fraction {
  // Weights, targets and bounds are the same few numbers on every card.
  const known = written.get(decimal);
  if (known) return known;
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(decimal));
  if (!match) throw new RangeError(`not a plain decimal number: ${decimal}`);
  const places = match[3] ?? "";
  const numerator = BigInt(`${match[2]}${places}`);
  const exact = {
    numerator: match[1] === "-" ? -numerator : numerator,
    denominator: 10n ** BigInt(places.length),
  };
  if (written.size >= MOST_REMEMBERED) written.clear();
  written.set(decimal, exact);
  return exact;
}

/**
 * The exact value of a double (IEEE 754), not its shortest spelling. @throws RangeError for what is not finite
 */
export function fractionOfDouble(value: number): Fraction {
  if (!Number.isFinite(value)) throw new RangeError(`not a finite number: ${value}`);
  let top = value;
  let halvings = 0n;
  // Doubling a double is exact, and ends: every finite double is a whole number of 2^-1074.
  while (!Number.isInteger(top)) {
    top *= 2;
    halvings += 1n;
  }
  return { numerator: BigInt(top), denominator: 2n ** halvings };
}

export const plus = (a: Fraction, b: Fraction): Fraction =>
  a.denominator === b.denominator
    ? { numerator: a.numerator + b.numerator, denominator: a.denominator }
    : {
        numerator: a.numerator * b.denominator + b.numerator * a.denominator,
        denominator: a.denominator * b.denominator,
      };

export const minus = (a: Fraction, b: Fraction): Fraction =>
  plus(a, { numerator: -b.numerator, denominator: b.denominator });

export const times = (a: Fraction, b: Fraction): Fraction => ({
  numerator: a.numerator * b.numerator,
  denominator: a.denominator * b.denominator,
});

/** @throws RangeError where `b` is zero: callers say "no data" before they divide. */
export const dividedBy = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.numerator * b.denominator, a.denominator * b.numerator);

/** Negative, zero or positive, as `a` is below, equal to or above `b`. */
export function compare(a: Fraction, b: Fraction): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export const isZero = (a: Fraction): boolean => a.numerator === 0n;
export const magnitude = (a: Fraction): Fraction =>
  a.numerator < 0n ? { numerator: -a.numerator, denominator: a.denominator } : a;

export const clamp = (a: Fraction, low: Fraction, high: Fraction): Fraction =>
  compare(a, low) < 0 ? low : compare(a, high) > 0 ? high : a;

export const sum = (all: readonly Fraction[]): Fraction => all.reduce(plus, ZERO);

/** The number of 10^-decimals steps nearest to it, halves away from zero. */
export function scaled(a: Fraction, decimals: number = STORED_DECIMALS): bigint {
  const doubled = 2n * a.numerator * 10n ** BigInt(decimals);
  const half = a.numerator < 0n ? -a.denominator : a.denominator;
  return (doubled + half) / (2n * a.denominator);
}

/** As far as it goes towards zero in steps of 10^-decimals. */
export const truncated = (a: Fraction, decimals: number = STORED_DECIMALS): bigint =>
  (a.numerator * 10n ** BigInt(decimals)) / a.denominator;

/** Steps of 10^-decimals as a fraction. */
export const unscaled = (steps: bigint, decimals: number = STORED_DECIMALS): Fraction => ({
  numerator: steps,
  denominator: 10n ** BigInt(decimals),
});

/** A decimal without trailing zeros: `1.5`, `-0.25`, `96`. */
export function decimalOf(steps: bigint, decimals: number = STORED_DECIMALS): string {
  const digits = String(steps < 0n ? -steps : steps).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const places = decimals === 0 ? "" : digits.slice(-decimals).replace(/0+$/, "");
  return `${steps < 0n ? "-" : ""}${whole}${places === "" ? "" : `.${places}`}`;
}

/** The one rounding: 4 decimals, halves away from zero. */
export const rounded = (a: Fraction): number => Number(decimalOf(scaled(a)));

/**
 * Rounds parts so that they add up to exactly `total` steps: each is cut towards zero, then what is
 * missing goes, a step each, to the parts that were cut most (the earlier of equals first).
 * The parts must add up to the unrounded total, give or take one rounding.
 */
export function apportioned(
  parts: readonly Fraction[],
  total: bigint,
  decimals: number = STORED_DECIMALS,
): bigint[] {
  const steps = parts.map((part) => truncated(part, decimals));
  let missing = total - steps.reduce((a, b) => a + b, 0n);
  const direction = missing < 0n ? -1n : 1n;
  const order = parts
    .map((part, index) => ({
      index,
      cut: times(minus(part, unscaled(steps[index] ?? 0n, decimals)), fraction(direction)),
    }))
    .sort((a, b) => compare(b.cut, a.cut) || a.index - b.index);
  for (let turn = 0; missing !== 0n && order.length > 0; turn += 1) {
    const index = order[turn % order.length]?.index ?? 0;
    steps[index] = (steps[index] ?? 0n) + direction;
    missing -= direction;
  }
  return steps;
}

/** The nearest step of 10^-decimals that is not before it in this direction. */
export function roundedTowards(a: Fraction, direction: 1 | -1, decimals: number): Fraction {
  const steps = truncated(a, decimals);
  const order = compare(unscaled(steps, decimals), a);
  const isBefore = direction === 1 ? order < 0 : order > 0;
  return unscaled(isBefore ? steps + BigInt(direction) : steps, decimals);
}
