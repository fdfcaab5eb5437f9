import { type Currency, minorDigits } from "../money/index.ts";
import { decimalOf, dividedBy, type Fraction, fraction, scaled } from "./fraction.ts";
import type { MeasureUnit } from "./measure.ts";

/** A handful: currencies are checked where they come in. */
const digits = new Map<Currency, number>();

/** Asking the runtime for the digits of a currency costs more than a whole card. */
export function currencyDigits(currency: Currency): number {
  const known = digits.get(currency) ?? minorDigits(currency);
  digits.set(currency, known);
  return known;
}

/** Digits by which the inner unit is finer than the one shown: minor units of money. */
export const unitDecimals = (unit: MeasureUnit, currency: Currency): number =>
  unit === "money" || unit === "money-per-day" ? currencyDigits(currency) : 0;

/** From minor units to whole units of the currency; other units stay. */
export const inShownUnit = (value: Fraction, unit: MeasureUnit, currency: Currency): Fraction => {
  const shift = unitDecimals(unit, currency);
  return shift === 0 ? value : dividedBy(value, fraction(10n ** BigInt(shift)));
};

/** A measure as it is stored: in the unit shown, rounded once to 4 decimals. */
export const storedMeasure = (value: Fraction, unit: MeasureUnit, currency: Currency): string =>
  decimalOf(scaled(inShownUnit(value, unit, currency)));
