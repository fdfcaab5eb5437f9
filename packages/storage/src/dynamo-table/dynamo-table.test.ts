import { testTable } from "@concord/local/testing";
import { describe, expect, it } from "vitest";
import { exists, hasVersion, isNew } from "./condition.ts";
import { cancelled, type FaultyTable, failure, faultyTableOn } from "./faulty-table.fixture.ts";

const faultyTable = async (random: () => number = () => 0.5) =>
  faultyTableOn(await testTable(), random);
const row = (sk: string, version = 1) => ({ pk: "T#a#P", sk, version });
const key = (sk: string) => ({ pk: "T#a#P", sk });
const attemptsOf = ({ sent }: FaultyTable, command: string) =>
  sent.filter((request) => request.command === command);
const tokensOf = (faulty: FaultyTable) =>
  attemptsOf(faulty, "TransactWriteItems").map(({ input }) => input["ClientRequestToken"]);

describe("a transaction", () => {
  it.each(["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])(
    "that is cancelled by %s is sent again and commits",
    async (code) => {
      const faulty = await faultyTable();
      faulty.fail("TransactWriteItems", cancelled("None", code), cancelled(code, "None"));
      const failed = await faulty.table.transact([
        { put: row("A"), condition: isNew },
        { put: row("B"), condition: isNew },
      ]);
      expect(failed).toEqual([]);
      expect(await faulty.table.get(key("B"))).toEqual(row("B"));
      expect(faulty.pauses).toHaveLength(2);
    },
  );

  it("gives up after ten attempts with the service's own error, and pauses longer up to a second", async () => {
    const faulty = await faultyTable(() => 0.999);
    faulty.fail(
      "TransactWriteItems",
      ...Array.from({ length: 20 }, () => cancelled("TransactionConflict")),
    );
    await expect(
      faulty.table.transact([{ put: row("A"), condition: isNew }]),
    ).rejects.toMatchObject({ name: "TransactionCanceledException" });
    expect(attemptsOf(faulty, "TransactWriteItems")).toHaveLength(10);
    expect(faulty.pauses.map(Math.round)).toEqual([20, 40, 80, 160, 320, 639, 999, 999, 999]);
  });

  it("spreads its pauses over the whole interval", async () => {
    const faulty = await faultyTable(() => 0);
    faulty.fail("TransactWriteItems", cancelled("TransactionConflict"));
    await faulty.table.transact([{ put: row("A"), condition: isNew }]);
    expect(faulty.pauses).toEqual([0]);
  });

  it("answers the positions of failed conditions and never sends them again", async () => {
    const faulty = await faultyTable();
    await faulty.table.put(row("taken"), isNew);
    const failed = await faulty.table.transact([
      { put: row("A"), condition: isNew },
      { put: row("taken"), condition: isNew },
      { check: key("nowhere"), condition: exists },
    ]);
    expect(failed).toEqual([1, 2]);
    expect(await faulty.table.get(key("A"))).toBeUndefined();
    expect(attemptsOf(faulty, "TransactWriteItems")).toHaveLength(1);
  });

  it("takes a failed condition beside a conflict as an answer", async () => {
    const faulty = await faultyTable();
    faulty.fail("TransactWriteItems", cancelled("TransactionConflict", "ConditionalCheckFailed"));
    const failed = await faulty.table.transact([
      { put: row("A"), condition: isNew },
      { put: row("B"), condition: isNew },
    ]);
    expect(failed).toEqual([1]);
    expect(faulty.pauses).toEqual([]);
  });

  it("does not disguise throttling as a lost race", async () => {
    const faulty = await faultyTable();
    const throttled = Array.from({ length: 20 }, () => cancelled("ThrottlingError"));
    faulty.fail("TransactWriteItems", ...throttled);
    await expect(
      faulty.table.transact([{ put: row("A"), condition: isNew }]),
    ).rejects.toMatchObject({ CancellationReasons: [{ Code: "ThrottlingError" }] });
  });

  it("passes on what no retry cures", async () => {
    const faulty = await faultyTable();
    faulty.fail("TransactWriteItems", cancelled("ValidationError"));
    await expect(
      faulty.table.transact([{ put: row("A"), condition: isNew }]),
    ).rejects.toMatchObject({ name: "TransactionCanceledException" });
    expect(attemptsOf(faulty, "TransactWriteItems")).toHaveLength(1);
  });

  it("whose answer is lost is applied once and reports no conflict", async () => {
    const faulty = await faultyTable();
    await faulty.table.put(row("A", 1), isNew);
    faulty.fail("TransactWriteItems", "answer-lost");
    const failed = await faulty.table.transact([
      { put: row("A", 2), condition: hasVersion(1) },
      { put: row("event"), condition: isNew },
    ]);
    expect(failed).toEqual([]);
    expect(await faulty.table.get(key("A"))).toEqual(row("A", 2));
    const [first, second] = tokensOf(faulty);
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).toBe(first);
  });

  it("that is still under way when it is asked for again keeps its token", async () => {
    const faulty = await faultyTable();
    faulty.fail("TransactWriteItems", "answer-lost", failure("TransactionInProgressException"));
    expect(await faulty.table.transact([{ put: row("A"), condition: isNew }])).toEqual([]);
    expect(new Set(tokensOf(faulty)).size).toBe(1);
    expect(tokensOf(faulty)).toHaveLength(3);
  });

  it("that was cancelled is sent again as a new one", async () => {
    const faulty = await faultyTable();
    faulty.fail("TransactWriteItems", cancelled("TransactionConflict"));
    await faulty.table.transact([{ put: row("A"), condition: isNew }]);
    expect(new Set(tokensOf(faulty)).size).toBe(2);
  });

  it("of 100 writes is taken, and one of 101 refused before it is sent", async () => {
    const faulty = await faultyTable();
    const writes = Array.from({ length: 101 }, (_, index) => ({
      put: row(String(index)),
      condition: isNew,
    }));
    await expect(faulty.table.transact(writes)).rejects.toThrow(
      "101 writes in one transaction; the table takes 100",
    );
    expect(faulty.sent).toEqual([]);
    expect(await faulty.table.transact(writes.slice(1))).toEqual([]);
  });
});

