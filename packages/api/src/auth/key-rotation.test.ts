import { LoginSessionId, MemberId, PersonId } from "@concord/core/id";
import { type PublicKeyRepository, publishKeys } from "@concord/core/login";
import { ACME, figure, NOON, seeded, testStore } from "@concord/local/testing";
import { openSystemStore } from "@concord/storage";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cachedKeySet } from "./key-set.ts";
import { generateSigningKey, publicHalf, type SigningKey } from "./signing-key.ts";
import { tokenSigner } from "./token-signer.ts";
import { verifyAccessToken } from "./verify-access-token.ts";

const MINUTE = 60_000;
const ISSUER = "https://api.concord.test";
const SEED = 20_270_115;

describe("a rotation of keys", () => {
  let keys: SigningKey[];
  let repository: PublicKeyRepository;
  let mint: Awaited<ReturnType<typeof testStore>>["mint"];
  let now: Date;
  const wallNow = () => now;
  const minutes = (count: number) => {
    now = new Date(NOON.getTime() + count * MINUTE);
  };
  const kidOf = (token: string) =>
    (JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()) as { kid: string })
      .kid;

  beforeAll(async () => {
    keys = await Promise.all(Array.from({ length: 4 }, () => generateSigningKey()));
  });
  beforeEach(async () => {
    now = NOON;
    const store = await testStore();
    mint = store.mint;
    repository = openSystemStore(store.table).publicKeys;
  });

  const signer = (...numbers: number[]) => {
    const signingKeys = numbers.map((number) => keys[number] ?? raiseNoKey());
    const { issue, published } = tokenSigner({ signingKeys, issuer: ISSUER, wallNow });
    return {
      issue: () =>
        issue(repository, {
          sub: mint(PersonId),
          tid: ACME,
          sid: mint(LoginSessionId),
          mid: mint(MemberId),
          mv: 1,
        }),
      published: () => published(repository),
    };
  };
  const raiseNoKey = (): never => {
    throw new Error("no such key");
  };
  const verifier = () => {
    const keySet = cachedKeySet(wallNow);
    return {
      accepts: async (token: string) => {
        const { byId } = await keySet(repository);
        return verifyAccessToken(token, { keys: byId, issuer: ISSUER, wallNow: now }).then(
          () => true,
          () => false,
        );
      },
    };
  };
  const kid = (number: number) => keys[number]?.kid;

  it("P-03 lets the very first key sign at once, also for a verifier that asked before it was there", async () => {
    const early = verifier();
    expect(await early.accepts("none")).toBe(false);
    expect(await early.accepts(await signer(0).issue())).toBe(true);
  });

  it("P-03 publishes a new key at once and signs with it 15 minutes later", async () => {
    await signer(0).issue();
    const both = signer(0, 1);
    expect((await both.published()).map((key) => key.kid)).toEqual([kid(1), kid(0)]);
    expect(kidOf(await both.issue())).toBe(kid(0));
    minutes(14.99);
    expect(kidOf(await both.issue())).toBe(kid(0));
    expect(kidOf(await signer(0, 1).issue())).toBe(kid(0));
    minutes(15);
    expect(kidOf(await both.issue())).toBe(kid(1));
  });

  it("P-03 keeps an old key until its last token has expired, and then no longer", async () => {
    const old = signer(0, 1);
    const last = await old.issue();
    expect(kidOf(last)).toBe(kid(1));
    const next = signer(1);
    minutes(1);
    await next.published();
    minutes(20.9);
    expect((await next.published()).map((key) => key.kid)).toContain(kid(0));
    minutes(30);
    expect((await next.published()).map((key) => key.kid)).toEqual([kid(1)]);
    expect(await signer(1).published()).toEqual([publicHalf(keys[1] ?? raiseNoKey())]);
  });

  it("says that it cannot sign while all its keys are too new", async () => {
    await signer(0).issue();
    const stranger = signer(2);
    await expect(stranger.issue()).rejects.toMatchObject({ code: "unavailable" });
    minutes(15);
    expect(kidOf(await stranger.issue())).toBe(kid(2));
  });

  it("tells nobody when a key signs", async () => {
    const [only] = await signer(0).published();
    expect(Object.keys(only ?? {}).sort()).toEqual(["alg", "e", "kid", "kty", "n", "use"]);
  });

  /**
   * Rolling deployments one after another, each with its old and new instances up together in a random
   * mix, and verifiers that started at any time: how many good tokens were refused.
   */
  async function refusedTokens(
    steps: number,
    random: () => number,
    withPublishing: boolean,
  ): Promise<{ refused: number; signed: number; kids: number }> {
    const lists = [[0], [0, 1], [1], [1, 2], [2], [2, 3], [3], [3, 0], [0]];
    const signers = lists.map((list) => signer(...list));
    const verifiers = Array.from({ length: 4 }, verifier);
    let tokens: { token: string; until: number }[] = [];
    let [refused, signed] = [0, 0];
    const seen = new Set<string>();
    for (let step = 0; step < steps; step += 1) {
      const at = (step / steps) * lists.length;
      minutes(at * 40);
      const stage = Math.floor(at);
      // A third of a stage both lists are deployed, as a rolling deployment that is slow.
      const isMixed = stage > 0 && at - stage < 0.33 && random() < 0.5;
      const list = lists[isMixed ? stage - 1 : stage] ?? raiseNoKey();
      const chosen = signers[isMixed ? stage - 1 : stage] ?? raiseNoKey();
      const token = withPublishing
        ? await chosen.issue()
        : await impatient(list[list.length - 1] ?? 0);
      seen.add(kidOf(token));
      signed += 1;
      tokens = tokens.filter(({ until }) => until > now.getTime());
      tokens.push({ token, until: now.getTime() + 10 * MINUTE });
      const some = tokens[Math.floor(random() * tokens.length)];
      const by = verifiers[Math.floor(random() * verifiers.length)];
      for (const one of [token, some?.token ?? token]) {
        if (!(await by?.accepts(one))) refused += 1;
      }
    }
    return { refused, signed, kids: seen.size };
  }

  /** Signs with its newest key as soon as it has it, published or not. */
  const impatient = async (number: number) => {
    const key = keys[number] ?? raiseNoKey();
    await publishKeys(repository, [publicHalf(key)], now);
    const published = { ...publicHalf(key), signsFrom: NOON.toISOString(), withdrawnAt: null };
    const { tokenIssuer } = await import("./issue-access-token.ts");
    const issue = tokenIssuer({ signingKeys: [key], issuer: ISSUER, wallNow });
    const claims = { sub: mint(PersonId), sid: mint(LoginSessionId), mid: mint(MemberId) };
    return issue({ ...claims, tid: ACME, mv: 1 }, [published]);
  };

  it("P-03 refuses no good token while old and new instances are mixed", async () => {
    const outcome = await refusedTokens(figure(600, 6_000), seeded(SEED), true);
    expect(outcome.refused, `seed ${SEED}`).toBe(0);
    expect(outcome.kids).toBe(4);
  });

  it("and it would show if keys signed as soon as they are there", async () => {
    const outcome = await refusedTokens(300, seeded(SEED), false);
    expect(outcome.refused).toBeGreaterThan(0);
  });
});
