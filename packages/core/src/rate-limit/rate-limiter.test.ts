import { describe, expect, it } from "vitest";
import { TenantId } from "../id/index.ts";
import { takeTokens } from "./rate-limit.ts";
import { rateLimiter } from "./rate-limiter.ts";
import type { Bucket, RateLimitRepository } from "./repository.ts";
import type { Limits } from "./schema.ts";

const T0 = Date.parse("2027-01-15T12:00:00.000Z");
const ACME = TenantId.parse("ten_0000000000000000000000ACME");
const GLOBEX = TenantId.parse("ten_00000000000000000000G10BEX");
const limits: Limits = {
  read: { burst: 600, emissionMilliseconds: 50, lease: 50 },
  write: { burst: 3, emissionMilliseconds: 1_000, lease: 1 },
  bulk: { burst: 1, emissionMilliseconds: 1_000, lease: 1 },
  secret: { burst: 1, emissionMilliseconds: 1_000, lease: 1 },
};
const reader: Bucket = { principal: "mem_A", rateClass: "read" };
const writer: Bucket = { principal: "mem_A", rateClass: "write" };

/** What several processes share; counts how often it is asked. */
function sharedBuckets() {
  const rows = new Map<string, number>();
  let asked = 0;
  const of = (tenantId: string): RateLimitRepository => ({
    async take({ principal, rateClass }, { limit, wanted, now }) {
      asked += 1;
      const name = `${tenantId} ${principal} ${rateClass}`;
      const decision = takeTokens(rows.get(name), limit, wanted, now);
      rows.set(name, decision.fullAt);
      return decision;
    },
  });
  return { acme: of(ACME), globex: of(GLOBEX), asked: () => asked };
}

const at = (milliseconds: number) => new Date(T0 + milliseconds);

describe("the limiter of one process", () => {
  it("asks once for fifty reads", async () => {
    const { acme, asked } = sharedBuckets();
    const limiter = rateLimiter(limits);
    const lefts: number[] = [];
    for (let n = 0; n < 100; n += 1) {
      lefts.push((await limiter.admit(ACME, acme, reader, at(0))).left);
    }
    expect(asked()).toBe(2);
    expect([lefts[0], lefts[49], lefts[50], lefts[99]]).toEqual([599, 550, 549, 500]);
  });

  it("takes one lease for reads that come together", async () => {
    const { acme, asked } = sharedBuckets();
    const limiter = rateLimiter(limits);
    const page = Array.from({ length: 20 }, () => limiter.admit(ACME, acme, reader, at(0)));
    expect((await Promise.all(page)).every(({ isAdmitted }) => isAdmitted)).toBe(true);
    expect(asked()).toBe(1);
  });

  it("asks for every write, and refuses without asking while it knows that none is left", async () => {
    const { acme, asked } = sharedBuckets();
    const limiter = rateLimiter(limits);
    const admit = (after: number) => limiter.admit(ACME, acme, writer, at(after));
    for (let n = 0; n < 3; n += 1) expect((await admit(0)).isAdmitted).toBe(true);
    expect(await admit(1)).toMatchObject({ isAdmitted: false, left: 0, waitMilliseconds: 999 });
    for (let n = 0; n < 100; n += 1) await admit(2);
    expect(asked()).toBe(3);
    expect(await admit(1_000)).toMatchObject({ isAdmitted: true, left: 0 });
    expect(asked()).toBe(4);
  });

  it("lets many processes that keep leases read on until the bucket is really empty", async () => {
    const { acme } = sharedBuckets();
    const processes = Array.from({ length: 40 }, () => rateLimiter(limits));
    const first = await Promise.all(
      processes.map((limiter) => limiter.admit(ACME, acme, reader, at(0))),
    );
    expect(first.every(({ isAdmitted }) => isAdmitted)).toBe(true);
    let admitted = first.length;
    for (const limiter of processes) {
      while ((await limiter.admit(ACME, acme, reader, at(0))).isAdmitted) admitted += 1;
    }
    expect(admitted).toBe(600);
  });

  it("forgets a lease after the time in which the bucket fills without it", async () => {
    const { acme, asked } = sharedBuckets();
    const limiter = rateLimiter(limits);
    await limiter.admit(ACME, acme, reader, at(0));
    await limiter.admit(ACME, acme, reader, at(29_999));
    expect(asked()).toBe(1);
    await limiter.admit(ACME, acme, reader, at(30_000));
    expect(asked()).toBe(2);
  });

  it("never tells of more tokens than the bucket holds, however long a lease is kept", async () => {
    const { acme } = sharedBuckets();
    const limiter = rateLimiter(limits);
    await limiter.admit(ACME, acme, reader, at(0));
    expect((await limiter.admit(ACME, acme, reader, at(20_000))).left).toBe(600);
  });

  it("keeps tenants apart: an empty bucket of one refuses nobody of another", async () => {
    const { acme, globex } = sharedBuckets();
    const limiter = rateLimiter(limits);
    for (let n = 0; n < 4; n += 1) await limiter.admit(ACME, acme, writer, at(0));
    expect((await limiter.admit(ACME, acme, writer, at(0))).isAdmitted).toBe(false);
    expect((await limiter.admit(GLOBEX, globex, writer, at(0))).isAdmitted).toBe(true);
  });

  it("passes on that the table does not answer, and asks again next time", async () => {
    const limiter = rateLimiter(limits);
    const broken = { take: () => Promise.reject(new Error("gone")) };
    await expect(limiter.admit(ACME, broken, reader, at(0))).rejects.toThrow("gone");
    const { acme } = sharedBuckets();
    expect((await limiter.admit(ACME, acme, reader, at(0))).isAdmitted).toBe(true);
  });
});
