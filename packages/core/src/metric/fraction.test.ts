import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  apportioned,
  compare,
  decimalOf,
  exactly,
  fraction,
  minus,
  plus,
  rounded,
  roundedTowards,
  scaled,
  times,
} from "./fraction.ts";

describe("exact fractions", () => {
  it.each([
    [1, 3, "0.3333"],
    [2, 3, "0.6667"],
    [-2, 3, "-0.6667"],
    [1, 20_000, "0.0001"],
    [-1, 20_000, "-0.0001"],
    [9_999, 200_000_000, "0"],
    [96, 1, "96"],
    [1_234_500, 100, "12345"],
  ])("%i/%i is stored as %s: 4 decimals, halves away from zero", (n, d, stored) => {
    expect(decimalOf(scaled(fraction(n, d)))).toBe(stored);
  });

  it("read a decimal as it is written, not as the double next to it", () => {
    expect(compare(plus(exactly(0.1), exactly(0.2)), exactly("0.3"))).toBe(0);
    expect(compare(times(exactly(33.33), exactly(3)), exactly(99.99))).toBe(0);
    expect(() => exactly(1e21)).toThrow(RangeError);
  });

  it("refuse a zero denominator", () => {
    expect(() => fraction(1, 0)).toThrow(RangeError);
  });

  it("round towards one side never beyond it", () => {
    expect(rounded(roundedTowards(exactly("2.1"), 1, 0))).toBe(3);
    expect(rounded(roundedTowards(exactly("2.1"), -1, 0))).toBe(2);
    expect(rounded(roundedTowards(exactly("-2.1"), -1, 0))).toBe(-3);
    expect(rounded(roundedTowards(exactly("2"), 1, 0))).toBe(2);
  });

  const anyFraction = fc
    .tuple(fc.bigInt(-(10n ** 12n), 10n ** 12n), fc.bigInt(1n, 10n ** 6n))
    .map(([n, d]) => fraction(n, d));

  it("lose nothing: a + b − b is a", () => {
    fc.assert(
      fc.property(anyFraction, anyFraction, (a, b) => {
        expect(compare(minus(plus(a, b), b), a)).toBe(0);
      }),
    );
  });

  it("round parts so that they add up to the rounded whole, each by less than two steps", () => {
    fc.assert(
      fc.property(fc.array(anyFraction, { minLength: 1, maxLength: 12 }), (parts) => {
        const total = scaled(parts.reduce(plus));
        const steps = apportioned(parts, total);
        expect(steps.reduce((a, b) => a + b, 0n)).toBe(total);
        parts.forEach((part, index) => {
          const off = minus(fraction(steps[index] ?? 0n, 10_000), part);
          expect(Math.abs(Number(off.numerator) / Number(off.denominator))).toBeLessThan(0.0002);
        });
      }),
    );
  });
});
