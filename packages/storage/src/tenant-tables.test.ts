import { TenantId } from "@concord/core/id";
import { ACME, GLOBEX, testStore } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import type { Table } from "./dynamo-table.ts";
import { type SessionCredentials, tenantTables } from "./tenant-tables.ts";

const HOUR = 3_600_000;
const tenant = (n: number) => TenantId.parse(`ten_${String(n).padStart(26, "0")}`);

describe("connections with a tenant's own credentials", () => {
  let table: Table;
  beforeAll(async () => {
    ({ table } = await testStore());
  });

  function sessions({ most }: { most?: number } = {}) {
    const state = { now: 0, asked: [] as string[], failing: false };
    const signers: (() => Promise<SessionCredentials>)[] = [];
    const tableOf = tenantTables({
      ...(most === undefined ? {} : { most }),
      now: () => state.now,
      async assume(tenantId) {
        state.asked.push(tenantId);
        if (state.failing) throw new Error("no session to be had");
        const expiration = new Date(state.now + HOUR);
        const secretAccessKey = "secret";
        return { accessKeyId: tenantId, secretAccessKey, sessionToken: tenantId, expiration };
      },
      connect(credentials) {
        signers.push(credentials);
        return { ...table };
      },
    });
    return { state, signers, tableOf };
  }

  it("are one for each tenant, and each signs as its own", async () => {
    const { signers, tableOf } = sessions();
    expect(tableOf(ACME)).toBe(tableOf(ACME));
    expect(tableOf(GLOBEX)).not.toBe(tableOf(ACME));
    const signed = await Promise.all(signers.map((credentials) => credentials()));
    expect(signed.map(({ sessionToken }) => sessionToken)).toEqual([ACME, GLOBEX]);
  });

  it("ask for one session however many requests wait, and for the next before it ends", async () => {
    const { state, signers, tableOf } = sessions();
    tableOf(ACME);
    const all = () => Promise.all(Array.from({ length: 20 }, () => signers[0]?.()));
    await all();
    expect(state.asked).toEqual([ACME]);
    state.now = HOUR - 17 * 60_000;
    await all();
    expect(state.asked).toEqual([ACME]);
    state.now = HOUR - 15 * 60_000;
    await all();
    expect(state.asked).toEqual([ACME, ACME]);
  });

  it("forget a session that could not be had", async () => {
    const { state, signers, tableOf } = sessions();
    tableOf(ACME);
    state.failing = true;
    await expect(signers[0]?.()).rejects.toThrow("no session to be had");
    state.failing = false;
    await expect(signers[0]?.()).resolves.toMatchObject({ sessionToken: ACME });
  });

  it("are kept for the tenants used last alone", () => {
    const { signers, tableOf } = sessions({ most: 2 });
    const first = tableOf(tenant(1));
    tableOf(tenant(2));
    expect(tableOf(tenant(1))).toBe(first);
    tableOf(tenant(3));
    expect(tableOf(tenant(1))).toBe(first);
    expect(signers).toHaveLength(3);
    tableOf(tenant(2));
    expect(signers).toHaveLength(4);
  });
});
