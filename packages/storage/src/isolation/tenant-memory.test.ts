import { ACME, GLOBEX, testStore } from "@concord/local/testing";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Table } from "../dynamo-table/contract.ts";
import { tenantKeys } from "../keys/index.ts";
import { EgressRefused, guardedTable } from "./egress-guard.ts";
import { type TenantMemory, tenantMemory } from "./tenant-memory.ts";

const NOW = new Date("2027-02-01T12:00:00.000Z");
const later = (ms: number) => new Date(NOW.getTime() + ms);

describe("what a process remembers of each tenant", () => {
  let table: Table;
  let memory: TenantMemory<string>;
  let reads = 0;
  beforeAll(async () => {
    ({ table } = await testStore());
  });
  beforeEach(() => {
    memory = tenantMemory({
      reads: (keys) => [
        ["get", keys.tenant().pk],
        ["query", keys.programs()],
      ],
      mostTenants: 2,
    });
    reads = 0;
  });

  const of = (tenantId: typeof ACME, own: Table = table) => ({
    table: own,
    keys: tenantKeys(tenantId),
  });
  const recall = (tenant: ReturnType<typeof of>, now = NOW, value = "") =>
    memory.recall(tenant, now, async () => {
      reads += 1;
      return value;
    });

  it("is each tenant's own, and each table's", async () => {
    const elsewhere = { ...table, name: `${table.name}-2` };
    expect(await recall(of(ACME), NOW, "ours")).toBe("ours");
    expect(await recall(of(GLOBEX), NOW, "theirs")).toBe("theirs");
    expect(await recall(of(ACME, elsewhere), NOW, "elsewhere")).toBe("elsewhere");
    expect(await recall(of(GLOBEX), NOW, "read again")).toBe("theirs");
  });

  it("is asked about each time: a table that serves another tenant gets none of it", async () => {
    const ours = of(ACME, guardedTable(table, ACME));
    expect(await recall(ours, NOW, "ours")).toBe("ours");
    expect(await recall(ours)).toBe("ours");
    const mistaken = of(ACME, guardedTable(table, GLOBEX));
    await expect(recall(mistaken)).rejects.toThrow(EgressRefused);
    const partly = {
      ...ours.table,
      permits(how: string) {
        if (how === "query") throw new EgressRefused("to query");
      },
    };
    await expect(recall(of(ACME, partly))).rejects.toThrow(EgressRefused);
    expect(reads).toBe(1);
  });

  it("is good for a minute, and not before it was read", async () => {
    for (const now of [NOW, later(59_999), later(60_000), later(59_999)]) {
      await recall(of(ACME), now);
    }
    expect(reads).toBe(3);
  });

  it("is forgotten after a change, for that tenant alone", async () => {
    await recall(of(ACME), NOW, "before");
    await recall(of(GLOBEX), NOW, "theirs");
    memory.forget(of(ACME));
    expect(await recall(of(ACME), NOW, "after")).toBe("after");
    expect(await recall(of(GLOBEX), NOW, "read again")).toBe("theirs");
  });

  it("is not what a read found while it was changed", async () => {
    const read = memory.recall(of(ACME), NOW, async () => {
      memory.forget(of(ACME));
      return "before";
    });
    expect(await read).toBe("before");
    expect(await recall(of(ACME), NOW, "after")).toBe("after");
  });

  it("is nothing where reading failed", async () => {
    const failed = memory.recall(of(ACME), NOW, () => Promise.reject(new Error("throttled")));
    await expect(failed).rejects.toThrow("throttled");
    expect(await recall(of(ACME), NOW, "read")).toBe("read");
  });

  it("is of so many tenants: the one read longest ago is read again", async () => {
    const third = of(ACME, { ...table, name: "third" });
    for (const tenant of [of(ACME), of(GLOBEX), third, of(GLOBEX), third]) await recall(tenant);
    expect(reads).toBe(3);
    await recall(of(ACME));
    expect(reads).toBe(4);
  });
});
