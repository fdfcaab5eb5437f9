import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleRatios } from "./bundles.ts";
import { isMissed, type Ratio } from "./ratio.ts";
import { requestRatios } from "./requests.ts";
import { scoringRatios } from "./scoring.ts";

const shown = (value: number): string =>
  value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 2 : 0 });

const rowOf = (one: Ratio): string[] => [
  one.id,
  one.what,
  `${shown(one.ours)} ${one.unit}`,
  `${shown(one.reference)} ${one.unit}`,
  one.ratio.toFixed(2),
  `${one.isCeiling ? "≤" : "≥"} ${one.gate}${isMissed(one) ? " missed" : ""}`,
];

function print(rows: readonly string[][]): void {
  const widths =
    rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  for (const row of rows) {
    process.stdout.write(`${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}\n`);
  }
}

const ratios: Ratio[] = [];
ratios.push(...(await bundleRatios()));
ratios.push(...(await requestRatios()));
const { compared, ratios: scoring } = scoringRatios();
ratios.push(...scoring);

process.stdout.write(`${compared} random cases are scored as in the open peer's way\n\n`);
print([["#", "what", "ours", "reference", "ratio", "gate"], ...ratios.map(rowOf)]);
writeFileSync(
  join(import.meta.dirname, "results.json"),
  `${JSON.stringify({ measuredAt: new Date().toISOString(), node: process.version, compared, ratios }, null, 2)}\n`,
);
process.exit(0);
