import { estimate, floorDollars, kickOff, PARTNER_MONTHS, priceTable } from "@concord/cost";
import type { Ratio } from "./ratio.ts";

/** List prices that the targets were set with. */
const prices = priceTable["us-east-1"];
const OPENED_PARTNERS = 1_000_000;

/** B14 and B15 of the targets; `test/cost` holds what they are computed from to the meter. */
export function costRatios(): readonly Ratio[] {
  const { lines } = estimate(prices, { tenants: 1, partners: 1 }).partner;
  // The floor keeps no history and tells nobody.
  const { mail: _, "table, storage": __, ...counted } = lines;
  const dollars = Object.values(counted).reduce((sum, one) => sum + one, 0) * PARTNER_MONTHS;
  const floor = floorDollars(prices) * PARTNER_MONTHS;
  const opening = kickOff(prices, OPENED_PARTNERS);
  const what = "kick-off of 1,000,000 partners";
  return [
    {
      ...{ id: "B14", what: `${PARTNER_MONTHS} partner-months`, unit: "US$", isCeiling: true },
      ...{ ours: dollars, reference: floor, ratio: dollars / floor, gate: 1.75 },
    },
    {
      ...{ id: "B15", what, unit: "US$", isCeiling: true },
      ...{ ours: opening.dollars, reference: 1, ratio: opening.dollars, gate: 1 },
    },
    {
      ...{ id: "B15", what, unit: "s", isCeiling: true },
      ...{ ours: opening.seconds, reference: 300, ratio: opening.seconds / 300, gate: 1 },
    },
  ];
}