describe("a single write", () => {
  it("whose answer is lost counts as written, once", async () => {
    const faulty = await faultyTable();
    faulty.fail("PutItem", "answer-lost");
    const item = { ...row("A"), data: { b: [1, null], a: new Uint8Array([7]) }, left: undefined };
    expect(await faulty.table.put(item, isNew)).toBe(true);
    expect(attemptsOf(faulty, "PutItem")).toHaveLength(2);
  });

  it("whose answer is lost, and that meets a conflict when it is asked for again, counts as written", async () => {
    const faulty = await faultyTable();
    faulty.fail("PutItem", "answer-lost", failure("TransactionConflictException"));
    expect(await faulty.table.put(row("A"), isNew)).toBe(true);
    expect(attemptsOf(faulty, "PutItem")).toHaveLength(3);
  });

  it("that meets a conflict and finds another's item afterwards is a lost race", async () => {
    const faulty = await faultyTable();
    await faulty.table.put({ ...row("A"), by: "another" }, isNew);
    faulty.fail("PutItem", failure("TransactionConflictException"));
    expect(await faulty.table.put({ ...row("A"), by: "us" }, isNew)).toBe(false);
  });

  it("whose answer is lost after another one won is a lost race", async () => {
    const faulty = await faultyTable();
    await faulty.table.put({ ...row("A"), by: "another" }, isNew);
    faulty.fail("PutItem", failure("TimeoutError"));
    expect(await faulty.table.put({ ...row("A"), by: "us" }, isNew)).toBe(false);
    expect(await faulty.table.get(key("A"))).toMatchObject({ by: "another" });
  });

  it("of an item that is there already is refused in one request", async () => {
    const faulty = await faultyTable();
    await faulty.table.put(row("A"), isNew);
    expect(await faulty.table.put(row("A"), isNew)).toBe(false);
    expect(faulty.sent.map(({ command }) => command)).toEqual(["PutItem", "PutItem"]);
  });

  it("that meets a transaction on the same item is sent again", async () => {
    const faulty = await faultyTable();
    faulty.fail("PutItem", failure("TransactionConflictException"));
    expect(await faulty.table.put(row("A"), isNew)).toBe(true);
    expect(faulty.pauses).toHaveLength(1);
  });

  it("that is throttled to the end fails and is not taken for a lost race", async () => {
    const faulty = await faultyTable();
    const throttled = Array.from({ length: 20 }, () =>
      failure("ProvisionedThroughputExceededException"),
    );
    faulty.fail("PutItem", ...throttled);
    await expect(faulty.table.put(row("A"), isNew)).rejects.toThrow(
      "ProvisionedThroughputExceededException",
    );
  });

  it("removes once, also where the answer is lost", async () => {
    const faulty = await faultyTable();
    await faulty.table.put(row("A"), isNew);
    faulty.fail("DeleteItem", "answer-lost");
    expect(await faulty.table.remove(key("A"), exists)).toBe(true);
    expect(await faulty.table.remove(key("A"), exists)).toBe(false);
  });
});

