import { describe, expect, it } from "vitest";
import {
  type ApiKeyActor,
  ApiKeyScope,
  holds,
  type MemberActor,
  type Permission,
  permissions,
} from "../actor/index.ts";
import { ApiKeyId, MemberId, mintIds, PersonId, TenantId } from "../id/index.ts";
import { issue, keyActorOf, noteUse, revoke } from "./api-key.ts";
import { parseKeyText, toKeyText } from "./key-text.ts";

const WALL = new Date("2026-11-02T08:00:00.000Z");
const now = new Date("2027-01-15T12:00:00.000Z");
let seed = 0;
const mint = mintIds(
  () => now.getTime(),
  () => {
    seed = (seed + 0.137) % 1;
    return seed;
  },
);
const secret = "s".repeat(43);
const admin: MemberActor = {
  kind: "member",
  personId: mint(PersonId),
  memberId: mint(MemberId),
  roles: ["admin"],
};
const input = { name: "Nightly", scopes: ["opportunities:write" as const], lifetimeDays: 90 };
const apiKeyId = mint(ApiKeyId);
const tenantId = mint(TenantId);
const clocks = { now, wallNow: WALL };
const issued = () => issue({ apiKeyId, secret }, input, admin, clocks).next;
const issuer = (changes = {}) => ({
  memberId: admin.memberId,
  personId: admin.personId,
  displayName: "Ada",
  duties: [],
  email: "ada@people.test",
  roles: ["admin" as const],
  status: "active" as const,
  version: 1,
  createdAt: now.toISOString(),
  updatedAt: now.toISOString(),
  ...changes,
});
const text = { tenantId, issuedBy: admin.memberId, apiKeyId, secret };

const keyOf = (
  scopes: readonly ApiKeyScope[],
  changes: Partial<ApiKeyActor> = {},
): ApiKeyActor => ({
  kind: "api-key",
  apiKeyId,
  issuedBy: admin.memberId,
  issuerRoles: ["owner", "admin"],
  scopes,
  ...changes,
});
const heldBy = (actor: ApiKeyActor): Permission[] =>
  (Object.keys(permissions) as Permission[]).filter((permission) => holds(actor, permission));

describe("what a key may", () => {
  it.each([
    ["opportunities:read", ["opportunity:read"]],
    [
      "opportunities:write",
      ["data-quality-flag:read", "import:create", "import:read", "source:read"],
    ],
    ["partners:read", ["partner:read"]],
    ["partners:write", ["partner:create", "partner:update"]],
    ["rankings:read", ["ranking-position:read", "ranking:read"]],
    ["reviews:read", ["cycle:read", "review:read"]],
    ["scorecards:read", ["program-version:read", "scorecard:read"]],
  ] as const)("P-04 is by the scope %s exactly this: %j", (scope, expected) => {
    expect(heldBy(keyOf([scope])).sort()).toEqual(expected);
  });

  it("is nothing without a scope, and with all of them never the rights of an administrator", () => {
    expect(heldBy(keyOf([]))).toEqual([]);
    const all = heldBy(keyOf(ApiKeyScope.options));
    expect(all.length).toBeGreaterThan(10);
    expect(all.filter((one) => /^(api-key|member|partner-user|tenant|program):/.test(one))).toEqual(
      [],
    );
  });

  it("is never more than its issuer may now", () => {
    const scopes = ["opportunities:write", "opportunities:read"] as const;
    expect(heldBy(keyOf(scopes, { issuerRoles: ["viewer"] })).sort()).toEqual([
      "data-quality-flag:read",
      "import:read",
      "opportunity:read",
      "source:read",
    ]);
    expect(heldBy(keyOf(scopes, { issuerRoles: [] }))).toEqual([]);
  });
});

