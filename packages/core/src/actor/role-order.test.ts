import { describe, expect, it } from "vitest";
import { type MemberActor, MemberRole, type PartnerActor, PartnerRole } from "./actor.ts";
import { type Permission, permissions } from "./permission.ts";
import { heldBy, requireGrant, requireTake } from "./role-order.ts";

type Role = MemberRole | PartnerRole;
const roles: readonly Role[] = [...MemberRole.options, ...PartnerRole.options];

const isPartnerRole = (role: Role): role is PartnerRole => PartnerRole.safeParse(role).success;
const can = (role: Role): readonly Permission[] =>
  (Object.keys(permissions) as Permission[]).filter((permission) => {
    const grant: {
      readonly member?: readonly Role[];
      readonly partner?: readonly Role[];
      readonly system?: true;
    } = permissions[permission];
    return (isPartnerRole(role) ? grant.partner : grant.member)?.includes(role);
  });

const actorOf = (role: Role): MemberActor | PartnerActor =>
  (isPartnerRole(role)
    ? { kind: "partner-user", roles: [role] }
    : { kind: "member", roles: [role] }) as unknown as MemberActor | PartnerActor;
const codeOf = (act: () => void): string => {
  try {
    act();
    return "granted";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("the order of roles", () => {
  it("is an order: every role holds itself, and what the roles it holds hold; no two hold each other", () => {
    for (const role of roles) {
      expect(heldBy[role]).toContain(role);
      for (const held of heldBy[role]) {
        for (const further of heldBy[held]) expect(heldBy[role]).toContain(further);
        if (held !== role) expect(heldBy[held]).not.toContain(role);
      }
    }
  });

  it("follows the permission table: a role that is held can do nothing that its holder cannot", () => {
    for (const role of MemberRole.options) {
      for (const held of heldBy[role].filter((one) => !isPartnerRole(one))) {
        const beyond = can(held).filter((permission) => !can(role).includes(permission));
        expect(beyond, `${role} holds ${held}`).toEqual([]);
      }
    }
    expect(can("partner-user").filter((one) => !can("partner-exec").includes(one))).toEqual([]);
  });

  it("lets nobody give or take at a partner what is the tenant's", () => {
    for (const role of PartnerRole.options) {
      expect(heldBy[role].filter((held) => !isPartnerRole(held))).toEqual([]);
    }
  });
});

describe("granting", () => {
  const expected: Readonly<Record<Role, readonly Role[]>> = {
    owner: [
      "owner",
      "admin",
      "program-manager",
      "partner-manager",
      "executive-sponsor",
      "data-steward",
      "viewer",
      "partner-exec",
      "partner-user",
    ],
    admin: [
      "admin",
      "program-manager",
      "partner-manager",
      "executive-sponsor",
      "data-steward",
      "viewer",
      "partner-exec",
      "partner-user",
    ],
    "program-manager": [
      "program-manager",
      "partner-manager",
      "viewer",
      "partner-exec",
      "partner-user",
    ],
    "partner-manager": ["partner-manager", "viewer", "partner-exec", "partner-user"],
    "executive-sponsor": ["executive-sponsor", "viewer"],
    "data-steward": ["data-steward", "viewer"],
    moderator: ["viewer"],
    viewer: ["viewer"],
    "partner-exec": ["partner-exec", "partner-user"],
    "partner-user": ["partner-user"],
  };

  it.each(roles)("is for %s what the role holds and no more, and never the moderator", (role) => {
    const granted = roles.filter(
      (one) => codeOf(() => requireGrant(actorOf(role), [one])) === "granted",
    );
    expect(granted.toSorted()).toEqual(expected[role].toSorted());
    expect(codeOf(() => requireGrant(actorOf(role), ["moderator"]))).toBe("moderator-needs-two");
  });

  it("is of all roles together or of none", () => {
    const mixed = ["viewer", "owner"] as const;
    expect(codeOf(() => requireGrant(actorOf("admin"), mixed))).toBe("role-not-grantable");
    expect(() => requireGrant(actorOf("admin"), mixed)).toThrow("the role owner");
  });

  it("is by any of the roles that somebody has", () => {
    const both = { ...actorOf("viewer"), roles: ["viewer", "owner"] } as MemberActor;
    expect(codeOf(() => requireGrant(both, ["owner"]))).toBe("granted");
  });

  it("takes away what the role holds and no more, and the system whatever there is", () => {
    const takers = roles.filter(
      (role) => codeOf(() => requireTake(actorOf(role), ["moderator", "owner"])) === "granted",
    );
    expect(takers).toEqual(["owner"]);
    const system = { kind: "system", name: "bootstrap" } as const;
    expect(codeOf(() => requireTake(system, roles))).toBe("granted");
  });

  it("is nothing for an API key, and everything for the system", () => {
    const key = { kind: "api-key" } as unknown as MemberActor;
    expect(codeOf(() => requireGrant(key, ["viewer"]))).toBe("role-not-grantable");
    expect(codeOf(() => requireGrant({ kind: "system", name: "bootstrap" }, roles))).toBe(
      "granted",
    );
  });

  it("takes a moderator's role away only by who could propose one", () => {
    const takers = roles.filter(
      (role) => codeOf(() => requireTake(actorOf(role), ["moderator"])) === "granted",
    );
    expect(takers).toEqual(["owner", "admin", "moderator"]);
  });
});
