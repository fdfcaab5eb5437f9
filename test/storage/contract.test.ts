import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { mintIds } from "@concord/core/id";
import { createPartner, listPartners, updatePartner } from "@concord/core/partner";
import { ACME, GLOBEX, isJavaThere, NOON, testTable } from "@concord/local/testing";
import { dynamoTable, openPinnedStore, type Table } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";

/** What the storage package relies on, said of the engine itself and of the repositories above it. */
const hasSecondOpinion = isJavaThere();
if (!hasSecondOpinion) {
  process.stderr.write("The storage contract did not run on DynamoDB Local: there is no java\n");
}
const engines = ["dynoxide", ...(hasSecondOpinion ? (["dynamodb-local"] as const) : [])] as const;

const isNew = { expression: "attribute_not_exists(#pk)", names: { "#pk": "pk" } };
const isThere = { expression: "attribute_exists(#pk)", names: { "#pk": "pk" } };
const hasVersion = (version: number) => ({
  expression: "#version = :version",
  names: { "#version": "version" },
  values: { ":version": version },
});
const pk = "T#a#CONTRACT";
const row = (sk: string, version = 1) => ({ pk, sk, version });

describe.each(engines)("the storage contract on %s", (engine) => {
  let table: Table;
  let raw: Awaited<ReturnType<typeof testTable>>;
  beforeAll(async () => {
    raw = await testTable({ engine });
    table = dynamoTable({
      name: raw.tableName,
      client: raw.documentClient,
      sleep: () => Promise.resolve(),
      random: () => 0.5,
    });
  });
  const get = (sk: string) => table.get({ pk, sk });

  describe("a conditional write", () => {
    it("creates once, also where many try at once", async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 12 }, (_, by) => table.put({ ...row("once"), by }, isNew)),
      );
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect(await get("once")).toMatchObject({ by: outcomes.indexOf(true) });
    });

    it("follows the version it names and no other", async () => {
      await table.put(row("versioned", 1), isNew);
      expect(await table.put(row("versioned", 2), hasVersion(1))).toBe(true);
      expect(await table.put(row("versioned", 2), hasVersion(1))).toBe(false);
      expect(await table.put(row("nowhere", 2), hasVersion(1))).toBe(false);
      expect(await get("nowhere")).toBeUndefined();
    });

    it("compares with OR, less-than and contains", async () => {
      const newer = (revision: number) => ({
        expression: "attribute_not_exists(#pk) OR #revision < :revision",
        names: { "#pk": "pk", "#revision": "revision" },
        values: { ":revision": revision },
      });
      expect(await table.put({ ...row("newer"), revision: 5 }, newer(5))).toBe(true);
      expect(await table.put({ ...row("newer"), revision: 5 }, newer(5))).toBe(false);
      expect(await table.put({ ...row("newer"), revision: 6 }, newer(6))).toBe(true);
      const isOwner = {
        expression: "#status = :active AND contains(#roles, :owner)",
        names: { "#status": "status", "#roles": "roles" },
        values: { ":active": "active", ":owner": "owner" },
      };
      await table.put({ ...row("roles"), status: "active", roles: ["viewer", "owner"] }, isNew);
      await table.put({ ...row("no roles"), status: "active", roles: ["co-owner"] }, isNew);
      const failed = await table.transact([
        { check: { pk, sk: "roles" }, condition: isOwner },
        { check: { pk, sk: "no roles" }, condition: isOwner },
      ]);
      expect(failed).toEqual([1]);
    });

    it("removes what is there and tells when nothing was", async () => {
      await table.put(row("removed"), isNew);
      expect(await table.remove({ pk, sk: "removed" }, isThere)).toBe(true);
      expect(await table.remove({ pk, sk: "removed" }, isThere)).toBe(false);
    });
  });

  describe("a transaction", () => {
    it("writes, removes and checks, all or nothing", async () => {
      await table.put(row("tx old"), isNew);
      const writes = [
        { put: row("tx new"), condition: isNew },
        { remove: { pk, sk: "tx old" }, condition: hasVersion(1) },
        { check: { pk, sk: "once" }, condition: isThere },
      ] as const;
      expect(await table.transact(writes)).toEqual([]);
      expect(await get("tx old")).toBeUndefined();
      expect(await get("tx new")).toEqual(row("tx new"));
    });

    it("names every condition that failed by its position and writes nothing", async () => {
      const failed = await table.transact([
        { put: row("tx new"), condition: isNew },
        { put: row("tx other"), condition: isNew },
        { check: { pk, sk: "tx nowhere" }, condition: isThere },
        { remove: { pk, sk: "once" }, condition: hasVersion(9) },
      ]);
      expect(failed).toEqual([0, 2, 3]);
      expect(await get("tx other")).toBeUndefined();
      expect(await get("once")).toBeDefined();
    });

    it("never writes one item twice", async () => {
      const outcome = await table
        .transact([
          { put: row("twice", 1), condition: isNew },
          { put: row("twice", 2), condition: isNew },
        ])
        .catch((error: Error) => error.name);
      // The service and one engine refuse it as invalid, the other one by the second condition.
      expect(["ValidationException", [1]]).toContainEqual(outcome);
      expect(await get("twice")).toBeUndefined();
    });

    it("takes 100 writes", async () => {
      const writes = Array.from({ length: 100 }, (_, index) => ({
        put: { pk: `${pk}#100`, sk: String(index).padStart(3, "0") },
        condition: isNew,
      }));
      expect(await table.transact(writes)).toEqual([]);
      expect((await table.query({ pk: `${pk}#100` })).items).toHaveLength(100);
    });

    it("lets one of several that race on a version win, and shows no half of another", async () => {
      await table.put(row("raced", 1), isNew);
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, by) =>
          table.transact([
            { put: { ...row("raced", 2), by }, condition: hasVersion(1) },
            { put: row(`raced by ${by}`), condition: isNew },
          ]),
        ),
      );
      const winners = outcomes.flatMap((failed, by) => (failed.length === 0 ? [by] : []));
      expect(winners).toHaveLength(1);
      expect(await get("raced")).toMatchObject({ by: winners[0] });
      const { items } = await table.query({ pk, sort: { prefix: "raced by" } });
      expect(items.map(({ sk }) => sk)).toEqual([`raced by ${winners[0]}`]);
    });

    it("is applied once under one client token", async () => {
      const send = () =>
        raw.documentClient.send(
          new TransactWriteCommand({
            ClientRequestToken: "one token",
            TransactItems: [
              {
                Put: {
                  TableName: raw.tableName,
                  Item: row("token"),
                  ConditionExpression: "attribute_not_exists(pk)",
                },
              },
            ],
          }),
        );
      await send();
      await expect(send()).resolves.toBeDefined();
    });
  });

  describe("what is stored", () => {
    it("comes back as it was: text, numbers, bytes, null, nested and empty values", async () => {
      const item = {
        ...row("values"),
        text: "é🎯",
        empty: "",
        whole: 9_007_199_254_740_991,
        fraction: -0.0625,
        yes: true,
        none: null,
        list: ["a", 1, null, ["b"], {}],
        map: { "a b": { "#": [] } },
      };
      await table.put({ ...item, gone: undefined, bytes: new Uint8Array([0, 255]) }, isNew);
      const { bytes, ...stored } = (await get("values")) ?? {};
      expect(stored).toEqual(item);
      expect([...(bytes as Uint8Array)]).toEqual([0, 255]);
    });

    it("is refused beyond 400 KB", async () => {
      await expect(
        table.put({ ...row("too large"), text: "x".repeat(410_000) }, isNew),
      ).rejects.toThrow();
    });
  });

  describe("reads", () => {
    beforeAll(async () => {
      for (const sk of ["N#1", "N#2", "N#3", "O#1"]) {
        await table.put({ pk: `${pk}#READ`, sk, gsi1pk: "T#a#WORK", gsi1sk: `due ${sk}` }, isNew);
      }
      await table.put({ pk: `${pk}#READ`, sk: "sparse" }, isNew);
      await table.put({ pk: "T#b#READ", sk: "N#9", gsi1pk: "T#b#WORK", gsi1sk: "due" }, isNew);
    });
    const sorts = async (query: Omit<Parameters<Table["query"]>[0], "pk">) =>
      (await table.query({ pk: `${pk}#READ`, ...query })).items.map(({ sk }) => sk);

    it("follow the sort key: by prefix, by inclusive range, backwards, limited", async () => {
      expect(await sorts({ sort: { prefix: "N#" } })).toEqual(["N#1", "N#2", "N#3"]);
      expect(await sorts({ sort: { from: "N#2", to: "O#1" } })).toEqual(["N#2", "N#3", "O#1"]);
      expect(await sorts({ order: "descending", limit: 2 })).toEqual(["sparse", "O#1"]);
    });

    it("of an index hold the rows that carry its keys, and only their partition", async () => {
      const { items } = await table.query({ index: "gsi1", pk: "T#a#WORK" });
      expect(items.map(({ sk }) => sk)).toEqual(["N#1", "N#2", "N#3", "O#1"]);
    });

    it.each([
      { name: "a partition", query: { pk: `${pk}#READ`, sort: { prefix: "N#" } } },
      { name: "an index", query: { index: "gsi1" as const, pk: "T#a#WORK" } },
    ])("of $name go on where the last page ended, each row once", async ({ query }) => {
      const seen: unknown[] = [];
      let after: Awaited<ReturnType<Table["query"]>>["last"];
      do {
        const page = await table.query({ ...query, limit: 1, ...(after ? { after } : {}) });
        seen.push(...page.items.map(({ sk }) => sk));
        after = page.last;
      } while (after);
      expect(seen.slice(0, 3)).toEqual(["N#1", "N#2", "N#3"]);
      expect(new Set(seen).size).toBe(seen.length);
    });

    it("stop at 1 MB and can be gone on with", async () => {
      for (const sk of ["1", "2", "3", "4"]) {
        await table.put({ pk: `${pk}#LARGE`, sk, text: "x".repeat(350_000) }, isNew);
      }
      const first = await table.query({ pk: `${pk}#LARGE` });
      expect(first.items.length).toBeLessThan(4);
      expect(first.last).toBeDefined();
      const rest = await table.query({ pk: `${pk}#LARGE`, after: first.last ?? {} });
      expect([...first.items, ...rest.items].map(({ sk }) => sk)).toEqual(["1", "2", "3", "4"]);
    });

    it("of many keys leave missing ones out", async () => {
      const found = await table.getAll([
        { pk: `${pk}#READ`, sk: "N#3" },
        { pk: `${pk}#READ`, sk: "missing" },
        { pk: "T#b#READ", sk: "N#9" },
      ]);
      expect(found.map(({ sk }) => sk).sort()).toEqual(["N#3", "N#9"]);
    });
  });

  it("carries a repository: natural keys, versions, lists and two tenants", async () => {
    let entropy = 0;
    const mint = mintIds(
      () => NOON.getTime(),
      () => {
        entropy += 1;
        return (entropy * 0.618_033_988_749) % 1;
      },
    );
    const as = (tenantId: typeof ACME) => ({
      actor: { kind: "system", name: "bootstrap" } as const,
      store: openPinnedStore(table, tenantId),
      now: NOON,
      mint,
    });
    const asMember = (tenantId: typeof ACME) => ({
      ...as(tenantId),
      actor: {
        kind: "member",
        personId: "per_00000000000000000000000001",
        memberId: "mem_00000000000000000000000001",
        roles: ["admin"],
      } as never,
    });
    const input = (name: string) => ({
      name,
      type: "reseller" as const,
      lifecycleStage: "growing" as const,
      region: "Central",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });
    const first = await createPartner(as(ACME), input("Zeta"));
    await createPartner(as(ACME), input("Alpha"));
    await createPartner(as(GLOBEX), input("Zeta"));
    await expect(createPartner(as(ACME), input(" zeta"))).rejects.toMatchObject({
      code: "partner-name-taken",
    });
    const change = { partnerId: first.partnerId, ifVersion: 1, changes: { name: "Beta" } };
    await updatePartner(asMember(ACME), change);
    await expect(updatePartner(asMember(ACME), change)).rejects.toMatchObject({
      code: "version-stale",
    });
    const one = await listPartners(asMember(ACME), { limit: 1 });
    const two = await listPartners(asMember(ACME), { limit: 5, position: one.position });
    expect([...one.items, ...two.items].map(({ name }) => name)).toEqual(["Alpha", "Beta"]);
    await expect(
      listPartners(asMember(GLOBEX), { limit: 1, position: one.position }),
    ).rejects.toMatchObject({ code: "cursor-invalid" });
  });
});
