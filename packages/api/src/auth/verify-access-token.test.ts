import { createPrivateKey, createSign, type KeyObject } from "node:crypto";
import { LoginSessionId, MemberId, PersonId, TenantId } from "@concord/core/id";
import { type CryptoKey, importJWK, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { generateSigningKey, publicHalf } from "./signing-key.ts";
import { verifyAccessToken } from "./verify-access-token.ts";

const ISSUER = "https://api.concord.test";
const NOW = 1_800_014_400;
const claims = {
  sub: PersonId.parse(`per_${"0".repeat(26)}`),
  tid: TenantId.parse(`ten_${"0".repeat(26)}`),
  sid: LoginSessionId.parse(`lgs_${"0".repeat(26)}`),
  mid: MemberId.parse(`mem_${"0".repeat(26)}`),
  mv: 1,
};

describe("an access token that we signed", () => {
  let signer: KeyObject;
  let privateKey: Awaited<ReturnType<typeof importJWK>>;
  let publicKey: CryptoKey;
  beforeAll(async () => {
    const key = await generateSigningKey();
    signer = createPrivateKey({ key: { ...key }, format: "jwk" });
    privateKey = await importJWK(key, "RS256");
    publicKey = (await importJWK(publicHalf(key), "RS256")) as CryptoKey;
  });

  const sign = (times: { iat: number; exp: number }, mv = 1) =>
    new SignJWT({
      ...{ ...claims, mv, iss: ISSUER, aud: "concord-api" },
      ...{ ...times, jti: "00000000-0000-4000-8000-000000000000" },
    })
      .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: "key" })
      .sign(privateKey);
  const keySet = () => new Map([["key", publicKey]]);
  const verify = (token: string, keys = keySet(), at = NOW, issuer = ISSUER) =>
    verifyAccessToken(token, { keys, issuer, wallNow: new Date(at * 1000) }).catch(
      ({ code }: { code: string }) => code,
    );

  it.each([
    ["by a clock that is 30 s ahead", 30, 630, true],
    ["by a clock that is 31 s ahead", 31, 631, false],
    ["for ten minutes", 0, 600, true],
    ["for a second more", 0, 601, false],
    ["until a second from now", -599, 1, true],
    ["until now", -600, 0, false],
  ])("is good where it was issued %s", async (_, issued, expires, isGood) => {
    const token = await sign({ iat: NOW + issued, exp: NOW + expires });
    expect(await verify(token)).toEqual(isGood ? claims : "unauthenticated");
  });

  /** A set of keys that tells how often a signature was verified with it. */
  function watchedKeys() {
    let lookedUp = 0;
    const keys = keySet();
    const get = keys.get.bind(keys);
    keys.get = (kid) => {
      lookedUp += 1;
      return get(kid);
    };
    return { keys, lookedUp: () => lookedUp };
  }

  it("is verified once under one set of keys, and asked each time whether it is good now", async () => {
    const token = await sign({ iat: NOW, exp: NOW + 600 });
    const { keys, lookedUp } = watchedKeys();
    expect(await verify(token, keys)).toEqual(claims);
    expect(await verify(token, keys)).toEqual(claims);
    expect(lookedUp()).toBe(1);
    expect(await verify(token, keys, NOW + 600)).toBe("unauthenticated");
    expect(await verify(token, keys, NOW, "https://evil.test")).toBe("unauthenticated");
    expect(await verify(token, new Map())).toBe("unauthenticated");
  });

  const HEADER = '{"alg":"RS256","typ":"at+jwt","kid":"key"}';
  const body = (changes: object = {}) =>
    JSON.stringify({
      ...{ ...claims, iss: ISSUER, aud: "concord-api", iat: NOW, exp: NOW + 600 },
      ...{ jti: "00000000-0000-4000-8000-000000000000", ...changes },
    });
  const signText = (header: string, text: string): string => {
    const signed = [header, text].map((one) => Buffer.from(one).toString("base64url")).join(".");
    return `${signed}.${createSign("sha256").update(signed).sign(signer, "base64url")}`;
  };

  it.each([
    ["our own text", HEADER, body(), true],
    ["another type", HEADER.replace("at+jwt", "JWT"), body(), false],
    ["its header in another order", '{"typ":"at+jwt","alg":"RS256","kid":"key"}', body(), false],
    ["a further header", HEADER.replace("}", ',"cty":"x"}'), body(), false],
    ["a key that is none of ours", HEADER.replace("key", "kez"), body(), false],
    ["a key that is a number", HEADER.replace('"key"', "0"), body(), false],
    ["no key", '{"alg":"RS256","typ":"at+jwt"}', body(), false],
    ["spaces in its claims", HEADER, body().replace(",", ", "), false],
    ["a doubled claim", HEADER, body().replace("{", '{"mv":9,'), false],
    ["claims that are a list", HEADER, "[]", false],
    ["claims that are no JSON", HEADER, "claims", false],
    ["a further claim", HEADER, body({ roles: ["owner"] }), false],
    ["another audience", HEADER, body({ aud: "another-api" }), false],
    ["a time that is no whole second", HEADER, body({ iat: NOW + 0.5 }), false],
    ["an end that is no whole second", HEADER, body({ exp: NOW + 0.5 }), false],
    ["an id that is none", HEADER, body({ jti: "1" }), false],
  ])("is good in the one text that we write: %s", async (_, header, text, isGood) => {
    expect(await verify(signText(header, text))).toEqual(isGood ? claims : "unauthenticated");
  });

  it("is remembered among the thousand before it, so that a process does not grow with those who ask it", async () => {
    const { keys, lookedUp } = watchedKeys();
    const ask = (mv: number) => verify(signText(HEADER, body({ mv })), keys);
    for (let mv = 1; mv <= 1_000; mv += 1) await ask(mv);
    await ask(1);
    expect(lookedUp()).toBe(1_000);
    await ask(1_001);
    expect(await ask(1)).toEqual(claims);
    expect(lookedUp()).toBe(1_002);
  });

  it("is told from another of the same set", async () => {
    const keys = keySet();
    const [one, two] = [
      await sign({ iat: NOW, exp: NOW + 600 }),
      await sign({ iat: NOW, exp: NOW + 600 }, 2),
    ];
    expect(await verify(one, keys)).toEqual(claims);
    expect(await verify(two, keys)).toEqual({ ...claims, mv: 2 });
  });
});
