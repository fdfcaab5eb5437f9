import { ApiKeyId, LoginSessionId, MemberId, PersonId, TenantId } from "@concord/core/id";
import { importJWK, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import type { RequestStores } from "../http/context.ts";
import { authenticate } from "./authenticate.ts";
import { cachedKeySet } from "./key-set.ts";
import { generateSigningKey, publicHalf, type SigningKey } from "./signing-key.ts";

const ISSUER = "https://api.concord.test";
const NOON = new Date("2027-01-15T12:00:00.000Z");
const NOW = NOON.getTime() / 1000;
const ACME = TenantId.parse(`ten_${"0".repeat(25)}1`);
const GLOBEX = TenantId.parse(`ten_${"0".repeat(25)}2`);
const one = "0".repeat(26);
const personId = PersonId.parse(`${PersonId.prefix}_${one}`);
const memberId = MemberId.parse(`${MemberId.prefix}_${one}`);
const sessionId = LoginSessionId.parse(`${LoginSessionId.prefix}_${one}`);
const apiKeyId = ApiKeyId.parse(`${ApiKeyId.prefix}_${one}`);
const secret = "s".repeat(43);
const keyText = (tenantId: TenantId) => `cck_${tenantId.slice(4)}_${one}_${one}_${secret}`;

const member = {
  ...{ memberId, personId, displayName: "Ada", email: "ada@people.test", duties: [] },
  ...{ roles: ["admin"], status: "active", version: 1 },
};
const session = {
  ...{ sessionId, membershipId: memberId, personId, method: "password", expiresAt: NOW + 600 },
};

describe("whoever sends a request", () => {
  let signingKey: SigningKey;
  let token: string;
  beforeAll(async () => {
    signingKey = await generateSigningKey();
    const claims = { sub: personId, tid: ACME, sid: sessionId, mid: memberId, mv: 1 };
    token = await new SignJWT({
      ...{ ...claims, iss: ISSUER, aud: "concord-api", iat: NOW, exp: NOW + 600 },
      jti: "00000000-0000-4000-8000-000000000000",
    })
      .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: signingKey.kid })
      .sign(await importJWK(signingKey, "RS256"));
  });

  /** Two tenants, of which the first alone has the session and the key. */
  function opened() {
    const pinned: TenantId[] = [];
    const asked: unknown[] = [];
    const isOurs = (tenantId: TenantId) => tenantId === ACME && pinned[0] === ACME;
    const key = {
      ...{ apiKeyId, issuedBy: memberId, scopes: ["partners:read"], partnerId: null },
      // SHA-256 of the secret, base64url.
      secretHash: "1kuTyfG2DrM45ctBXWo2vZIO3Q6bNvfqXHMNDhD_FH8",
      ...{ revoked: null, expiresAt: "2028-01-01T00:00:00.000Z", lastUsedAt: NOON.toISOString() },
    };
    const stores = {
      pin: (tenantId: TenantId) => pinned.push(tenantId),
      openTenant: (tenantId: TenantId) => ({
        loginSessions: {
          async find(...of: unknown[]) {
            asked.push([tenantId, ...of]);
            return isOurs(tenantId) ? { holder: { kind: "member", member }, session } : {};
          },
        },
        apiKeys: {
          async find(...of: unknown[]) {
            asked.push([tenantId, ...of]);
            return isOurs(tenantId) ? { key, issuer: member } : {};
          },
        },
      }),
      system: { publicKeys: {} },
    } as unknown as RequestStores;
    const wallNow = NOON;
    const published = {
      ...publicHalf(signingKey),
      ...{ signsFrom: "2027-01-01T00:00:00.000Z", withdrawnAt: null },
    };
    const keySet = cachedKeySet(
      () => wallNow,
      async () => [published],
    );
    const by = (authorization?: string) =>
      authenticate(authorization, { stores, keySet, issuer: ISSUER, wallNow });
    return { by, pinned, asked };
  }
  const unauthenticated = expect.objectContaining({ code: "unauthenticated" });

  it("is the member that the token names, as stored now, with the session, in that tenant alone", async () => {
    const { by, pinned, asked } = opened();
    expect(await by(`Bearer ${token}`)).toEqual({
      tenantId: ACME,
      actor: { kind: "member", personId, memberId, roles: ["admin"], duties: [] },
      session,
    });
    expect([pinned, asked]).toEqual([[ACME], [[ACME, memberId, sessionId]]]);
  });

  it("is the key that they show, in its tenant alone", async () => {
    const { by, pinned, asked } = opened();
    expect(await by(`Bearer ${keyText(ACME)}`)).toEqual({
      tenantId: ACME,
      actor: {
        ...{ kind: "api-key", apiKeyId, issuedBy: memberId, issuerRoles: ["admin"] },
        ...{ scopes: ["partners:read"], partnerId: null },
      },
    });
    expect([pinned, asked]).toEqual([[ACME], [[ACME, apiKeyId, memberId]]]);
    const elsewhere = opened();
    await expect(elsewhere.by(`Bearer ${keyText(GLOBEX)}`)).rejects.toThrow(unauthenticated);
    expect(elsewhere.pinned).toEqual([GLOBEX]);
  });

  it.each(["bearer", "BEARER", "Bearer"])("may spell the scheme %s", async (scheme) => {
    expect((await opened().by(`${scheme} ${token}`)).tenantId).toBe(ACME);
  });

  it.each<[string, (good: string) => string | undefined]>([
    ["nothing", () => undefined],
    ["no token", () => "Bearer "],
    ["no scheme", (good) => good],
    ["another scheme", (good) => `Basic ${good}`],
    ["something before it", (good) => `x Bearer ${good}`],
    ["something after it", (good) => `Bearer ${good} x`],
    ["a comma after it", (good) => `Bearer ${good},`],
  ])("is told how to do it, where they send %s", async (_, header) => {
    const { by, pinned } = opened();
    await expect(by(header(token))).rejects.toThrow(
      expect.objectContaining({
        code: "unauthenticated",
        message: expect.stringContaining("Authorization: Bearer <accessToken>"),
      }),
    );
    expect(pinned).toEqual([]);
  });

  it.each([
    ["a key that is cut", () => keyText(ACME).slice(0, -1)],
    ["a token of other letters", () => `${token.slice(0, -4)}AAAA`],
  ])("is nobody with %s, and no tenant is opened", async (_, wrong) => {
    const { by, pinned, asked } = opened();
    await expect(by(`Bearer ${wrong()}`)).rejects.toThrow(unauthenticated);
    expect([pinned, asked]).toEqual([[], []]);
  });
});
