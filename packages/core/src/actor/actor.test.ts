import { describe, expect, it } from "vitest";
import { ApiKeyId, MemberId, PartnerId, PartnerUserId, PersonId, ProgramId } from "../id/index.ts";
import {
  type Actor,
  type ApiKeyActor,
  actorIdOf,
  holds,
  holdsSomewhere,
  isOtherPartner,
  type MemberActor,
  onlyPartnerOf,
  type PartnerActor,
  refOf,
  requirePermission,
  sideOf,
} from "./index.ts";
import { hasDuty, scopesWith } from "./permission.ts";

const id = (prefix: string, name: string) => `${prefix}_${name.padStart(26, "0")}`;
const OWN = PartnerId.parse(id("ptr", "A"));
const OTHER = PartnerId.parse(id("ptr", "B"));
const PROGRAM = ProgramId.parse(id("pgm", "A"));
const ANOTHER = ProgramId.parse(id("pgm", "B"));

const member: MemberActor = {
  kind: "member",
  personId: PersonId.parse(id("per", "A")),
  memberId: MemberId.parse(id("mem", "A")),
  roles: ["viewer"],
};
const partnerUser: PartnerActor = {
  kind: "partner-user",
  personId: PersonId.parse(id("per", "B")),
  partnerUserId: PartnerUserId.parse(id("pus", "A")),
  partnerId: OWN,
  roles: ["partner-exec"],
};
const system: Actor = { kind: "system", name: "queue" };
const key: ApiKeyActor = {
  kind: "api-key",
  apiKeyId: ApiKeyId.parse(id("aky", "A")),
  issuedBy: member.memberId,
  issuerRoles: ["admin"],
  scopes: ["opportunities:write", "rankings:read", "scorecards:read"],
};
const keyOfOne: ApiKeyActor = { ...key, partnerId: OWN };

describe("who somebody is", () => {
  it.each([
    [member, { kind: "member", memberId: member.memberId }, member.memberId, "vendor"],
    [
      partnerUser,
      { kind: "partner-user", partnerUserId: partnerUser.partnerUserId, partnerId: OWN },
      partnerUser.partnerUserId,
      "partner",
    ],
    [system, { kind: "system", name: "queue" }, "queue", "vendor"],
    [key, { kind: "api-key", apiKeyId: key.apiKeyId }, key.apiKeyId, "vendor"],
  ] as const)(
    "is remembered by kind and id alone, and speaks for one side: %#",
    (actor, ref, name, side) => {
      expect(refOf(actor)).toEqual(ref);
      expect(refOf(refOf(actor))).toEqual(ref);
      expect(actorIdOf(refOf(actor))).toBe(name);
      expect(sideOf(actor)).toBe(side);
    },
  );

  it.each([
    [member, undefined],
    [system, undefined],
    [key, undefined],
    [{ ...key, partnerId: null }, undefined],
    [keyOfOne, OWN],
    [partnerUser, OWN],
  ] as const)("decides which partner alone is reached: %#", (actor, only) => {
    expect(onlyPartnerOf(actor)).toBe(only);
    expect(isOtherPartner(actor, OWN)).toBe(false);
    expect(isOtherPartner(actor, OTHER)).toBe(only !== undefined);
    expect(isOtherPartner(actor, undefined)).toBe(only !== undefined);
  });
});

describe("a key of one partner", () => {
  it("does there what its scopes say, and nowhere else", () => {
    const at = (partnerId: PartnerId) => ({ partnerId });
    expect(holds(keyOfOne, "scorecard:read", at(OWN))).toBe(true);
    expect(holds(keyOfOne, "scorecard:read", at(OTHER))).toBe(false);
    expect(holds(key, "scorecard:read", at(OTHER))).toBe(true);
    expect(holds(keyOfOne, "scorecard:read")).toBe(true);
  });

  it("has no list of everybody's, and its own partner's part of it where one is named", () => {
    expect(holds(keyOfOne, "import:create")).toBe(false);
    expect(holds(key, "import:create")).toBe(true);
    expect(holds(keyOfOne, "import:create", { partnerId: OWN })).toBe(true);
    expect(holdsSomewhere(keyOfOne, "import:create")).toBe(true);
    expect(holdsSomewhere(keyOfOne, "partner:create")).toBe(false);
    expect(holdsSomewhere({ ...key, issuerRoles: ["viewer"] }, "import:create")).toBe(false);
  });

  it("has the scopes that give a permission, and none where only people have it", () => {
    expect(scopesWith("ranking:read")).toEqual(["rankings:read"]);
    expect(scopesWith("figure:read")).toEqual(["figures:read", "figures:write"]);
    expect(scopesWith("member:create")).toEqual([]);
  });
});

describe("a duty", () => {
  const atPartner = { duty: "moderator", partnerId: OWN, programId: null } as const;
  const inProgram = { duty: "moderator", partnerId: null, programId: PROGRAM } as const;
  const holder = (held: NonNullable<MemberActor["duties"]>[number]): Actor => ({
    ...member,
    duties: [held],
  });

  it.each([
    ["at its partner", atPartner, { partnerId: OWN }, true],
    ["at its partner in any program", atPartner, { partnerId: OWN, programId: ANOTHER }, true],
    ["at another partner", atPartner, { partnerId: OTHER }, false],
    ["in its program", inProgram, { partnerId: OTHER, programId: PROGRAM }, true],
    ["in another program", inProgram, { partnerId: OTHER, programId: ANOTHER }, false],
    ["where no program is meant", inProgram, { partnerId: OTHER }, true],
  ] as const)("counts %s as it was assigned", (_, held, site, counts) => {
    const actor = holder(held);
    expect(hasDuty(actor, "moderator", site)).toBe(counts);
    expect(hasDuty(actor, "data-collector", site)).toBe(false);
    expect(holds(actor, "review:conduct", site)).toBe(counts);
    expect(holds(actor, "review:conduct")).toBe(false);
    expect(holdsSomewhere(actor, "review:conduct")).toBe(true);
    expect(holdsSomewhere(actor, "import:create")).toBe(false);
  });

  it("gives somebody of a partner what the partner's side of it gives", () => {
    const collector: Actor = {
      ...{ ...partnerUser, roles: ["partner-user"] },
      duties: [{ duty: "data-collector", partnerId: OWN, programId: null }],
    };
    expect(holds(collector, "import:read", { partnerId: OWN })).toBe(true);
    expect(holds(collector, "fact-report:resolve", { partnerId: OWN })).toBe(false);
    expect(hasDuty(system, "moderator", { partnerId: OWN })).toBe(false);
  });
});

describe("the first line of a use case", () => {
  it("lets in whom the table of permissions does, and names what is missing", () => {
    expect(requirePermission(partnerUser, "scorecard:read")).toBe(partnerUser);
    expect(() => requirePermission(member, "member:create")).toThrow(
      expect.objectContaining({ code: "permission-denied", message: "This needs member:create" }),
    );
  });
});
