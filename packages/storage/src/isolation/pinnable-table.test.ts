import { TenantId } from "@concord/core/id";
import { describe, expect, it } from "vitest";
import { always } from "../dynamo-table/condition.ts";
import type { Table } from "../dynamo-table/contract.ts";
import { createMeter } from "../dynamo-table/meter.ts";
import { EgressRefused } from "./egress-guard.ts";
import { pinnableTable } from "./pinnable-table.ts";

const ACME = TenantId.parse(`ten_${"0".repeat(25)}1`);
const GLOBEX = TenantId.parse(`ten_${"0".repeat(25)}2`);
const key = (tenantId: string) => ({ pk: `T#${tenantId}#PARTNER#1`, sk: "ROW" });

/** A table that holds nothing and notes down what reaches it. */
function tableOf(whose: string, reached: string[]): Table {
  const note = <T>(what: string, answer: T): Promise<T> => {
    reached.push(`${what} of ${whose}`);
    return Promise.resolve(answer);
  };
  return {
    name: whose,
    get: () => note("get", undefined),
    getAll: () => note("getAll", []),
    query: () => note("query", { items: [] }),
    put: () => note("put", true),
    remove: () => note("remove", true),
    update: () => note("update", { isApplied: true, item: undefined }),
    transact: () => note("transact", []),
    pause: () => note("pause", undefined),
    permits: () => void note("permits", undefined),
    metered: () => tableOf(`${whose}, metered`, reached),
  };
}

const ways: readonly (readonly [string, (of: Table, tenantId: string) => Promise<unknown>])[] = [
  ["get", (of, tenantId) => of.get(key(tenantId))],
  ["getAll", (of, tenantId) => of.getAll([key(tenantId)])],
  ["query", (of, tenantId) => of.query({ pk: key(tenantId).pk })],
  ["put", (of, tenantId) => of.put(key(tenantId), always)],
  ["remove", (of, tenantId) => of.remove(key(tenantId), always)],
  ["update", (of, tenantId) => of.update({ key: key(tenantId), set: {}, condition: always })],
  ["permits", async (of, tenantId) => of.permits("query", key(tenantId).pk)],
  ["transact", (of, tenantId) => of.transact([{ put: key(tenantId), condition: always }])],
];

describe("a table that is pinned to one tenant", () => {
  it.each(ways)("serves every %s before, and of that tenant alone afterwards", async (way, ask) => {
    const reached: string[] = [];
    const { table, pin, pinnedTo } = pinnableTable(tableOf("nobody", reached), (tenantId) =>
      tableOf(tenantId, reached),
    );
    await ask(table, ACME);
    await ask(table, GLOBEX);
    expect(reached).toEqual([`${way} of nobody`, `${way} of nobody`]);
    expect(pinnedTo()).toBeUndefined();
    pin(ACME);
    await expect(ask(table, GLOBEX)).rejects.toBeInstanceOf(EgressRefused);
    await ask(table, ACME);
    expect(reached.slice(2)).toEqual([`${way} of ${ACME}`]);
  });

  it("is still pinned where a meter counts what goes through it", async () => {
    const reached: string[] = [];
    const { table, pin } = pinnableTable(tableOf("nobody", reached));
    await table.metered(createMeter()).get(key(GLOBEX));
    pin(ACME);
    const metered = table.metered(createMeter());
    await expect(metered.get(key(GLOBEX))).rejects.toBeInstanceOf(EgressRefused);
    await metered.get(key(ACME));
    expect(reached).toEqual(["get of nobody, metered", "get of nobody, metered"]);
    expect(table.name).toBe("nobody");
  });

  it("serves no second tenant, and goes on serving the first", async () => {
    const reached: string[] = [];
    const { table, pin, pinnedTo } = pinnableTable(tableOf("nobody", reached));
    pin(ACME);
    expect(() => pin(GLOBEX)).toThrow(EgressRefused);
    expect(pinnedTo()).toBe(ACME);
    await expect(table.get(key(GLOBEX))).rejects.toBeInstanceOf(EgressRefused);
    await table.get(key(ACME));
    expect(reached).toEqual(["get of nobody"]);
  });

  it("takes no position before it is pinned, and then none of another tenant", () => {
    const { pin, checkPosition } = pinnableTable(tableOf("nobody", []));
    expect(() => checkPosition(key(ACME).pk)).toThrow(EgressRefused);
    pin(ACME);
    expect(() => checkPosition(key(ACME).pk)).not.toThrow();
    expect(() => checkPosition(key(GLOBEX).pk)).toThrow(EgressRefused);
  });
});
