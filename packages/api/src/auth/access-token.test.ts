import { createHmac, createSign, generateKeyPairSync, type JsonWebKey } from "node:crypto";
import { LoginSessionId, MemberId, PersonId } from "@concord/core/id";
import { addMember } from "@concord/core/member";
import { ACME, GLOBEX, type TestApi, testApi } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

type Members = Record<string, unknown>;
const encode = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const part = (token: string, at: number): Members =>
  JSON.parse(Buffer.from(token.split(".")[at] ?? "", "base64url").toString());

describe("an access token", () => {
  let api: TestApi;
  let good: string;
  let header: Members;
  let claims: Members;
  let strangerKey: ReturnType<typeof generateKeyPairSync>["privateKey"];

  const rsa = (signed: string, hash = "sha256"): string =>
    createSign(hash)
      .update(signed)
      .sign({ key: api.signingKey as unknown as JsonWebKey, format: "jwk" }, "base64url");
  /** Signed with our own key, so that only what it says is wrong. */
  const ours = (head: unknown, body: unknown): string => {
    const signed = `${encode(head)}.${encode(body)}`;
    return `${signed}.${rsa(signed)}`;
  };
  const theirs = (head: unknown, body: unknown): string => {
    const signed = `${encode(head)}.${encode(body)}`;
    return `${signed}.${createSign("sha256").update(signed).sign(strangerKey, "base64url")}`;
  };
  const hmac = (head: unknown, secret: string): string => {
    const signed = `${encode(head)}.${encode(claims)}`;
    return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
  };
  const flipped = (at: number): string => {
    const segments = good.split(".");
    const bytes = Buffer.from(segments[at] ?? "", "base64url");
    bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 1;
    segments[at] = bytes.toString("base64url");
    return segments.join(".");
  };
  const me = (token: string) => api.request("/v1/me", { token });

  beforeAll(async () => {
    api = await testApi();
    good = (await api.member(ACME, "viewer")).token;
    header = part(good, 0);
    claims = part(good, 1);
    strangerKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  });

  it("P-03 says who and which membership for ten minutes, and no role", () => {
    expect(header).toEqual({ alg: "RS256", typ: "at+jwt", kid: api.signingKey.kid });
    expect(Object.keys(claims).sort()).toEqual(
      ["aud", "exp", "iat", "iss", "jti", "mid", "mv", "sid", "sub", "tid"].sort(),
    );
    expect(claims).toMatchObject({ iss: api.issuer, aud: "concord-api", tid: ACME, mv: 1 });
    expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(600);
  });

  it("is accepted as it was issued, and also when this test signs it anew", async () => {
    expect((await me(good)).status).toBe(200);
    expect((await me(ours(header, claims))).status).toBe(200);
  });

  const forgeries: [name: string, forge: () => string][] = [
    ["alg none, unsigned", () => `${encode({ ...header, alg: "none" })}.${encode(claims)}.`],
    [
      "alg None with the old signature",
      () => `${encode({ ...header, alg: "None" })}.${good.split(".").slice(1).join(".")}`,
    ],
    ["no alg", () => ours({ typ: "at+jwt", kid: header["kid"] }, claims)],
    ["HS256 under the public modulus", () => hmac({ ...header, alg: "HS256" }, api.signingKey.n)],
    [
      "HS256 under the public JWK",
      () =>
        hmac(
          { ...header, alg: "HS256" },
          JSON.stringify({ kty: "RSA", n: api.signingKey.n, e: api.signingKey.e }),
        ),
    ],
    ["HS256 under an empty secret", () => hmac({ ...header, alg: "HS256" }, "")],
    ["RS256 in the header over an HMAC", () => hmac(header, api.signingKey.n)],
    ["RS512 by our key", () => ours({ ...header, alg: "RS512" }, claims)],
    ["PS256 by our key", () => ours({ ...header, alg: "PS256" }, claims)],
    ["ES256", () => ours({ ...header, alg: "ES256" }, claims)],
    ["alg in lower case", () => ours({ ...header, alg: "rs256" }, claims)],
    ["a stranger's key under our kid", () => theirs(header, claims)],
    ["a stranger's kid", () => theirs({ ...header, kid: "theirs" }, claims)],
    ["no kid", () => ours({ alg: "RS256", typ: "at+jwt" }, claims)],
    ["a kid that is a path", () => ours({ ...header, kid: "../../dev/null" }, claims)],
    ["a kid that is a query", () => ours({ ...header, kid: "' OR 1=1 --" }, claims)],
    ["a kid that is a number", () => ours({ ...header, kid: 0 }, claims)],
    ["a kid named like a prototype", () => ours({ ...header, kid: "__proto__" }, claims)],
    [
      "an embedded key",
      () => theirs({ ...header, jwk: { kty: "RSA", n: "AQAB", e: "AQAB" } }, claims),
    ],
    ["a key address", () => theirs({ ...header, jku: "https://evil.test/jwks.json" }, claims)],
    ["a certificate address", () => theirs({ ...header, x5u: "https://evil.test/x.pem" }, claims)],
    ["a certificate", () => theirs({ ...header, x5c: ["MIIB"] }, claims)],
    ["a critical extension, well signed", () => ours({ ...header, crit: ["exp"], exp: 1 }, claims)],
    ["b64 false, well signed", () => ours({ ...header, b64: false, crit: ["b64"] }, claims)],
    ["a further header, well signed", () => ours({ ...header, cty: "JWT" }, claims)],
    ["typ JWT, well signed", () => ours({ ...header, typ: "JWT" }, claims)],
    ["no typ, well signed", () => ours({ alg: "RS256", kid: header["kid"] }, claims)],
    [
      "headers in another order, well signed",
      () => ours({ typ: "at+jwt", alg: "RS256", kid: header["kid"] }, claims),
    ],
    ["spaces in the header, well signed", () => ours(JSON.stringify(header, null, 1), claims)],
    [
      "a doubled header member, well signed",
      () => ours(`{"alg":"none",${JSON.stringify(header).slice(1)}`, claims),
    ],
    [
      "a doubled claim, well signed",
      () => ours(header, `{"tid":"${GLOBEX}",${JSON.stringify(claims).slice(1)}`),
    ],
    ["spaces in the claims, well signed", () => ours(header, JSON.stringify(claims, null, 1))],
    [
      "expired this second",
      () => ours(header, { ...claims, iat: Number(claims["iat"]) - 600, exp: claims["iat"] }),
    ],
    [
      "good for a year, well signed",
      () => ours(header, { ...claims, exp: Number(claims["iat"]) + 31_536_000 }),
    ],
    [
      "issued in the future",
      () =>
        ours(header, {
          ...claims,
          iat: Number(claims["iat"]) + 300,
          exp: Number(claims["iat"]) + 900,
        }),
    ],
    ["no expiry", () => ours(header, { ...claims, exp: undefined })],
    ["expiry as text", () => ours(header, { ...claims, exp: String(claims["exp"]) })],
    ["another audience", () => ours(header, { ...claims, aud: "another-api" })],
    ["several audiences", () => ours(header, { ...claims, aud: ["concord-api", "another"] })],
    ["another issuer", () => ours(header, { ...claims, iss: "https://evil.test" })],
    ["our issuer with a slash", () => ours(header, { ...claims, iss: `${api.issuer}/` })],
    ["a claim of roles", () => ours(header, { ...claims, roles: ["owner"] })],
    ["no tenant", () => ours(header, { ...claims, tid: undefined })],
    ["a tenant that is a key", () => ours(header, { ...claims, tid: `${ACME}#X` })],
    ["the other tenant", () => ours(header, { ...claims, tid: GLOBEX })],
    ["another person", () => ours(header, { ...claims, sub: api.store.mint(PersonId) })],
    ["another membership", () => ours(header, { ...claims, mid: api.store.mint(MemberId) })],
    [
      "a session that is not there",
      () => ours(header, { ...claims, sid: api.store.mint(LoginSessionId) }),
    ],
    ["a membership newer than the stored one", () => ours(header, { ...claims, mv: 2 })],
    ["a membership version that is a text", () => ours(header, { ...claims, mv: "1" })],
    ["claims that are a list", () => ours(header, [claims])],
    ["claims that are null", () => ours(header, null)],
    ["no claims", () => `${encode(header)}..${rsa(`${encode(header)}.`)}`],
    ["a token in a token", () => ours(header, good)],
    ["a bit of the header turned", () => flipped(0)],
    ["a bit of the claims turned", () => flipped(1)],
    ["a bit of the signature turned", () => flipped(2)],
    ["the signature cut", () => good.slice(0, -4)],
    ["no signature", () => good.slice(0, good.lastIndexOf(".") + 1)],
    [
      "a signature of zeros",
      () => `${good.slice(0, good.lastIndexOf(".") + 1)}${Buffer.alloc(256).toString("base64url")}`,
    ],
    [
      "SHA-1 under RS256",
      () =>
        `${encode(header)}.${encode(claims)}.${rsa(`${encode(header)}.${encode(claims)}`, "sha1")}`,
    ],
    ["padding", () => `${good}==`],
    ["a fourth segment", () => `${good}.AAAA`],
    ["two segments", () => good.split(".").slice(0, 2).join(".")],
    ["five segments, as encrypted ones have", () => `${good}.AAAA.AAAA`],
    ["only dots", () => ".."],
    ["8,193 characters", () => ours(header, { ...claims, pad: "x".repeat(8192) })],
    ["a megabyte", () => "A".repeat(1_000_000)],
    [
      "the JSON serialization",
      () =>
        JSON.stringify({
          payload: encode(claims),
          protected: encode(header),
          signature: good.split(".")[2],
        }),
    ],
  ];

  const CLAIMS = ["sub", "tid", "sid", "mid", "mv", "iss", "aud", "iat", "exp", "jti"];
  const WRONG_VALUES = [undefined, null, "", -1, true, [], {}];
  for (const claim of CLAIMS) {
    for (const value of WRONG_VALUES) {
      forgeries.push([
        `the claim ${claim} as ${JSON.stringify(value)}, well signed`,
        () => ours(header, { ...claims, [claim]: value }),
      ]);
    }
  }
  for (const member of ["alg", "typ", "kid"]) {
    for (const value of WRONG_VALUES) {
      forgeries.push([
        `the header ${member} as ${JSON.stringify(value)}, well signed`,
        () => ours({ ...header, [member]: value }, claims),
      ]);
    }
  }
  const ALGORITHMS =
    "HS256 HS384 HS512 RS384 PS384 PS512 ES384 ES512 EdDSA Ed25519 RSA-OAEP dir NONE nOnE RS256\u0000".split(
      " ",
    );
  for (const alg of ALGORITHMS) {
    forgeries.push([`${alg} over our signature`, () => ours({ ...header, alg }, claims)]);
  }

  it("has at least 150 forgeries to refuse", () => {
    expect(new Set(forgeries.map(([name]) => name)).size).toBeGreaterThanOrEqual(150);
  });

  it.each(forgeries)("is refused: %s", async (_, forge) => {
    const response = await me(forge());
    expect(response.status).toBe(401);
    expect(response.headers.get("WWW-Authenticate")).toBe(
      'Bearer realm="concord", error="invalid_token"',
    );
    expect(await response.json()).toMatchObject({ code: "unauthenticated" });
  });

  it.each([
    ["a space before it", () => ({ Authorization: `Bearer  ${good}` })],
    ["a space within", () => ({ Authorization: `Bearer ${good.slice(0, 40)} ${good.slice(40)}` })],
    ["two of them", () => ({ Authorization: `Bearer ${good}, Bearer ${good}` })],
    ["another scheme", () => ({ Authorization: `Token ${good}` })],
    ["no scheme", () => ({ Authorization: good })],
    ["nothing", () => ({ Authorization: "Bearer" })],
  ])("is refused with %s", async (_, headers) => {
    expect((await api.request("/v1/me", { headers: headers() })).status).toBe(401);
  });

  it("is refused ten minutes later by the wall clock, whatever the business clock says", async () => {
    const { token } = await api.member(ACME, "viewer");
    const before = api.wallNow;
    api.wallNow = new Date(before.getTime() + 599_000);
    expect((await me(token)).status).toBe(200);
    api.wallNow = new Date(before.getTime() + 600_000);
    expect((await me(token)).status).toBe(401);
    api.wallNow = before;
  });

  it("acts with the roles stored now: a demotion and an end act on the next request", async () => {
    const owner = await api.logIn("owner@acme.test", "a password of these tests");
    const { token, member } = await api.member(ACME, "admin");
    const path = `/v1/members/${member.memberId}`;
    const add = (email: string) =>
      api.request("/v1/invitations", { token, body: { email, roles: ["viewer"] } });
    expect((await add("first@people.test")).status).toBe(201);
    const demoted = await api.request(path, {
      method: "PATCH",
      token: owner,
      body: { roles: ["viewer"] },
      version: 1,
    });
    expect(demoted.status).toBe(200);
    expect((await add("second@people.test")).status).toBe(403);
    const ended = await api.request(`${path}/end`, {
      method: "POST",
      token: owner,
      version: 2,
    });
    expect(ended.status).toBe(200);
    expect((await me(token)).status).toBe(401);
  });

  it("is refused once its session is ended, while another session of the person goes on", async () => {
    const { token, member } = await api.member(ACME, "viewer");
    const other = await api.logIn(member.email, "a password of these tests");
    const sid = LoginSessionId.parse(part(token, 1)["sid"]);
    await api.store.openTenant(ACME).loginSessions.end(member.memberId, sid);
    expect((await me(token)).status).toBe(401);
    expect((await me(other)).status).toBe(200);
  });

  it("costs one request and two units to check", async () => {
    const member = await addMember(api.store.asSystem(ACME), {
      email: "units@people.test",
      displayName: "Units",
      roles: ["viewer"],
      initialPassword: "a password of these tests",
    });
    const token = await api.logIn(member.email, "a password of these tests");
    // Refused before the use case: what it cost is authentication alone.
    await api.request("/v1/partners", { token, body: {} });
    expect(api.log.at(-1)).toMatchObject({ status: 403, requests: 1, readUnits: 2, writeUnits: 0 });
  });
});
