import { testTable } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { isNew } from "./dynamo-table/condition.ts";
import type { Table } from "./dynamo-table/contract.ts";
import { dynamoTable } from "./dynamo-table/dynamo-table.ts";
import { type Entity, toItem } from "./entity.ts";
import { every, page } from "./position.ts";

interface Note {
  readonly tenant: string;
  readonly id: string;
}
const note: Entity<Note> = {
  name: "Note",
  schema: z.object({ tenant: z.string(), id: z.string() }),
  schemaVersion: 1,
  key: ({ tenant, id }) => ({ pk: `T#${tenant}#NOTES`, sk: id }),
  indexes: ({ tenant, id }) => ({ gsi2pk: `T#${tenant}#LIST`, gsi2sk: id }),
};

const own = { pk: "T#a#NOTES" };
const list = { index: "gsi2" as const, pk: "T#a#LIST" };
const positionOf = (key: unknown) => Buffer.from(JSON.stringify(key)).toString("base64url");

describe("a position", () => {
  let table: Table;
  beforeAll(async () => {
    const { documentClient, tableName } = await testTable();
    table = dynamoTable({
      name: tableName,
      client: documentClient,
      sleep: () => Promise.resolve(),
      random: () => 0,
    });
    for (const tenant of ["a", "b"]) {
      for (const id of ["1", "2", "3", "4", "5"]) {
        await table.put(toItem(note, { tenant, id }), isNew);
      }
    }
  });
  const pageOf = (query: typeof own | typeof list, position?: string) =>
    page(table, note, query, { limit: 2, position }, "T#a#");

  it.each([
    { name: "a partition", query: own },
    { name: "an index", query: list },
  ])("leads through $name once, in order, and ends", async ({ query }) => {
    const pages: string[][] = [];
    let position: string | undefined;
    do {
      const next = await pageOf(query, position);
      pages.push(next.items.map(({ id }) => id));
      position = next.position;
    } while (position !== undefined);
    expect(pages).toEqual([["1", "2"], ["3", "4"], ["5"]]);
  });

  it.each([
    { name: "not even JSON", position: "%%%" },
    { name: "text", position: positionOf("T#a#NOTES") },
    { name: "null", position: positionOf(null) },
    { name: "a list", position: positionOf(["T#a#NOTES", "1"]) },
    { name: "nothing", position: positionOf({}) },
    { name: "another tenant's row", position: positionOf({ pk: "T#b#NOTES", sk: "1" }) },
    { name: "another partition's row", position: positionOf({ pk: "T#a#OTHER", sk: "1" }) },
    { name: "half a key", position: positionOf({ pk: "T#a#NOTES" }) },
    { name: "a number for a key", position: positionOf({ pk: "T#a#NOTES", sk: 1 }) },
    { name: "more than a key", position: positionOf({ pk: "T#a#NOTES", sk: "1", x: "y" }) },
    {
      name: "a row of the index",
      position: positionOf({ pk: "T#a#NOTES", sk: "1", gsi2pk: "T#a#LIST", gsi2sk: "1" }),
    },
  ])("that names $name is refused in a partition", async ({ position }) => {
    await expect(pageOf(own, position)).rejects.toMatchObject({ code: "cursor-invalid" });
  });

  it.each([
    { name: "only the index key", key: { gsi2pk: "T#a#LIST", gsi2sk: "1" } },
    {
      name: "another tenant's row under the own list",
      key: { pk: "T#b#NOTES", sk: "1", gsi2pk: "T#a#LIST", gsi2sk: "1" },
    },
    {
      name: "another list",
      key: { pk: "T#a#NOTES", sk: "1", gsi2pk: "T#a#OTHER", gsi2sk: "1" },
    },
    {
      name: "the other index",
      key: { pk: "T#a#NOTES", sk: "1", gsi1pk: "T#a#LIST", gsi1sk: "1" },
    },
  ])("that names $name is refused in an index", async ({ key }) => {
    await expect(pageOf(list, positionOf(key))).rejects.toMatchObject({ code: "cursor-invalid" });
  });

  it("is not needed to read every row, however many requests that takes", async () => {
    const ids: string[] = [];
    for await (const { id } of every(table, note, { ...own, limit: 2 })) ids.push(id);
    expect(ids).toEqual(["1", "2", "3", "4", "5"]);
  });
});