describe("a read of many keys", () => {
  it("asks again for the keys that were not processed", async () => {
    const faulty = await faultyTable();
    for (const sk of ["A", "B", "C"]) await faulty.table.put(row(sk), isNew);
    let refuse = 2;
    faulty.answer = (command, output) => {
      if (command !== "BatchGetItem" || refuse === 0) return {};
      refuse -= 1;
      const [[name, items] = ["", []]] = Object.entries(
        output["Responses"] as Record<string, { sk: string }[]>,
      );
      return {
        Responses: { [name]: items.slice(1) },
        UnprocessedKeys: {
          [name]: { Keys: items.slice(0, 1).map(({ sk }) => ({ pk: "T#a#P", sk })) },
        },
      };
    };
    const found = await faulty.table.getAll([key("A"), key("B"), key("C"), key("missing")]);
    expect(found.map(({ sk }) => sk).sort()).toEqual(["A", "B", "C"]);
    expect(attemptsOf(faulty, "BatchGetItem")).toHaveLength(3);
    expect(faulty.pauses).toHaveLength(2);
  });

  it("fails where keys stay unprocessed, and leaves none out in silence", async () => {
    const faulty = await faultyTable();
    await faulty.table.put(row("A"), isNew);
    faulty.answer = (command, output) => {
      if (command !== "BatchGetItem") return {};
      const [name = ""] = Object.keys(output["Responses"] as object);
      return {
        Responses: {},
        UnprocessedKeys: { [name]: { Keys: [key("A")] } },
      };
    };
    await expect(faulty.table.getAll([key("A")])).rejects.toThrow("keys left unprocessed");
    expect(attemptsOf(faulty, "BatchGetItem")).toHaveLength(10);
  });

  it("of none sends nothing, and of more than 100 is refused", async () => {
    const faulty = await faultyTable();
    expect(await faulty.table.getAll([])).toEqual([]);
    const keys = Array.from({ length: 101 }, (_, index) => key(String(index)));
    await expect(faulty.table.getAll(keys)).rejects.toThrow(
      "101 keys in one read; the table takes 100",
    );
    expect(faulty.sent).toEqual([]);
  });
});

