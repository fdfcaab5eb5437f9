import { z } from "zod";

/** ISO 4217 code. */
export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .meta({ id: "Currency", example: "USD" });
export type Currency = z.infer<typeof Currency>;

/** Money at the edge: a decimal string, so that no client rounds it through a double. */
export const Money = z
  .strictObject({
    amount: z.string().regex(/^-?\d{1,15}(\.\d{1,4})?$/, "must be a decimal number"),
    currency: Currency,
  })
  .meta({ id: "Money", example: { amount: "1234.50", currency: "EUR" } });
export type Money = z.infer<typeof Money>;

/** Digits after the point of a currency (ISO 4217), from the runtime's CLDR data. */
export function minorDigits(currency: Currency): number {
  const known = digitsOf.get(currency);
  if (known !== undefined) return known;
  const digits =
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions()
      .maximumFractionDigits ?? 2;
  digitsOf.set(currency, digits);
  return digits;
}

/** Making a number format costs more than parsing a whole row of a feed. */
const digitsOf = new Map<Currency, number>();

export function toMoney(minor: number, currency: Currency): Money {
  const digits = minorDigits(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  const amount = digits === 0 ? whole : `${whole}.${text.slice(-digits)}`;
  return { amount: minor < 0 ? `-${amount}` : amount, currency };
}

/** Integer minor units of a decimal string, or undefined where it is not one or is too fine for the currency. */
export function parseMinor(amount: string, currency: Currency): number | undefined {
  const match = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(amount.trim());
  if (!match) return undefined;
  const digits = minorDigits(currency);
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  if (fraction.length > digits) return undefined;
  const minor = Number(`${match[2]}${fraction.padEnd(digits, "0")}`);
  if (!Number.isSafeInteger(minor)) return undefined;
  return match[1] === "-" && minor !== 0 ? -minor : minor;
}
