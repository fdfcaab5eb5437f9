import type { RecordedAnswer } from "@concord/core/idempotency";
import { addMember } from "@concord/core/member";
import { SetTimer } from "@concord/core/timer";
import { ACME, GLOBEX, testStore } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { always } from "../dynamo-table/condition.ts";
import type { Table } from "../dynamo-table/contract.ts";
import type { Item } from "../dynamo-table/item.ts";
import { systemKeys, tenantKeys } from "../keys/index.ts";
import { openRequestStores } from "../request-stores.ts";
import { checkPosition, EgressRefused, guardedTable } from "./egress-guard.ts";

const own = `T#${ACME}#PARTNER#1`;
const foreign = `T#${GLOBEX}#PARTNER#1`;
const person = "SYSTEM#PERSON#per_00000000000000000000000001";
const row = (pk: string, more: Item = {}) => ({ pk, sk: "ROW", ...more });
const updating = (value: string) => ({
  expression: "attribute_not_exists(#a) OR attribute_exists(#a)",
  names: { "#a": "a" },
  values: { ":a": value },
});
const timer = (tenantId: typeof ACME) =>
  SetTimer.parse({ tenantId, kind: "cycle-open", subject: "s", dueAt: "2027-01-01T00:00:00.000Z" });

describe("the table of a request that belongs to one tenant", () => {
  let table: Table;
  let guarded: Table;
  let unguarded: Table;
  beforeAll(async () => {
    ({ table } = await testStore());
    ({ table: unguarded } = await testStore());
    guarded = guardedTable(table, ACME);
    await table.put(row(foreign, { gsi2pk: `T#${GLOBEX}#LIST`, gsi2sk: "1" }), always);
    await table.put(row(own, { gsi2pk: `T#${ACME}#LIST`, gsi2sk: "1" }), always);
    // What a mistake of long ago may have left behind.
    await table.put({ pk: foreign, sk: "AD", gsi2pk: `T#${ACME}#STRAY`, gsi2sk: "1" }, always);
    await table.put({ pk: own, sk: "STAMPED", tenantId: GLOBEX }, always);
  });

  const refused: readonly (readonly [string, (of: Table) => Promise<unknown>])[] = [
    ["a get", (of) => of.get(row(foreign))],
    ["one key of many", (of) => of.getAll([row(own), row(foreign)])],
    ["a query", (of) => of.query({ pk: foreign })],
    ["a query of an index", (of) => of.query({ index: "gsi2", pk: `T#${GLOBEX}#LIST` })],
    ["a foreign row in an own list", (of) => of.query({ index: "gsi2", pk: `T#${ACME}#STRAY` })],
    ["a row stamped with another tenant", (of) => of.get({ pk: own, sk: "STAMPED" })],
    ["a start key", (of) => of.query({ pk: own, after: { pk: foreign, sk: "ROW" } })],
    [
      "a start key of an index",
      (of) =>
        of.query({
          index: "gsi2",
          pk: `T#${ACME}#LIST`,
          after: { ...row(own), gsi2pk: `T#${GLOBEX}#LIST`, gsi2sk: "0" },
        }),
    ],
    ["a put", (of) => of.put(row(foreign), always)],
    ["a put into a foreign list", (of) => of.put(row(own, { gsi1pk: foreign }), always)],
    ["a put of a stamped row", (of) => of.put(row(own, { tenantId: GLOBEX }), always)],
    ["an update", (of) => of.update({ key: row(foreign), set: { a: 1 }, condition: always })],
    [
      "an update into a foreign list",
      (of) => of.update({ key: row(own), set: { gsi1pk: foreign }, condition: always }),
    ],
    ["a removal", (of) => of.remove(row(foreign), always)],
    [
      "one write of a transaction",
      (of) =>
        of.transact([
          { put: row(own), condition: always },
          { put: row(foreign), condition: always },
        ]),
    ],
    [
      "a removal in a transaction",
      (of) => of.transact([{ remove: row(foreign), condition: always }]),
    ],
    [
      "an update in a transaction",
      (of) =>
        of.transact([
          { update: row(foreign), expression: "SET #a = :a", condition: updating("1") },
        ]),
    ],
    [
      "an update into a foreign list in a transaction",
      (of) =>
        of.transact([
          { update: row(own), expression: "SET #a = :a", condition: updating(foreign) },
        ]),
    ],
    [
      "an update into a foreign list in a transaction, beside what is nobody's",
      (of) =>
        of.transact([
          {
            ...{ update: row(own), expression: "SET #a = :b" },
            condition: {
              expression: "#a <> :a OR attribute_not_exists(#a)",
              ...{ names: { "#a": "a" }, values: { ":a": foreign, ":b": 1 } },
            },
          },
        ]),
    ],
    ["a check in a transaction", (of) => of.transact([{ check: row(foreign), condition: always }])],
    ["a tenant whose id begins alike", (of) => of.get(row(`T#${ACME}0#PARTNER#1`))],
    ["a key of no tenant", (of) => of.get(row("PARTNER#1"))],
    ["what a person is elsewhere", (of) => of.query({ pk: person })],
    [
      "a way into another tenant",
      (of) => of.put({ pk: person, sk: `MEMBERSHIP#${GLOBEX}#MEMBER` }, always),
    ],
    [
      "a way in that is stamped with another tenant",
      (of) => of.put({ pk: person, sk: `MEMBERSHIP#${ACME}#MEMBER`, tenantId: GLOBEX }, always),
    ],
    [
      "the end of a way into another tenant",
      (of) => of.remove({ pk: person, sk: `MEMBERSHIP#${GLOBEX}#MEMBER` }, always),
    ],
    ["the end of a person", (of) => of.remove({ pk: person, sk: "PERSON" }, always)],
    ["the directory", (of) => of.query({ pk: systemKeys.tenantDirectory() })],
    ["another tenant's entry", (of) => of.put({ ...systemKeys.tenantEntry(GLOBEX) }, always)],
    [
      "another tenant's timer",
      (of) => of.put({ ...timer(GLOBEX), ...systemKeys.timer(timer(GLOBEX)) }, always),
    ],
    ["everybody's timers", (of) => of.query({ pk: systemKeys.timers(0) })],
    ["the keys that sign", (of) => of.put({ ...systemKeys.signingKeys() }, always)],
  ];

  it.each(refused)("refuses %s, and sends nothing", async (_, act) => {
    const before = await table.query({ pk: foreign });
    const error: unknown = await act(guarded).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EgressRefused);
    expect(String(error)).toMatch(/^EgressRefused: the egress guard refused to /);
    expect(String(error)).not.toContain(GLOBEX);
    expect(await table.query({ pk: foreign })).toEqual(before);
    // The same is done where nobody guards the table: the refusal was the work of the guard alone.
    await act(unguarded);
  });

  const stray = row(foreign);
  const answers: readonly (readonly [string, Partial<Table>, (of: Table) => Promise<unknown>])[] = [
    ["get", { get: async () => stray }, (of) => of.get(row(own))],
    ["get", { getAll: async () => [row(own), stray] }, (of) => of.getAll([row(own)])],
    ["query", { query: async () => ({ items: [row(own), stray] }) }, (of) => of.query({ pk: own })],
    [
      "query",
      { query: async () => ({ items: [], last: { pk: foreign, sk: "ROW" } }) },
      (of) => of.query({ pk: own }),
    ],
    [
      "update",
      { update: async () => ({ isApplied: true, item: stray }) },
      (of) => of.update({ key: row(own), set: {}, condition: always }),
    ],
  ];
  it.each(answers)("hands on nothing foreign that a %s found: %#", async (verb, answer, act) => {
    await expect(act(guardedTable(answer as Table, ACME))).rejects.toThrow(
      `refused to hand on what a ${verb} found outside of the request's tenant`,
    );
  });

  it("names the verb of what it did not send", async () => {
    for (const [verb, act] of [
      ["get", (of: Table) => of.get(row(foreign))],
      ["get", (of: Table) => of.getAll([row(foreign)])],
      ["query", (of: Table) => of.query({ pk: foreign })],
      ["put", (of: Table) => of.put(row(foreign), always)],
      ["remove", (of: Table) => of.remove(row(foreign), always)],
      ["update", (of: Table) => of.update({ key: row(foreign), set: {}, condition: always })],
      ["put", (of: Table) => of.transact([{ put: row(foreign), condition: always }])],
      ["remove", (of: Table) => of.transact([{ remove: row(foreign), condition: always }])],
      ["check", (of: Table) => of.transact([{ check: row(foreign), condition: always }])],
      [
        "update",
        (of: Table) =>
          of.transact([
            { update: row(foreign), expression: "SET #a = :a", condition: updating("1") },
          ]),
      ],
    ] as const) {
      await expect(act(guarded)).rejects.toThrow(
        `refused to ${verb} outside of the request's tenant`,
      );
    }
  });

  it("lets everything of the tenant itself pass", async () => {
    const mine = row(`T#${ACME}#OTHER`, { gsi1pk: `T#${ACME}#WORK`, gsi1sk: "1", tenantId: ACME });
    await guarded.put(mine, always);
    const key = { pk: mine.pk, sk: mine.sk };
    expect(await guarded.get(key)).toEqual(mine);
    expect(await guarded.getAll([key])).toEqual([mine]);
    expect((await guarded.query({ index: "gsi1", pk: `T#${ACME}#WORK` })).items).toEqual([mine]);
    await guarded.transact([
      { put: { pk: person, sk: "PERSON" }, condition: always },
      { put: { pk: person, sk: `MEMBERSHIP#${ACME}#MEMBER`, tenantId: ACME }, condition: always },
      { put: { ...systemKeys.tenantEntry(ACME), tenantId: ACME }, condition: always },
      { put: { ...timer(ACME), ...systemKeys.timer(timer(ACME)) }, condition: always },
      { check: row(own), condition: always },
      { update: row(`T#${ACME}#TEXT`), expression: "SET #a = :a", condition: updating("AT#T") },
      { remove: key, condition: always },
    ]);
    expect(await guarded.get(row(`T#${ACME}#TEXT`))).toMatchObject({ a: "AT#T" });
    expect(await guarded.get(key)).toBeUndefined();
  });

  it("refuses the position of a list that names another tenant, in plain text and encoded", () => {
    const encoded = (pk: string) =>
      Buffer.from(JSON.stringify({ pk, sk: "1" })).toString("base64url");
    for (const position of [foreign, encoded(foreign)]) {
      expect(() => checkPosition(position, ACME)).toThrow(EgressRefused);
      expect(() => checkPosition(position, GLOBEX)).not.toThrow();
    }
    for (const position of ["3.14", own, encoded(own)]) {
      expect(() => checkPosition(position, ACME)).not.toThrow();
    }
  });
});

