import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Files that put another module in a module's place, which those that share modules would see too. */
const alone = ["packages/storage/src/entity.test.ts"];

export default defineConfig({
  test: {
    pool: "forks",
    // On two cores one worker would be left: it spends much of its time waiting for the engine beside it.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    passWithNoTests: false,
    projects: [
      {
        test: {
          name: "together",
          include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"],
          exclude: ["**/node_modules/**", "test/infra/**", ...alone],
          // A worker keeps its modules and its engine: to load them for each file costs more than the tests.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: { name: "alone", include: alone, testTimeout: 60_000, hookTimeout: 240_000 },
      },
    ],
  },
});
