import { globSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { areas } from "./areas.ts";

const root = new URL("../..", import.meta.url).pathname;

/** `{a,b}.ts` as `a.ts` and `b.ts`, so that each of them has to be there. */
function each(pattern: string): string[] {
  const [braces, names = ""] = /\{([^}]*)\}/.exec(pattern) ?? [];
  return braces
    ? names.split(",").flatMap((name) => each(pattern.replace(braces, name)))
    : [pattern];
}

describe("what `pnpm mutants` changes", () => {
  it.each(Object.entries(areas))("is there, and so are the tests that look after %s", (_, area) => {
    const patterns = [...area.mutate, ...area.tests].flatMap(each);
    expect(patterns.filter((one) => globSync(one, { cwd: root }).length === 0)).toEqual([]);
  });
});
