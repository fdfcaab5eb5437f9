import { readdirSync, readFileSync } from "node:fs";
import { testTable } from "@concord/local/testing";
import { describe, expect, it } from "vitest";
import { exercises, storesOn, tableUnder } from "./access-patterns.all.ts";
import type { Stores } from "./access-patterns.ts";
import { dynamoTable, type Table } from "./dynamo-table.ts";
import { createMeter } from "./meter.ts";

async function freshTable(): Promise<Table> {
  const { documentClient, tableName } = await testTable();
  return dynamoTable({
    name: tableName,
    client: documentClient,
    sleep: () => Promise.resolve(),
    random: () => 0,
  });
}

interface Documented {
  readonly pattern: string;
  readonly question: string;
  /** `repository.method`, one or more that ask the same. */
  readonly methods: readonly string[];
  readonly requests: number;
  readonly units: string;
}

const document = readFileSync(new URL("../ACCESS_PATTERNS.md", import.meta.url), "utf8");

const documented: readonly Documented[] = tableUnder(document, "Patterns").map(
  ([pattern = "", question = "", methods = "", , , , requests = "", units = ""]) => ({
    pattern,
    question,
    methods: [...methods.matchAll(/`([^`]+)`/g)].map(([, method = ""]) => method),
    requests: Number(/^\d+/.exec(requests)?.[0]),
    units,
  }),
);

/** Repository methods with the patterns their comments name. */
function commented(): { pattern: string; method: string }[] {
  const folder = new URL(".", import.meta.url);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.includes("/") && path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .flatMap((path) => {
      const text = readFileSync(new URL(path, folder), "utf8");
      const comments = text.matchAll(
        /\/\*\* (AP-\d+(?:, AP-\d+)*)[^*]*\*\/\s+(?:async )?\*?(\w+)/g,
      );
      return [...comments].flatMap(([, patterns = "", method = ""]) =>
        patterns.split(", ").map((pattern) => ({ pattern, method })),
      );
    });
}

/** Every method of every repository behind the two doors, by each name that its repository has. */
function methodsOf({ tenant, system }: Stores): string[][] {
  const names = new Map<object, string[]>();
  for (const [name, repository] of [...Object.entries(tenant), ...Object.entries(system)]) {
    names.set(repository, [...(names.get(repository) ?? []), name]);
  }
  return [...names].flatMap(([repository, known]) =>
    Object.keys(repository).map((method) => known.map((name) => `${name}.${method}`)),
  );
}

const sorted = (values: Iterable<string>) => [...values].sort();
const costOf = (pattern: string) => documented.find((row) => row.pattern === pattern);

describe("ACCESS_PATTERNS.md", () => {
  it("names each pattern once, in ascending order", () => {
    const numbers = documented.map(({ pattern }) => Number(/^AP-(\d+)$/.exec(pattern)?.[1]));
    expect(numbers.length).toBeGreaterThan(100);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  it("holds exactly the patterns that repository methods name, with those methods", () => {
    const inDocument = documented.flatMap(({ pattern, methods }) =>
      methods.map((method) => `${pattern} ${method.split(".")[1]}`),
    );
    const inCode = commented().map(({ pattern, method }) => `${pattern} ${method}`);
    expect(sorted(inDocument)).toEqual(sorted(inCode));
  });

  it("names methods that exist, and leaves out no method of any repository", async () => {
    const existing = methodsOf(storesOn(await freshTable()));
    const named = new Set(documented.flatMap(({ methods }) => methods));
    const known = new Set(existing.flat());
    expect([...named].filter((method) => !known.has(method))).toEqual([]);
    expect(existing.filter((names) => !names.some((name) => named.has(name)))).toEqual([]);
  });

  it("has one exercise for each pattern", () => {
    expect(sorted(exercises.map(({ pattern }) => pattern))).toEqual(
      sorted(documented.map(({ pattern }) => pattern)),
    );
  });
});

describe("the budget", () => {
  it.each(
    exercises.map((exercise) => ({
      ...exercise,
      question: costOf(exercise.pattern)?.question ?? "not documented",
    })),
  )("of $pattern, $question, is what the meter counts", async ({ pattern, prepare }) => {
    const table = await freshTable();
    const act = await prepare(storesOn(table));
    const meter = createMeter();
    const answer = await act(storesOn(table.metered(meter)));
    expect(answer, "the exercise was refused").not.toBe(false);
    const { requests, readUnits, writeUnits } = meter.usage();
    const units = [
      ...(readUnits > 0 ? [`${readUnits} R`] : []),
      ...(writeUnits > 0 ? [`${writeUnits} W`] : []),
    ].join(", ");
    const budget = costOf(pattern);
    expect({ requests, units }).toEqual({ requests: budget?.requests, units: budget?.units });
  });
});
