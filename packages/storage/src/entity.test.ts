import { readFileSync } from "node:fs";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { StoredEvent } from "@concord/core/event";
import { testTable } from "@concord/local/testing";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { TENANT } from "./access-patterns/access-patterns.ts";
import { exercises, storesOn, tableUnder } from "./access-patterns/all.ts";
import { auditedRows } from "./audit/audited-rows.ts";
import { dynamoTable } from "./dynamo-table/dynamo-table.ts";
import type { Item } from "./dynamo-table/item.ts";
import { type Entity, fromItem, toItem } from "./entity.ts";
import { tenantKeys } from "./keys/index.ts";

/** Every entity that a repository wrote with, in the order of its writes. */
const written: Entity<unknown>[] = [];

vi.mock("./entity.ts", async (importOriginal) => {
  const original = await importOriginal<typeof import("./entity.ts")>();
  return {
    ...original,
    toItem: <T>(entity: Entity<T>, value: T) => {
      written.push(entity as Entity<unknown>);
      return original.toItem(entity, value);
    },
  };
});

/** Rows that are a key and what it points to; each is written in one place, without an entity. */
const pointers = [
  "ErasurePart",
  "ExportPart",
  "FlagOfSource",
  "AddressInvitation",
  "InvitedAddress",
  "LoginAddress",
  "PartnerName",
  "PartnerRulesMark",
  "SsoLinkOfMember",
];
/** Rows that count; each is written in one place by updates, which no entity makes. */
const counters = ["GuessBucket", "ImportsOfDay", "RateBucket", "Usage"];

const systemPartitions =
  /^SYSTEM#(CHALLENGE#[\w-]{43}|ERASURE#ten_\w{26}|FACTOR#per_\w{26}|INVITED#[\w-]{32}|GUESS#(account|domain|network|pair|(link|code)-\w+)(#KNOWN)?#[\w-]{32}|LOGIN#[\w-]{32}|LOGINLINK#lnk_\w{26}|PERSON#per_\w{26}|SECURITY#per_\w{26}|SIGNING-KEYS|TENANTS|TICK|TIMER#(0\d|1[0-5]))$/;

interface Filled {
  readonly pattern: string;
  readonly rows: readonly Item[];
  readonly entities: ReadonlyMap<string, Entity<unknown>>;
}

async function everyRow(pattern: (typeof exercises)[number]): Promise<Filled> {
  const { documentClient, tableName } = await testTable();
  const table = dynamoTable({
    name: tableName,
    client: documentClient,
    sleep: () => Promise.resolve(),
    random: () => 0,
  });
  written.length = 0;
  const act = await pattern.prepare(storesOn(table));
  await act(storesOn(table));
  const { Items = [] } = await documentClient.send(new ScanCommand({ TableName: tableName }));
  return {
    pattern: pattern.pattern,
    rows: Items,
    entities: new Map(written.map((entity) => [entity.name, entity])),
  };
}

describe("the rows that the repositories write", () => {
  let filled: Filled[] = [];
  const rows = () => filled.flatMap(({ rows }) => rows);
  const entityOf = (row: Item) => String(row["entity"]);

  beforeAll(async () => {
    filled = [];
    for (const one of exercises) filled.push(await everyRow(one));
  });

  it("are of exactly the entities that ACCESS_PATTERNS.md lists", () => {
    const document = readFileSync(new URL("../ACCESS_PATTERNS.md", import.meta.url), "utf8");
    const listed = tableUnder(document, "Rows").map(([name = ""]) => name);
    // What a request with an Idempotency-Key writes besides has a test of its own.
    const seen = [...new Set(rows().map(entityOf)), "RecordedAnswer"];
    expect(seen.sort()).toEqual(listed.sort());
  });

  it("hold the keys, the index keys and the expiry that their entity makes of their value", () => {
    const checked = new Set<string>();
    for (const { pattern, rows, entities } of filled) {
      for (const row of rows) {
        const name = entityOf(row);
        if (name === "Event" || [...pointers, ...counters].includes(name)) continue;
        const entity = entities.get(name);
        expect(entity, `${name} of ${pattern}`).toBeDefined();
        // By it an update knows itself again where its answer was lost.
        const { changeId: _, ...content } = row;
        if (entity) expect(toItem(entity, fromItem(entity, row)), pattern).toEqual(content);
        checked.add(name);
      }
    }
    expect(checked.size).toBeGreaterThan(35);
  });

  it("keep an event beside its aggregate, named after the version it made", () => {
    const keys = tenantKeys(TENANT);
    const aggregates = new Set<string>();
    for (const { rows } of filled) {
      for (const row of rows.filter((one) => entityOf(one) === "Event")) {
        const { aggregate } = StoredEvent.parse(row);
        const { pk, sk } = z.object({ pk: z.string(), sk: z.string() }).parse(row);
        const key = keys.event(pk, aggregate.type, aggregate.id, aggregate.version);
        expect({ pk, sk }).toEqual(key);
        const beside = rows.filter((other) => other["pk"] === pk).map(entityOf);
        expect(beside).toContain(aggregate.type);
        aggregates.add(aggregate.type);
      }
    }
    expect(aggregates.size).toBeGreaterThan(15);
    const counted = auditedRows(keys).map(({ aggregate }) => aggregate.name);
    // Facts are mass rows, with the manifests of their imports in the audit trail; no list holds a link.
    const uncounted = [...aggregates].filter((type) => !counted.includes(type));
    expect(uncounted.sort()).toEqual(["Opportunity", "SsoLink"]);
  });

  it("lie in a partition of their tenant, or in one of the system's", () => {
    const own = `T#${TENANT}#`;
    const strangers = rows()
      .map(({ pk }) => String(pk))
      .filter((pk) => !pk.startsWith(own) && !systemPartitions.test(pk));
    expect(strangers).toEqual([]);
  });

  it("appear in an index under their tenant alone, with both keys or none", () => {
    const indexed = rows().flatMap((row) =>
      ["gsi1", "gsi2"]
        .filter((index) => row[`${index}pk`] !== undefined || row[`${index}sk`] !== undefined)
        .map((index) => ({ pk: row[`${index}pk`], sk: row[`${index}sk`] })),
    );
    expect(indexed.length).toBeGreaterThan(100);
    for (const { pk, sk } of indexed) {
      expect(String(pk).startsWith(`T#${TENANT}#`)).toBe(true);
      expect(typeof sk).toBe("string");
    }
  });
});

describe("an entity", () => {
  const Note = z.object({ id: z.string(), text: z.string() });
  const note: Entity<z.infer<typeof Note>> = {
    name: "Note",
    schema: Note,
    schemaVersion: 2,
    key: ({ id }) => ({ pk: "T#a#NOTE", sk: id }),
    upgrade: ({ body, ...row }) => ({ ...row, text: body }),
  };

  it("reads a row of an older shape as today's, and leaves one of today's alone", () => {
    const old = { pk: "T#a#NOTE", sk: "1", entity: "Note", schemaVersion: 1, id: "1", body: "old" };
    expect(fromItem(note, old)).toEqual({ id: "1", text: "old" });
    const today = { id: "2", text: "new" };
    expect(fromItem(note, toItem(note, today))).toEqual(today);
  });

  it("refuses a row of another kind and one that does not parse", () => {
    const row = toItem(note, { id: "1", text: "a" });
    expect(() => fromItem(note, { ...row, entity: "Other" })).toThrow(
      "a row of Other was read as Note",
    );
    expect(() => fromItem(note, { ...row, text: 7 })).toThrow(z.ZodError);
  });
});
