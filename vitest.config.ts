import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "test/infra/**"],
    pool: "forks",
    // Files of a worker share its modules and its engine: loading them anew for each file costs more than the tests.
    isolate: false,
    // On two cores one worker would be left: it spends much of its time waiting for the engine beside it.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 240_000,
    passWithNoTests: false,
  },
});
