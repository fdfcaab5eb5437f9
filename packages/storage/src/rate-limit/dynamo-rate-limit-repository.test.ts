import { type Limit, type RateLimitRepository, takeTokens } from "@concord/core/rate-limit";
import { ACME, GLOBEX, testTable } from "@concord/local/testing";
import { describe, expect, it } from "vitest";
import { faultyTableOn } from "../dynamo-table/faulty-table.fixture.ts";
import { openTenantStore } from "../tenant-store.ts";

const T0 = Date.parse("2027-01-15T12:00:00.000Z");
/** Five at once, then one a second. */
const limit: Limit = { burst: 5, emissionMilliseconds: 1_000, lease: 1 };
const bucket = { principal: "mem_A", rateClass: "write" } as const;

const open = async () => {
  const faulty = faultyTableOn(await testTable(), () => 0.5);
  const of = (tenantId: typeof ACME) => openTenantStore(faulty.table, tenantId).rateLimits;
  return { ...faulty, acme: of(ACME), globex: of(GLOBEX), faulty };
};
const take = (
  rateLimits: RateLimitRepository,
  { now = T0, seen, wanted = 1 }: { now?: number; seen?: number | undefined; wanted?: number } = {},
) => rateLimits.take(bucket, { limit, wanted, now, seen });

describe("taking from a stored bucket", () => {
  it("decides as the rule does, whatever the process has seen, in at most two requests", async () => {
    const { acme, sent } = await open();
    const moments = [0, 0, 10, 900, 900, 900, 950, 1_000, 1_000, 4_000, 20_000, 20_001];
    let fullAt: number | undefined;
    for (const [index, after] of moments.entries()) {
      const now = T0 + after;
      const expected = takeTokens(fullAt, limit, 1, now);
      const guesses = [undefined, fullAt, T0 + 100, now + 1_500];
      sent.length = 0;
      const decision = await take(acme, { now, seen: guesses[index % guesses.length] });
      expect(decision, `request ${index}`).toEqual(expected);
      expect(sent.length).toBeLessThanOrEqual(2);
      fullAt = expected.fullAt;
    }
  });

  it("lets exactly the burst through when many come at once, from processes that know nothing", async () => {
    const { acme } = await open();
    const decisions = await Promise.all(Array.from({ length: 20 }, () => take(acme)));
    expect(decisions.filter(({ kind }) => kind === "taken")).toHaveLength(5);
  });

  it("counts a request once whose answer was lost, in an idle bucket and in a busy one", async () => {
    const { acme, faulty } = await open();
    faulty.fail("UpdateItem", "answer-lost");
    expect(await take(acme)).toMatchObject({ kind: "taken", fullAt: T0 + 1_000 });
    faulty.fail("UpdateItem", "answer-lost");
    expect(await take(acme, { seen: T0 + 1_000 })).toMatchObject({ fullAt: T0 + 2_000 });
    expect(faulty.sent).toHaveLength(4);
  });

  it("costs one token more, and no more, where another request came before the repeat", async () => {
    const { acme, faulty } = await open();
    faulty.fail("UpdateItem", "answer-lost");
    const both = await Promise.all([take(acme), take(acme, { seen: T0 + 1_000 })]);
    expect(both.map(({ kind }) => kind)).toEqual(["taken", "taken"]);
    const { fullAt } = await take(acme);
    expect([3, 4]).toContain((fullAt - T0) / 1_000);
  });

  it("has a bucket of its own for each tenant, principal and class", async () => {
    const { acme, globex } = await open();
    for (let n = 0; n < 5; n += 1) await take(acme);
    expect((await take(acme)).kind).toBe("refused");
    expect((await take(globex)).kind).toBe("taken");
    const others = [
      { ...bucket, principal: "mem_B" },
      { ...bucket, rateClass: "read" as const },
    ];
    for (const other of others) {
      const decision = await acme.take(other, { limit, wanted: 1, now: T0, seen: undefined });
      expect(decision.kind).toBe("taken");
    }
  });

  it("fails, and refuses nobody by mistake, where the table does not answer", async () => {
    const { acme, faulty } = await open();
    const gone = Object.assign(new Error("gone"), { name: "ServiceUnavailable", $metadata: {} });
    faulty.fail("UpdateItem", ...Array.from({ length: 20 }, () => gone));
    await expect(take(acme)).rejects.toThrow("gone");
  });
});
