import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

interface Capability {
  readonly id: string;
  readonly state: string;
  readonly where: string;
}

const catalogue: Capability[] = readFileSync(join(root, "test/CAPABILITIES.md"), "utf8")
  .split("\n")
  .flatMap((line) => {
    const [, id, , state, where] = line.split("|").map((cell) => cell.trim());
    return id && /^[SGP]-\d+$/.test(id) ? [{ id, state: state ?? "", where: where ?? "" }] : [];
  });

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "node_modules") return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return entry.name.endsWith(".test.ts") ? [path] : [];
  });
}

/** Ids that a title of a test or of a group begins with; several may be joined by commas. */
function provenIds(): string[] {
  const files = [join(root, "packages"), join(root, "test")].flatMap(testFiles);
  expect(files.length).toBeGreaterThan(20);
  return files.flatMap((file) =>
    [
      ...readFileSync(file, "utf8").matchAll(
        /(?:it|test|describe)(?:\.each\([\s\S]*?\))?\(\s*["'`]((?:[SGP]-\d+[, ]+)+)/g,
      ),
    ].flatMap(([, ids = ""]) => ids.match(/[SGP]-\d+/g) ?? []),
  );
}

describe("the capability catalogue", () => {
  it("names every capability once, with a state that exists", () => {
    const ids = catalogue.map(({ id }) => id);
    expect(ids).toHaveLength(142);
    expect(new Set(ids).size).toBe(ids.length);
    expect(catalogue.filter(({ state }) => !/^(built|partly|planned)$/.test(state))).toEqual([]);
  });

  it("says where to try what is built", () => {
    const nowhere = catalogue.filter(({ state, where }) => state !== "planned" && where === "");
    expect(nowhere).toEqual([]);
  });

  it("calls nothing built that no test proves", () => {
    const proven = new Set(provenIds());
    const claimed = catalogue.filter(({ state }) => state === "built").map(({ id }) => id);
    expect(claimed.filter((id) => !proven.has(id))).toEqual([]);
  });

  it("knows every id that a test claims to prove, and calls none of them planned", () => {
    const known = new Map(catalogue.map(({ id, state }) => [id, state]));
    const wrong = provenIds().filter((id) => (known.get(id) ?? "planned") === "planned");
    expect([...new Set(wrong)]).toEqual([]);
  });
});
