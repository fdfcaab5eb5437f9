import { describe, expect, it } from "vitest";
import type { MemberActor, MemberRole } from "../actor/index.ts";
import { MemberId, mintIds, PersonId, TenantId } from "../id/index.ts";
import { browserSecretOf, proofsOf, tenantOfText, textIn } from "./login-texts.ts";
import { change, connect, mayGoOn, vouchedAddress, wantsSso } from "./single-sign-on.ts";

const NOW = new Date("2027-01-15T12:00:00.000Z");
let seed = 0;
const mint = mintIds(
  () => NOW.getTime(),
  () => {
    seed = (seed + 0.137) % 1;
    return seed;
  },
);
const by: MemberActor = {
  kind: "member",
  personId: mint(PersonId),
  memberId: mint(MemberId),
  roles: ["owner"],
};
const sealed = (secret: string) => `sealed ${secret.length}`;
const input = {
  issuer: "https://login.northwind.example",
  clientId: "concord",
  clientSecret: "first",
  isRequired: false,
};
const { next: connection } = connect(input, sealed, by, NOW);

describe("a tenant that requires single sign-on", () => {
  const required = { isEnabled: true, isRequired: true };
  const member = (...roles: MemberRole[]) => ({ kind: "member" as const, member: { roles } });

  it.each([
    ["password", member("viewer"), true],
    ["password", member("admin"), true],
    ["link", member("viewer"), true],
    ["invitation", member("viewer"), true],
    ["sso", member("viewer"), false],
    ["password", member("owner"), false],
    ["password", member("viewer", "owner"), false],
    ["link", member("owner"), true],
    ["password", { kind: "partner-user" as const }, false],
    ["link", { kind: "partner-user" as const }, false],
  ] as const)("closes %s to %j: %s", (method, membership, expected) => {
    expect(wantsSso(required, membership, method)).toBe(expected);
  });

  it.each([
    ["it is not set up", undefined],
    ["it is not required", { isEnabled: true, isRequired: false }],
    ["it is switched off", { isEnabled: false, isRequired: true }],
  ])("closes nothing where %s", (_, policy) => {
    expect(wantsSso(policy, member("viewer"), "password")).toBe(false);
  });
});

describe("a login session", () => {
  const viewer = { kind: "member" as const, member: { roles: ["viewer" as const] } };
  const [off, on, required] = [
    { isEnabled: false, isRequired: true },
    { isEnabled: true, isRequired: false },
    { isEnabled: true, isRequired: true },
  ];
  it.each([
    ["sso", undefined, false],
    ["sso", off, false],
    ["sso", on, true],
    ["sso", required, true],
    ["password", undefined, true],
    ["password", off, true],
    ["password", on, true],
    ["password", required, false],
  ] as const)("of %s goes on under %j: %s", (method, policy, expected) => {
    expect(mayGoOn(policy, viewer, method)).toBe(expected);
  });
});

describe("a change of single sign-on", () => {
  it.each([{ issuer: "https://login.globex.example" }, { clientId: "another" }])(
    "to %j takes no secret of before along",
    (changes) => {
      expect(() => change(connection, changes, sealed, by, NOW)).toThrow(
        expect.objectContaining({ code: "sso-secret-needed" }),
      );
      const given = change(connection, { ...changes, clientSecret: "second!" }, sealed, by, NOW);
      expect(given.next).toMatchObject({ ...changes, sealedClientSecret: "sealed 7", version: 2 });
    },
  );

  it("keeps the secret where issuer and client stay, and no event ever holds one", () => {
    const { next, event } = change(
      connection,
      { issuer: input.issuer, isRequired: true },
      sealed,
      by,
      NOW,
    );
    expect(next).toMatchObject({ sealedClientSecret: "sealed 5", isRequired: true });
    expect(event.data).toEqual({
      issuer: input.issuer,
      clientId: "concord",
      isEnabled: true,
      isRequired: true,
      isSecretNew: false,
    });
  });
});

describe("an address that a provider tells", () => {
  const said = { issuer: input.issuer, subject: "ada", name: undefined };
  it.each([
    ["Ada@People.Test", true, "ada@people.test"],
    ["ada@people.test", false, undefined],
    [undefined, true, undefined],
  ])("%s, vouched for: %s, counts as %s", (email, isEmailVerified, expected) => {
    expect(vouchedAddress({ ...said, email, isEmailVerified })).toBe(expected);
  });
});

describe("the texts of a log-in", () => {
  const tenantId = mint(TenantId);
  const state = textIn(tenantId, "s".repeat(43));
  const secrets = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)] as const;

  it("lead back to their tenant, and nothing else does", () => {
    expect(tenantOfText(state)).toBe(tenantId);
    for (const other of ["", ".", tenantId, `${state}x`, state.slice(1), state.replace(".", "#")]) {
      expect(tenantOfText(other)).toBeUndefined();
    }
  });

  it("are tied to what only we can derive from them, each for its purpose", () => {
    const derived = secrets.flatMap((secret) => {
      const { nonce, codeVerifier } = proofsOf(secret, state);
      return [nonce, codeVerifier, browserSecretOf(secret, state)];
    });
    expect(new Set(derived).size).toBe(6);
    expect(proofsOf(secrets[0], state)).toEqual(proofsOf(secrets[0], state));
  });
});