describe("a query", () => {
  it("is told where to go on, and the pages together are the partition in order", async () => {
    const { table } = await faultyTable();
    for (const sk of ["C", "A", "E", "B", "D"]) await table.put(row(sk), isNew);
    await table.put({ pk: "T#b#P", sk: "A" }, isNew);
    const pages: unknown[][] = [];
    let after: Awaited<ReturnType<typeof table.query>>["last"];
    do {
      const page = await table.query({ pk: "T#a#P", limit: 2, ...(after ? { after } : {}) });
      pages.push(page.items.map(({ sk }) => sk));
      after = page.last;
    } while (after);
    expect(pages).toEqual([["A", "B"], ["C", "D"], ["E"]]);
  });

  it("takes the sort keys of a prefix or of an inclusive range, in either order", async () => {
    const { table } = await faultyTable();
    for (const sk of ["M#1", "M#2", "M#3", "N#1"]) await table.put(row(sk), isNew);
    const sorts = async (query: Omit<Parameters<typeof table.query>[0], "pk">) =>
      (await table.query({ pk: "T#a#P", ...query })).items.map(({ sk }) => sk);
    expect(await sorts({ sort: { prefix: "M#" } })).toEqual(["M#1", "M#2", "M#3"]);
    expect(await sorts({ sort: { from: "M#2", to: "N#1" } })).toEqual(["M#2", "M#3", "N#1"]);
    expect(await sorts({ order: "descending", limit: 1 })).toEqual(["N#1"]);
  });

  it("reads an index that only some items are in", async () => {
    const { table } = await faultyTable();
    await table.put({ ...row("A"), gsi1pk: "T#a#L", gsi1sk: "2" }, isNew);
    await table.put({ ...row("B"), gsi1pk: "T#a#L", gsi1sk: "1" }, isNew);
    await table.put(row("C"), isNew);
    const { items } = await table.query({ index: "gsi1", pk: "T#a#L" });
    expect(items.map(({ sk }) => sk)).toEqual(["B", "A"]);
  });
});

describe("an update", () => {
  const count = { expression: "attribute_exists(#pk)", names: { "#pk": "pk" } };
  const add = { key: key("A"), set: { by: "us" }, add: { version: 2 }, condition: count };

  it("changes the attributes it names, keeps the others and tells the row as it is now", async () => {
    const { table } = await faultyTable();
    await table.put({ ...row("A"), kept: [1] }, isNew);
    const answer = await table.update(add);
    expect(answer).toEqual({
      isApplied: true,
      item: { ...row("A", 3), kept: [1], by: "us", changeId: expect.any(String) },
    });
    expect(await table.get(key("A"))).toEqual(answer.item);
  });

  it("makes the row where there is none and the condition allows it", async () => {
    const { table } = await faultyTable();
    const made = await table.update({ key: key("A"), set: { n: 1 }, condition: isNew });
    expect(made).toMatchObject({ isApplied: true, item: { ...key("A"), n: 1 } });
  });

  it("whose condition fails changes nothing and tells the row as it is", async () => {
    const faulty = await faultyTable();
    await faulty.table.put(row("A"), isNew);
    const refused = { ...add, condition: hasVersion(7) };
    expect(await faulty.table.update(refused)).toEqual({ isApplied: false, item: row("A") });
    expect(await faulty.table.get(key("A"))).toEqual(row("A"));
    expect(await faulty.table.update({ ...add, key: key("B") })).toEqual({
      isApplied: false,
      item: undefined,
    });
    expect(attemptsOf(faulty, "UpdateItem")).toHaveLength(2);
  });

  it("whose answer is lost is applied once", async () => {
    const faulty = await faultyTable();
    await faulty.table.put(row("A"), isNew);
    faulty.fail("UpdateItem", "answer-lost");
    const answer = await faulty.table.update(add);
    expect(answer).toMatchObject({ isApplied: true, item: row("A", 3) });
    expect(attemptsOf(faulty, "UpdateItem")).toHaveLength(2);
    expect(await faulty.table.get(key("A"))).toMatchObject(row("A", 3));
  });

  it("that meets a transaction is sent again", async () => {
    const faulty = await faultyTable();
    await faulty.table.put(row("A"), isNew);
    faulty.fail("UpdateItem", failure("TransactionConflictException"));
    expect(await faulty.table.update(add)).toMatchObject({ isApplied: true });
    expect(faulty.pauses).toHaveLength(1);
  });
});