describe("the stores of a request", () => {
  it("open any tenant for a log-in, and one alone once they are pinned", async () => {
    const { table } = await testStore();
    const stores = openRequestStores(table);
    expect(await stores.openTenant(GLOBEX).tenant.get()).toBeUndefined();
    expect(() => stores.checkPosition("0.0")).toThrow(EgressRefused);
    stores.pin(ACME);
    stores.pin(ACME);
    expect(stores.pinnedTo()).toBe(ACME);
    expect(() => stores.pin(GLOBEX)).toThrow(EgressRefused);
    expect(await stores.openTenant(ACME).tenant.get()).toBeUndefined();
    await expect(stores.openTenant(GLOBEX).tenant.get()).rejects.toBeInstanceOf(EgressRefused);
    await expect(stores.system.tenants.list({ limit: 1 })).rejects.toBeInstanceOf(EgressRefused);
    expect(stores.usage().requests).toBe(2);
  });

  it("stay pinned for stores that were opened before, and go through the tenant's own connection", async () => {
    const { table } = await testStore();
    const connections: string[] = [];
    const stores = openRequestStores(table, {
      tableOf(tenantId) {
        connections.push(tenantId);
        return table;
      },
    });
    const early = stores.openTenant(GLOBEX);
    stores.pin(ACME);
    await expect(early.tenant.get()).rejects.toBeInstanceOf(EgressRefused);
    expect(connections).toEqual([ACME]);
  });

  it("open a tenant once for all that a request asks, and anew for what records its answer", async () => {
    const { table, asSystem } = await testStore();
    const stores = openRequestStores(table, { requestId: "request-1" });
    expect(stores.openTenant(ACME)).toBe(stores.openTenant(ACME));
    expect(stores.openTenant(GLOBEX)).not.toBe(stores.openTenant(ACME));
    const answer: RecordedAnswer = {
      ...{ keyHash: "hash", requestDigest: "digest", status: 201, body: "{}" },
      ...{ recordedAt: 1_800_014_400, expiresAt: 1_800_100_800 },
    };
    const store = stores.openTenant(ACME, () => answer);
    const ada = {
      ...{ email: "ada@people.test", displayName: "Ada Lovelace", roles: ["viewer" as const] },
      initialPassword: "a password of these tests",
    };
    const ours = await addMember({ ...asSystem(ACME), store }, ada);
    const elsewhere = { ...asSystem(GLOBEX), store: stores.openTenant(GLOBEX) };
    const theirs = await addMember(elsewhere, { ...ada, email: "ada@globex.test" });
    expect(await stores.openTenant(ACME).idempotency.find("hash")).toEqual(answer);
    expect(await stores.openTenant(GLOBEX).idempotency.find("hash")).toBeUndefined();
    for (const [tenantId, { memberId }] of [
      [ACME, ours],
      [GLOBEX, theirs],
    ] as const) {
      const { pk } = tenantKeys(tenantId).membership(memberId);
      const { items } = await table.query({ pk, sort: { prefix: "EVENT#" } });
      expect(items).toMatchObject([{ requestId: "request-1" }]);
    }
  });
});
