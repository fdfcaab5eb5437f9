import { readdirSync, readFileSync } from "node:fs";
import { paginateScan } from "@aws-sdk/lib-dynamodb";
import { testTable } from "@concord/local/testing";
import { describe, expect, it } from "vitest";
import type { Table } from "../dynamo-table/contract.ts";
import { dynamoTable } from "../dynamo-table/dynamo-table.ts";
import type { Item } from "../dynamo-table/item.ts";
import { createMeter } from "../dynamo-table/meter.ts";
import type { Stores } from "./access-patterns.ts";
import { exercises, storesOn, tableUnder } from "./all.ts";
import { type Asked, floorOf, noted } from "./floor.ts";

/** A table, and a way to look at all of it. */
async function freshTable(): Promise<{ table: Table; rows: () => Promise<Item[]> }> {
  const { documentClient, tableName } = await testTable();
  const table = dynamoTable({
    name: tableName,
    client: documentClient,
    sleep: () => Promise.resolve(),
    random: () => 0,
  });
  const rows = async () => {
    const found: Item[] = [];
    for await (const { Items = [] } of paginateScan(
      { client: documentClient },
      { TableName: tableName },
    )) {
      found.push(...Items);
    }
    return found;
  };
  return { table, rows };
}

interface Documented {
  readonly pattern: string;
  readonly question: string;
  /** `repository.method`, one or more that ask the same. */
  readonly methods: readonly string[];
  readonly requests: number;
  readonly units: string;
}

const document = readFileSync(new URL("../../ACCESS_PATTERNS.md", import.meta.url), "utf8");

const documented: readonly Documented[] = tableUnder(document, "Patterns").map(
  ([pattern = "", question = "", methods = "", , , , requests = "", units = ""]) => ({
    pattern,
    question,
    methods: [...methods.matchAll(/`([^`]+)`/g)].map(([, method = ""]) => method),
    requests: Number(/^\d+/.exec(requests)?.[0]),
    units,
  }),
);

/** What an operation may cost beside the floor of its rows. */
const MOST_ABOVE_FLOOR = 1.1;
/** Those that cost more, by their ratio. */
const aboveFloor = new Map(
  tableUnder(document, "Above the floor").map(([pattern = "", ratio = ""]) => [pattern, ratio]),
);

/** Repository methods with the patterns their comments name. */
function commented(): { pattern: string; method: string }[] {
  const folder = new URL("..", import.meta.url);
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
    const existing = methodsOf(storesOn((await freshTable()).table));
    const named = new Set(documented.flatMap(({ methods }) => methods));
    const known = new Set(existing.flat());
    expect([...named].filter((method) => !known.has(method))).toEqual([]);
    const unnamed = existing.filter((names) => !names.some((name) => named.has(name)));
    // It waits, and asks the table nothing.
    expect(unnamed).toEqual([["contention.pause"]]);
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
    const { table, rows } = await freshTable();
    const act = await prepare(storesOn(table));
    const meter = createMeter();
    const asked: Asked = { reads: [], transactions: [] };
    const before = await rows();
    const answer = await act(storesOn(noted(table.metered(meter), asked)));
    const floor = floorOf(asked, before, await rows());
    expect(answer, "the exercise was refused").not.toBe(false);
    const { requests, readUnits, writeUnits } = meter.usage();
    const units = [
      ...(readUnits > 0 ? [`${readUnits} R`] : []),
      ...(writeUnits > 0 ? [`${writeUnits} W`] : []),
    ].join(", ");
    const budget = costOf(pattern);
    expect({ requests, units }).toEqual({ requests: budget?.requests, units: budget?.units });
    const ratio = (readUnits + writeUnits) / floor;
    expect(ratio, "units are not below their floor").toBeGreaterThanOrEqual(1);
    expect(ratio > MOST_ABOVE_FLOOR ? ratio.toFixed(2) : "within").toBe(
      aboveFloor.get(pattern) ?? "within",
    );
  });
});
