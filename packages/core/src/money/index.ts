export { Currency, Money, minorDigits, parseMinor, toMoney } from "./money.ts";
