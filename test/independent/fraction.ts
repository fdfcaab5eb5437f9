/** An exact rational; the denominator is never zero and may be negative. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const fraction = (
  numerator: bigint | number,
  denominator: bigint | number = 1,
): Fraction => {
  if (BigInt(denominator) === 0n) throw new Error("a fraction over zero");
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
};

export const times = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.numerator * b.numerator, a.denominator * b.denominator);

export const dividedBy = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.numerator * b.denominator, a.denominator * b.numerator);

/** A decimal string with at most `places` digits after the point, half away from zero, without trailing zeros: `61.5385`, `96`. */
export function toDecimal({ numerator, denominator }: Fraction, places = 4): string {
  const isNegative = numerator < 0n !== denominator < 0n && numerator !== 0n;
  const [top, bottom] = [absolute(numerator), absolute(denominator)];
  const scaled = (2n * top * 10n ** BigInt(places) + bottom) / (2n * bottom);
  const digits = scaled.toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const rest = digits.slice(digits.length - places).replace(/0+$/, "");
  const text = rest === "" ? whole : `${whole}.${rest}`;
  return isNegative && scaled !== 0n ? `-${text}` : text;
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
