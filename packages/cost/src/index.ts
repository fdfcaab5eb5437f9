export { estimate, kickOff, PARTNER_MONTHS } from "./estimate.ts";
export { floorDollars } from "./floor.ts";
export { priceTable } from "./prices.ts";
export { metered, type Operation, workload } from "./usage.ts";
