import type { PublicKeyRepository, PublishedKey } from "@concord/core/login";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cachedKeySet, type ReadKeySet } from "./key-set.ts";
import { generateSigningKey, publicHalf } from "./signing-key.ts";

const START = Date.UTC(2027, 0, 15, 12);
const MINUTE = 60_000;

describe("the set of our public keys", { timeout: 5_000 }, () => {
  let key: PublishedKey;
  let now: number;
  let reads: PromiseWithResolvers<readonly PublishedKey[]>[];
  let keySet: ReadKeySet;
  const repository = {} as PublicKeyRepository;

  beforeAll(async () => {
    const half = publicHalf(await generateSigningKey());
    key = { ...half, signsFrom: "2027-01-15T12:00:00.000Z", withdrawnAt: null };
  });
  beforeEach(() => {
    now = START;
    reads = [];
    keySet = cachedKeySet(
      () => new Date(now),
      () => {
        const read = Promise.withResolvers<readonly PublishedKey[]>();
        reads.push(read);
        return read.promise;
      },
    );
  });
  const read = async (keys: readonly PublishedKey[]) => {
    const set = keySet(repository);
    reads.at(-1)?.resolve(keys);
    return set;
  };

  it("is read from the table where nothing else is said", async () => {
    const stored = { get: async () => ({ keys: [key] }) } as unknown as PublicKeyRepository;
    const { published, byId } = await cachedKeySet(() => new Date(now))(stored);
    expect(published).toEqual([key]);
    expect([...byId.keys()]).toEqual([key.kid]);
  });

  it("is read once for all who ask within five minutes, whichever way the clock went", async () => {
    const [first, second] = [keySet(repository), keySet(repository)];
    reads[0]?.resolve([key]);
    expect(await first).toBe(await second);
    for (const [minutes, count] of [
      [5 - 1 / MINUTE, 1],
      [-5 + 1 / MINUTE, 1],
      [5, 2],
    ] as const) {
      now = START + minutes * MINUTE;
      await read([key]);
      expect(reads).toHaveLength(count);
    }
    now = START;
    await read([key]);
    expect(reads).toHaveLength(3);
  });

  it("is not kept while it holds no key, so that the first counts at once", async () => {
    expect((await read([])).byId.size).toBe(0);
    expect((await read([key])).byId.size).toBe(1);
    await read([]);
    expect(reads).toHaveLength(2);
  });

  it("is read again after a read that failed, and one that fails late takes nothing away", async () => {
    const late = keySet(repository);
    now = START + 5 * MINUTE;
    await read([key]);
    reads[0]?.reject(new Error("throttled"));
    await expect(late).rejects.toThrow("throttled");
    await keySet(repository);
    expect(reads).toHaveLength(2);
    now = START + 10 * MINUTE;
    const failed = keySet(repository);
    reads[2]?.reject(new Error("throttled"));
    await expect(failed).rejects.toThrow("throttled");
    await read([key]);
    expect(reads).toHaveLength(4);
  });
});
