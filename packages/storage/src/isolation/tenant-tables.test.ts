import { TenantId } from "@concord/core/id";
import { ACME, GLOBEX, testStore } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import type { Table } from "../dynamo-table/contract.ts";
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

  it("sign with a session of which 16 minutes are left, and a millisecond, and not with an older one", async () => {
    const { state, signers, tableOf } = sessions();
    tableOf(ACME);
    await signers[0]?.();
    for (const [left, asked] of [
      [16 * 60_000 + 1, 1],
      [16 * 60_000, 2],
    ] as const) {
      state.now = HOUR - left;
      await signers[0]?.();
      expect(state.asked).toHaveLength(asked);
    }
  });

  it("renew a session that is over once, for all that waited for it", async () => {
    const answers: PromiseWithResolvers<SessionCredentials>[] = [];
    const session = (sessionToken: string, expiresAt: number): SessionCredentials => ({
      ...{ accessKeyId: "id", secretAccessKey: "secret", sessionToken },
      expiration: new Date(expiresAt),
    });
    const signers: (() => Promise<SessionCredentials>)[] = [];
    tenantTables({
      now: () => 0,
      assume() {
        answers.push(Promise.withResolvers());
        return answers.at(-1)?.promise ?? Promise.reject();
      },
      connect(credentials) {
        signers.push(credentials);
        return table;
      },
    })(ACME);
    const [sign] = signers;
    // Two wait for a session that is over when it comes: one renews it, the other waits for that.
    const both = [sign?.(), sign?.()];
    answers[0]?.resolve(session("old", 0));
    await answers[0]?.promise;
    await Promise.resolve();
    answers[1]?.resolve(session("new", HOUR));
    const signed = await Promise.all(both);
    expect(signed.map((one) => one?.sessionToken)).toEqual(["new", "new"]);
    expect(answers).toHaveLength(2);
    expect((await sign?.())?.sessionToken).toBe("new");
    expect(answers).toHaveLength(2);
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

  it("are kept for 500 tenants", () => {
    const { signers, tableOf } = sessions();
    const first = tableOf(tenant(0));
    for (let n = 1; n < 500; n += 1) tableOf(tenant(n));
    expect(tableOf(tenant(0))).toBe(first);
    tableOf(tenant(500));
    tableOf(tenant(1));
    expect(signers).toHaveLength(502);
  });
});
