import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { testTable } from "@concord/local/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exists, isNew } from "./condition.ts";
import { connectTable } from "./connect-table.ts";
import { createMeter, itemBytes, putUnits, readUnits, touchUnits } from "./meter.ts";

/** Beside `pk` and `sk` of two bytes each there is one attribute, of one letter. */
const bytesOf = (value: unknown) => itemBytes({ pk: "pp", sk: "ss", v: value }) - 9;

describe("the size of an attribute value", () => {
  // The developer guide, "DynamoDB item sizes and formats"; numbers as DynamoDB Local counts them.
  it.each([
    { name: "text by its UTF-8 bytes", value: "abc", bytes: 3 },
    { name: "an accent as two bytes", value: "é", bytes: 2 },
    { name: "an emoji as four bytes", value: "🎯", bytes: 4 },
    { name: "empty text as nothing", value: "", bytes: 0 },
    { name: "zero", value: 0, bytes: 1 },
    { name: "one digit", value: 7, bytes: 2 },
    { name: "two digits in one byte", value: 42, bytes: 2 },
    { name: "three digits", value: 123, bytes: 3 },
    { name: "trailing zeros as nothing", value: 1_000_000, bytes: 2 },
    { name: "leading zeros as nothing", value: 0.001, bytes: 2 },
    { name: "pairs from the point outwards", value: 1.5, bytes: 3 },
    { name: "an odd digit before the point", value: 120, bytes: 3 },
    { name: "nine digits", value: -341_427_160, bytes: 7 },
    { name: "a minus as one byte", value: -1, bytes: 3 },
    { name: "the largest safe integer", value: 9_007_199_254_740_991, bytes: 9 },
    { name: "true", value: true, bytes: 1 },
    { name: "null", value: null, bytes: 1 },
    { name: "bytes by their number", value: new Uint8Array(5), bytes: 5 },
    { name: "an empty list", value: [], bytes: 3 },
    { name: "an empty map", value: {}, bytes: 3 },
    { name: "a list with one byte for each element", value: ["a", 7], bytes: 3 + 2 + 3 },
    { name: "a map with names, and one byte for each", value: { ab: "c" }, bytes: 3 + 2 + 1 + 1 },
    { name: "what is nested", value: [{ a: [null] }], bytes: 3 + 1 + 3 + 1 + 1 + 3 + 1 + 1 },
    { name: "what is not stored as nothing", value: { a: undefined }, bytes: 3 },
  ])("counts $name", ({ value, bytes }) => {
    expect(bytesOf(value)).toBe(bytes);
  });

  it("counts the names of attributes and leaves out the undefined ones", () => {
    expect(itemBytes({ pk: "a", sk: "b", name: "é", gone: undefined })).toBe(3 + 3 + 6);
  });
});

describe("units", () => {
  const ofBytes = (bytes: number) => ({ pk: "p", sk: "s", v: "x".repeat(bytes - 7) });

  it.each([
    { bytes: 1024, units: 1 },
    { bytes: 1025, units: 2 },
    { bytes: 10_240, units: 10 },
  ])("of writing $bytes bytes are $units, twice in a transaction", ({ bytes, units }) => {
    expect(putUnits(ofBytes(bytes), { inTransaction: false })).toBe(units);
    expect(putUnits(ofBytes(bytes), { inTransaction: true })).toBe(2 * units);
  });

  it.each([
    { bytes: 0, units: 1 },
    { bytes: 4096, units: 1 },
    { bytes: 4097, units: 2 },
  ])("of reading $bytes bytes are $units, half where it may be stale", ({ bytes, units }) => {
    expect(readUnits(bytes, true)).toBe(units);
    expect(readUnits(bytes, false)).toBe(units / 2);
  });

  it("of an index are one write of the row more, once also in a transaction", () => {
    const item = { ...ofBytes(1500), gsi1pk: "a", gsi1sk: "b" };
    expect(putUnits(item, { inTransaction: false })).toBe(4);
    expect(putUnits(item, { inTransaction: true })).toBe(6);
    const both = { ...item, gsi2pk: "a", gsi2sk: "b" };
    expect(putUnits(both, { inTransaction: true })).toBe(8);
  });

  it("of a deletion and of a check are one, twice in a transaction", () => {
    expect(touchUnits({ inTransaction: false })).toBe(1);
    expect(touchUnits({ inTransaction: true })).toBe(2);
  });

  it("never fall when an item grows", async () => {
    await fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (item, more) => {
        const name = `${Object.keys(item).join("")}+`;
        const grown = { ...item, [name]: more };
        for (const inTransaction of [false, true]) {
          expect(putUnits(grown, { inTransaction })).toBeGreaterThanOrEqual(
            putUnits(item, { inTransaction }),
          );
        }
        expect(itemBytes(grown)).toBeGreaterThan(itemBytes(item));
        expect(readUnits(itemBytes(grown), true)).toBeGreaterThanOrEqual(
          readUnits(itemBytes(item), true),
        );
      }),
    );
  });
});

