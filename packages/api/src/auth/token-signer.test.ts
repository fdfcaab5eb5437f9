import { LoginSessionId, MemberId, PersonId, TenantId } from "@concord/core/id";
import type { PublicKeyRepository, PublicKeySet } from "@concord/core/login";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { generateSigningKey, publicHalf, type SigningKey } from "./signing-key.ts";
import { tokenSigner } from "./token-signer.ts";
import { verifyAccessToken } from "./verify-access-token.ts";

const START = new Date("2027-01-15T12:00:00.000Z");
const MINUTE = 60_000;
const issuer = "https://api.concord.test";
const one = "0".repeat(26);
const claims = {
  sub: PersonId.parse(`${PersonId.prefix}_${one}`),
  tid: TenantId.parse(`${TenantId.prefix}_${one}`),
  sid: LoginSessionId.parse(`${LoginSessionId.prefix}_${one}`),
  mid: MemberId.parse(`${MemberId.prefix}_${one}`),
  mv: 3,
};

describe("an instance that signs tokens", () => {
  let keys: SigningKey[];
  let set: PublicKeySet;
  let now: Date;
  const repository: PublicKeyRepository = {
    get: async () => set,
    async save(next) {
      set = next;
      return true;
    },
  };
  beforeAll(async () => {
    keys = [await generateSigningKey(), await generateSigningKey()];
  });
  beforeEach(() => {
    set = { keys: [], version: 0 };
    now = START;
  });
  const signer = (...signingKeys: (SigningKey | undefined)[]) =>
    tokenSigner({
      ...{ issuer, wallNow: () => now },
      signingKeys: signingKeys.filter((key) => key !== undefined),
    });
  const later = (minutes: number) => {
    now = new Date(START.getTime() + minutes * MINUTE);
  };

  it("writes who, which membership, for whom and for ten minutes, and no two tokens alike", async () => {
    now = new Date("2027-01-15T12:00:00.999Z");
    const by = signer(keys[0]);
    const [first, second] = [
      await by.issue(repository, claims),
      await by.issue(repository, claims),
    ];
    expect(decodeProtectedHeader(first)).toEqual({
      alg: "RS256",
      typ: "at+jwt",
      kid: keys[0]?.kid,
    });
    expect(decodeJwt(first)).toEqual({
      ...{ ...claims, iss: issuer, aud: "concord-api", iat: 1_800_014_400, exp: 1_800_015_000 },
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(decodeJwt(second).jti).not.toBe(decodeJwt(first).jti);
    const { byId } = await by.keySet(repository);
    expect(await verifyAccessToken(first, { keys: byId, issuer, wallNow: now })).toEqual(claims);
  });

  it("signs with the newest key that has been published for 15 minutes", async () => {
    await signer(keys[0]).issue(repository, claims);
    const both = signer(...keys);
    const kidAt = async (minutes: number) => {
      later(minutes);
      return decodeProtectedHeader(await both.issue(repository, claims)).kid;
    };
    expect(await kidAt(0)).toBe(keys[0]?.kid);
    expect(await kidAt(14.9)).toBe(keys[0]?.kid);
    expect(await kidAt(15)).toBe(keys[1]?.kid);
  });

  it("says that it cannot while none of its keys has", async () => {
    await signer(keys[0]).issue(repository, claims);
    await expect(signer(keys[1]).issue(repository, claims)).rejects.toMatchObject({
      code: "unavailable",
    });
  });

  it("tells its keys, newest first, and neither a private half nor when they sign", async () => {
    await signer(keys[0]).issue(repository, claims);
    const [older, newer] = keys.map(publicHalf);
    expect(await signer(...keys).published(repository)).toEqual([newer, older]);
  });
});
