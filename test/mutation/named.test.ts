import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { namedMutants } from "./named.ts";

const root = join(import.meta.dirname, "../..");

describe("the defences that `pnpm mutants named` takes away", () => {
  it.each(namedMutants)(
    "stand in the code, and tests look after them: $name",
    ({ path, from, tests }) => {
      expect(readFileSync(join(root, path), "utf8").split(from)).toHaveLength(2);
      for (const test of tests) expect(existsSync(join(root, test)), test).toBe(true);
    },
  );
});