describe("the computed units and the engine's own", () => {
  it("are equal for new items of any content, near every step of the scale", async () => {
    const { documentClient, tableName } = await testTable();
    let number = 0;
    // Of longer numbers the engine counts some a byte smaller than DynamoDB Local does.
    const smallNumber = fc.integer({ min: -99, max: 99 });
    const value = fc.oneof(
      fc.string(),
      smallNumber,
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string(), { maxLength: 5 }),
      fc.dictionary(fc.stringMatching(/^_[a-z]{0,9}$/), smallNumber, { maxKeys: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(
        value,
        fc.integer({ min: -12, max: 3 }),
        fc.boolean(),
        async (v, off, indexed) => {
          number += 1;
          const item = {
            pk: `p${number}`,
            sk: "s",
            v,
            ...(indexed ? { gsi1pk: "a", gsi1sk: "b" } : {}),
          };
          const room = 2048 - itemBytes({ ...item, fill: "" }) + off;
          const filled = { ...item, fill: "x".repeat(Math.max(0, room)) };
          const { ConsumedCapacity } = await documentClient.send(
            new PutCommand({
              TableName: tableName,
              Item: filled,
              ReturnConsumedCapacity: "TOTAL",
            }),
          );
          expect(ConsumedCapacity?.CapacityUnits).toBe(putUnits(filled, { inTransaction: false }));
        },
      ),
      { numRuns: 150 },
    );
  });

  const metered = async () => {
    const { client, tableName } = await testTable();
    const plain = connectTable(client, {
      name: tableName,
      sleep: () => Promise.resolve(),
      random: () => 0,
    });
    return async (action: (table: typeof plain) => Promise<unknown>) => {
      const meter = createMeter();
      await action(plain.metered(meter));
      return meter.usage();
    };
  };
  const row = { pk: "T#a#P", sk: "A", gsi1pk: "T#a#L", gsi1sk: "1" };

  it("count a change of an index key as a removal and a new entry", async () => {
    const costOf = await metered();
    expect(await costOf((table) => table.put(row, isNew))).toEqual({
      requests: 1,
      readUnits: 0,
      writeUnits: 2,
    });
    const stays = { ...row, name: "changed" };
    expect((await costOf((table) => table.put(stays, exists))).writeUnits).toBe(2);
    const moves = { ...stays, gsi1sk: "2" };
    expect((await costOf((table) => table.put(moves, exists))).writeUnits).toBe(3);
    expect(
      (await costOf((table) => table.transact([{ put: row, condition: exists }]))).writeUnits,
    ).toBe(4);
    expect(
      (await costOf((table) => table.remove({ pk: row.pk, sk: row.sk }, exists))).writeUnits,
    ).toBe(2);
  });

  it("count a failed condition as the write it did not make", async () => {
    const costOf = await metered();
    await costOf((table) => table.put(row, isNew));
    expect((await costOf((table) => table.put(row, isNew))).writeUnits).toBe(2);
    const twice = await costOf((table) => table.transact([{ put: row, condition: isNew }]));
    expect(twice).toEqual({ requests: 1, readUnits: 0, writeUnits: 3 });
  });

  it("count a missing item of a read, alone or among others", async () => {
    const costOf = await metered();
    const key = { pk: "T#a#P", sk: "missing" };
    expect((await costOf((table) => table.get(key))).readUnits).toBe(1);
    expect((await costOf((table) => table.get(key, { consistent: false }))).readUnits).toBe(0.5);
    expect((await costOf((table) => table.getAll([key, { ...key, sk: "B" }]))).readUnits).toBe(2);
    expect((await costOf((table) => table.query({ pk: "T#a#none" }))).readUnits).toBe(1);
    const stale = await costOf((table) => table.query({ index: "gsi1", pk: "T#a#none" }));
    expect(stale).toEqual({ requests: 1, readUnits: 0.5, writeUnits: 0 });
  });
});
