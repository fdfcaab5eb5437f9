import { globSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that put another module in a module's place, which those that share modules would see too. */
const alone = ["packages/storage/src/entity.test.ts"];

const everywhere = ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"];
const elsewhere = ["**/node_modules/**", "test/infra/**", ...alone];

/** `CONCORD_FULL=1` is for the tests that have a larger figure then; the others would do the same once more. */
const isFull = process.env["CONCORD_FULL"] === "1";
const hasFigure = (path: string): boolean =>
  /\bfigure\(\d|CONCORD_FULL/.test(readFileSync(path, "utf8"));
const included = isFull
  ? globSync(everywhere, { exclude: elsewhere }).filter(hasFigure)
  : everywhere;

/** What takes longest, first, so that no worker is left alone with it at the end. */
const longest = isFull
  ? [
      ...["journeys/kill", "fuzz/requests", "isolation/isolation", "faults/hot-items"],
      ...["faults/approval-histories", "faults/commands", "faults/workers", "audit/tamper"],
    ]
  : [
      ...["journeys/kill", "authorization/http-matrix", "isolation/isolation", "isolation/layers"],
      ...["journeys/dev", "journeys/dev-start", "privacy/retention", "journeys/real-export"],
    ];
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rest = await super.sort(files);
    const isOf = (name: string) => (file: TestSpecification) =>
      file.moduleId.endsWith(`/test/${name}.test.ts`);
    const first = longest.flatMap((name) => rest.filter(isOf(name)));
    return [...new Set([...first, ...rest])];
  }
}

export default defineConfig({
  test: {
    pool: "forks",
    sequence: { sequencer: LongestFirst },
    // On two cores one worker would be left: it spends much of its time waiting for the engine beside it, and in full
    // for processes that it kills.
    maxWorkers: Math.max(isFull ? 3 : 2, availableParallelism() - 1),
    passWithNoTests: false,
    projects: [
      {
        test: {
          name: "together",
          include: included,
          exclude: elsewhere,
          // A worker keeps its modules and its engine: to load them for each file costs more than the tests.
          isolate: false,
          testTimeout: isFull ? 900_000 : 60_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          name: "alone",
          include: isFull ? [] : alone,
          testTimeout: 60_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
