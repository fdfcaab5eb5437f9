import { admitGuess, loginLimits, rememberAttempt } from "@concord/core/login-limit";
import { NOON, testStore } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import type { Table } from "../dynamo-table/contract.ts";
import { createMeter } from "../dynamo-table/meter.ts";
import { openSystemStore } from "../system-store.ts";

const MINUTE = 60_000;
const HOME = "198.51.100.20";
const later = (minutes: number) => new Date(NOON.getTime() + minutes * MINUTE);

describe("guesses on the engine", () => {
  let table: Table;
  beforeAll(async () => {
    ({ table } = await testStore());
  });

  const ctx = (wallNow = NOON, on = table) => ({
    guesses: openSystemStore(on).guesses,
    loginLimits,
    wallNow,
  });
  const guess = async (email: string, clientAddress: string, at = NOON) =>
    (await admitGuess(ctx(at), { email, clientAddress })).kind;
  const remember = (email: string, at = NOON) =>
    rememberAttempt(ctx(at), { email, clientAddress: HOME });

  it("lets through what the rule does: ten from one network, twenty from all that are strange", async () => {
    const email = "one@northwind.example";
    const from = async (clientAddress: string, count: number) => {
      const kinds: string[] = [];
      for (let n = 0; n < count; n += 1) kinds.push(await guess(email, clientAddress));
      return kinds.filter((kind) => kind === "admitted").length;
    };
    expect(await from("203.0.113.1", 12)).toBe(10);
    expect(await from("203.0.113.99", 2), "the same network").toBe(0);
    expect(await from("192.0.2.1", 12)).toBe(10);
    expect(await from("100.64.7.1", 3)).toBe(0);
    expect(await guess(email, "100.64.7.1", later(16))).toBe("admitted");
  });

  it("says when the next guess is there", async () => {
    const attempt = { email: "two@northwind.example", clientAddress: "203.0.114.1" };
    for (let n = 0; n < 10; n += 1) await admitGuess(ctx(), attempt);
    expect(await admitGuess(ctx(), attempt)).toEqual({
      kind: "limited",
      retryAfterMilliseconds: 10 * MINUTE,
    });
  });

  it("lets the owner in where they have been before, while strangers have used up the account", async () => {
    const email = "olga@northwind.example";
    await remember(email);
    for (let n = 0; n < 25; n += 1) await guess(email, `10.1.${n}.1`);
    expect(await guess(email, "10.1.99.1")).toBe("limited");
    expect(await guess(email, HOME)).toBe("admitted");
    const afterTwoMonths = later(60 * 24 * 60);
    expect(await guess(email, HOME, afterTwoMonths)).toBe("admitted");
  });

  it("knows a network no longer than ninety days after the last log-in", async () => {
    const email = "oscar@northwind.example";
    await remember(email);
    const justAfter = later(90 * 24 * 60 + 1);
    for (let n = 0; n < 25; n += 1) await guess(email, `10.2.${n}.1`, justAfter);
    expect(await guess(email, HOME, justAfter)).toBe("limited");
  });

  it("fills the owner's bucket with each log-in", async () => {
    const attempt = { email: "otto@contoso.example", clientAddress: "198.18.7.7" };
    for (let n = 0; n < 30; n += 1) {
      expect(await guess(attempt.email, attempt.clientAddress)).toBe("admitted");
      if (n % 5 === 0) await rememberAttempt(ctx(), attempt);
    }
  });

  it("costs the same whether the network is known or not", async () => {
    const cost = async (email: string) => {
      const meter = createMeter();
      await admitGuess(ctx(NOON, table.metered(meter)), { email, clientAddress: "192.0.9.1" });
      return meter.usage();
    };
    const at = { email: "known@a.example", clientAddress: "192.0.9.1" };
    await rememberAttempt(ctx(), at);
    const known = await cost("known@a.example");
    const strange = await cost("strange@b.example");
    expect(strange).toEqual({ requests: 4, readUnits: 0, writeUnits: 4 });
    expect(known).toEqual(strange);
  });

  it("lets nobody through where the table does not answer", async () => {
    const gone = { ...table, update: () => Promise.reject(new Error("gone")) };
    const attempt = { email: "any@northwind.example", clientAddress: HOME };
    await expect(admitGuess(ctx(NOON, gone), attempt)).rejects.toThrow("gone");
  });
});
