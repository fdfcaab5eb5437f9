import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleRatios } from "./bundles.ts";
import { costRatios } from "./costs.ts";
import { dashboardRatios } from "./dashboard.ts";
import { freshnessRatios } from "./freshness.ts";
import { growthRatios } from "./growth.ts";
import { importRatios } from "./imports.ts";
import { noisyNeighbourRatios } from "./noisy-neighbour.ts";
import { isMissed, type Ratio } from "./ratio.ts";
import { requestRatios } from "./requests.ts";
import { scoringRatios } from "./scoring.ts";

/** What is measured together, by the numbers of the targets. */
const measurements: readonly {
  readonly ids: readonly string[];
  readonly run: () => Promise<readonly Ratio[]>;
}[] = [
  { ids: ["B3", "B4"], run: bundleRatios },
  { ids: ["B5", "B6"], run: requestRatios },
  { ids: ["B7", "B8"], run: async () => scoringRatios() },
  { ids: ["B9"], run: importRatios },
  { ids: ["B11"], run: dashboardRatios },
  { ids: ["B12"], run: growthRatios },
  { ids: ["B13"], run: freshnessRatios },
  { ids: ["R8"], run: noisyNeighbourRatios },
  { ids: ["B14", "B15"], run: async () => costRatios() },
];

const shown = (value: number): string =>
  value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 2 : 0 });

const rowOf = (one: Ratio): string[] => [
  one.id,
  one.what,
  `${shown(one.ours)} ${one.unit}`,
  `${shown(one.reference)} ${one.unit}`,
  one.ratio.toFixed(2),
  `${one.least === undefined ? "" : `≥ ${one.least}, `}${one.isCeiling ? "≤" : "≥"} ${one.gate}${isMissed(one) ? " missed" : ""}`,
];

function print(rows: readonly string[][]): void {
  const widths =
    rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  for (const row of rows) {
    process.stdout.write(`${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}\n`);
  }
}

const wanted = process.argv.slice(2);
const chosen = measurements.filter(
  ({ ids }) => wanted.length === 0 || ids.some((id) => wanted.includes(id)),
);
if (chosen.length === 0) {
  const known = measurements.flatMap(({ ids }) => ids).join(" ");
  process.stderr.write(`Nothing is called ${wanted.join(" ")}; there are ${known}\n`);
  process.exit(2);
}
const ratios: Ratio[] = [];
for (const { run } of chosen) ratios.push(...(await run()));

print([["#", "what", "ours", "reference", "ratio", "gate"], ...ratios.map(rowOf)]);
process.stdout.write(
  "\nB1 and B2 are tests (packages/storage/src/access-patterns/access-patterns.test.ts), and so is B10 (import/real-export.test.ts there,\n" +
    "packages/workers/src/cycle/kick-off-faults.test.ts)\n",
);
if (wanted.length === 0) {
  writeFileSync(
    join(import.meta.dirname, "results.json"),
    `${JSON.stringify({ measuredAt: new Date().toISOString(), node: process.version, ratios }, null, 2)}\n`,
  );
}
process.exit(0);