describe("issuing a key", () => {
  it("keeps the hash of the secret alone and ends by the wall clock", () => {
    const { next, event } = issue({ apiKeyId, secret }, input, admin, clocks);
    expect(next).toMatchObject({
      issuedBy: admin.memberId,
      createdAt: "2026-11-02T08:00:00.000Z",
      expiresAt: "2027-01-31T08:00:00.000Z",
      lastUsedAt: null,
      revoked: null,
    });
    expect(JSON.stringify([next, event])).not.toContain(secret);
    expect(event).toMatchObject({ type: "api-key.issued", at: "2027-01-15T12:00:00.000Z" });
  });

  it("refuses a scope of which the issuer lacks a permission", () => {
    const viewer = { ...admin, roles: ["viewer" as const] };
    expect(() => issue({ apiKeyId, secret }, input, viewer, clocks)).toThrow(
      expect.objectContaining({ code: "api-key-scope-not-grantable" }),
    );
  });
});

describe("who acts with a key", () => {
  it("is the key, with its scopes and its issuer's roles of now", () => {
    const found = { key: issued(), issuer: issuer({ roles: ["viewer"] }) };
    expect(keyActorOf(text, found, WALL)).toEqual({
      kind: "api-key",
      apiKeyId,
      issuedBy: admin.memberId,
      issuerRoles: ["viewer"],
      scopes: ["opportunities:write"],
      partnerId: null,
    });
  });

  const another = mint(MemberId);
  it.each([
    ["no row", text, { key: undefined, issuer: issuer() }],
    ["no issuer", text, { key: issued(), issuer: undefined }],
    [
      "an issuer whose membership ended",
      text,
      { key: issued(), issuer: issuer({ status: "ended" }) },
    ],
    ["another secret", { ...text, secret: "t".repeat(43) }, { key: issued(), issuer: issuer() }],
    [
      "another member named as issuer",
      { ...text, issuedBy: another },
      { key: issued(), issuer: issuer({ memberId: another, roles: ["owner"] }) },
    ],
    ["a revoked key", text, { key: revoke(issued(), admin, clocks).next, issuer: issuer() }],
    [
      "a key that ends now",
      text,
      { key: { ...issued(), expiresAt: WALL.toISOString() }, issuer: issuer() },
    ],
  ])("is nobody with %s", (_, given, found) => {
    expect(() => keyActorOf(given, found, WALL)).toThrow(
      expect.objectContaining({ code: "unauthenticated" }),
    );
  });

  it("cannot be told of a key that is revoked twice", () => {
    const { next, event } = revoke(issued(), admin, clocks);
    expect(next).toMatchObject({
      version: 2,
      revoked: { at: WALL.toISOString(), by: admin.memberId },
    });
    expect(event.type).toBe("api-key.revoked");
    expect(() => revoke(next, admin, clocks)).toThrow(
      expect.objectContaining({ code: "api-key-revoked" }),
    );
  });

  it("is noted at the first use, and again an hour after the last note", () => {
    const used = noteUse(issued(), WALL);
    expect(used).toMatchObject({ lastUsedAt: WALL.toISOString(), version: 1 });
    if (!used) throw new Error("the first use is noted");
    const after = (ms: number) => noteUse(used, new Date(WALL.getTime() + ms));
    expect(after(3_599_999)).toBeUndefined();
    expect(after(3_600_000)?.lastUsedAt).toBe("2026-11-02T09:00:00.000Z");
  });
});

describe("the text of a key", () => {
  it("is read as it was written, in 128 characters", () => {
    expect(toKeyText(text)).toHaveLength(128);
    expect(parseKeyText(toKeyText(text))).toEqual(text);
  });

  it.each([
    ["nothing", ""],
    ["its prefix", "cck_"],
    ["a cut secret", toKeyText(text).slice(0, -1)],
    ["more behind it", `${toKeyText(text)}A`],
    ["a line end", `${toKeyText(text)}\n`],
    ["another prefix", toKeyText(text).replace("cck_", "abc_")],
    ["a key of the table in its place", toKeyText(text).replace(tenantId.slice(4, 8), "#../")],
  ])("is no key with %s", (_, given) => expect(parseKeyText(given)).toBeUndefined());
});
