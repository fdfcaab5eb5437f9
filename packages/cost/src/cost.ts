import { parseArgs } from "node:util";
import { estimate, kickOff, PARTNER_MONTHS } from "./estimate.ts";
import { floorDollars } from "./floor.ts";
import { lookedUp, PRICES_OF, type Prices, priceTable, type Region } from "./prices.ts";
import { workload } from "./usage.ts";

const { values } = parseArgs({
  options: {
    tenants: { type: "string", default: "10" },
    partners: { type: "string", default: "1000" },
    region: { type: "string", default: "eu-west-1" },
  },
});
const tenants = Number(values.tenants);
const partners = Number(values.partners);
const region = values.region as Region;
if (!(region in priceTable) || !(tenants >= 0) || !(partners >= 0)) {
  process.stderr.write(
    `pnpm cost --tenants <number> --partners <number, of all tenants> [--region ${Object.keys(priceTable).join("|")}]\n`,
  );
  process.exit(2);
}
const prices = priceTable[region];
const { partner, stage, all } = estimate(prices, { tenants, partners });
const opening = kickOff(prices, partners);
const dollars = (value: number): string => `$${value.toFixed(2)}`.padStart(12);
const line = (name: string, value: number): string => `  ${name.padEnd(34)}${dollars(value)}\n`;

process.stdout.write(
  [
    `Estimate for a month: ${tenants} tenants, ${partners} partners, ${region}, list prices of ${PRICES_OF}\n\n`,
    line("all", all.total),
    ...Object.entries(all.lines).map(([name, value]) => line(`  ${name}`, value)),
    `\nPer ${PARTNER_MONTHS} partner-months (${workload.factsAQuarter} facts a quarter written ${workload.writesAFact} times, ${workload.activitiesAQuarter} activities)\n\n`,
    line("all", partner.total * PARTNER_MONTHS),
    ...Object.entries(partner.lines).map(([name, value]) =>
      line(`  ${name}`, value * PARTNER_MONTHS),
    ),
    line("the least any design can cost", floorDollars(prices) * PARTNER_MONTHS),
    `\nKick-off of a cycle with all of them, ${Math.ceil(opening.seconds)} s on a fresh table\n\n`,
    line("each time", opening.dollars),
    "\nA stage that nobody uses\n\n",
    ...Object.entries(stage.lines).map(([name, value]) => line(`  ${name}`, value)),
    `\nPrices of ${region}\n\n`,
    ...(Object.keys(prices) as (keyof Prices)[]).map(
      (name) =>
        `    ${name.padEnd(32)}${lookedUp[region][name] ?? "taken over from memory, not looked up"}\n`,
    ),
  ].join(""),
);
