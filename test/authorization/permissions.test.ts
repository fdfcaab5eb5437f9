import { preparsePolicySet, statefulIsAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import { manifest } from "@concord/api";
import {
  type Actor,
  ApiKeyScope,
  AssignedDuty,
  type HeldDuty,
  holds,
  holdsSomewhere,
  MemberRole,
  PartnerRole,
  type Permission,
  permissions,
  type Site,
} from "@concord/core/actor";
import type {
  ApiKeyId,
  MemberId,
  PartnerId,
  PartnerUserId,
  PersonId,
  ProgramId,
} from "@concord/core/id";

import { figure, seeded } from "@concord/local/testing";

import { beforeAll, describe, expect, it } from "vitest";
import { expected, letters, scopes } from "./expected.ts";
import { policies } from "./policies.ts";

const SEED = 20_270_116;
const DECISIONS = figure(8_000, 200_000);
const DUTY_DECISIONS = figure(5_000, 20_000);
const names = Object.keys(permissions) as Permission[];
const roles = Object.values(letters);

const actorOf = (...held: readonly string[]): Actor => {
  const personId = "per_00000000000000000000000001" as PersonId;
  if (held.includes("system")) return { kind: "system", name: "queue" };
  const partnerRoles = PartnerRole.options.filter((role) => held.includes(role));
  if (partnerRoles.length > 0) {
    const partnerUserId = "pus_00000000000000000000000001" as PartnerUserId;
    const partnerId = "ptr_00000000000000000000000001" as PartnerId;
    return { kind: "partner-user", personId, partnerUserId, partnerId, roles: partnerRoles };
  }
  const memberRoles = MemberRole.options.filter((role) => held.includes(role));
  const memberId = "mem_00000000000000000000000001" as MemberId;
  return { kind: "member", personId, memberId, roles: memberRoles };
};

const partnerIds = ["ptr_00000000000000000000000001", "ptr_00000000000000000000000002"] as const;
const programIds = ["pgm_00000000000000000000000001", "pgm_00000000000000000000000002"] as const;
const atPartner = (duty: AssignedDuty, number: 0 | 1): HeldDuty => ({
  duty,
  partnerId: partnerIds[number] as PartnerId,
  programId: null,
});
const inProgram = (duty: AssignedDuty, number: 0 | 1): HeldDuty => ({
  duty,
  partnerId: null,
  programId: programIds[number] as ProgramId,
});
const withDuties = (actor: Actor, duties: readonly HeldDuty[]): Actor =>
  actor.kind === "member" || actor.kind === "partner-user" ? { ...actor, duties } : actor;

const keyOf = (issuer: readonly string[], given: readonly string[]): Actor => ({
  kind: "api-key",
  apiKeyId: "key_00000000000000000000000001" as ApiKeyId,
  issuedBy: "mem_00000000000000000000000001" as MemberId,
  issuerRoles: MemberRole.options.filter((role) => issuer.includes(role)),
  scopes: ApiKeyScope.options.filter((scope) => given.includes(scope)),
});

/** Somebody as both sides are asked about them: roles, and of a key its scopes beside the roles of its issuer. */
interface Somebody {
  readonly held: readonly string[];
  readonly scopes?: readonly string[];
}
const asActor = ({ held, scopes: given }: Somebody): Actor =>
  given ? keyOf(held, given) : actorOf(...held);
const toldOf = ({ held, scopes: given }: Somebody): string =>
  given ? `a key for ${given.join("+")} of ${held.join("+")}` : held.join("+");

/** Cells of the table in which the product decides otherwise; a permission without a line differs in all. */
const differencesTo = (decide: (role: string, permission: Permission) => boolean): string[] =>
  names.flatMap((permission) =>
    Object.entries(letters).flatMap(([letter, role]) => {
      const line = expected[permission];
      const isExpected = line === undefined ? undefined : line.includes(letter);
      return decide(role, permission) === isExpected ? [] : [`${permission} ${role}`];
    }),
  );

/** What Cedar says of somebody with these roles, of one tenant and partner, at an object of others. */
function cedarAllows(
  held: readonly string[],
  permission: string,
  {
    sameTenant = true,
    samePartner = true,
    duties = [],
    site,
    as = "Role",
  }: {
    readonly sameTenant?: boolean;
    readonly samePartner?: boolean;
    readonly duties?: readonly HeldDuty[];
    readonly site?: Site;
    /** What is held: roles, or the scopes of a key. */
    readonly as?: "Role" | "Scope";
  } = {},
): boolean {
  const isOfPartner = PartnerRole.options.some((role) => held.includes(role));
  const ownPartner = site && isOfPartner ? partnerIds[0] : "one";
  const principal = { type: "Actor", id: "actor" };
  const resource = { type: "Thing", id: "thing" };
  const answer = statefulIsAuthorized({
    principal,
    action: { type: "Action", id: permission },
    resource,
    context: {},
    preparsedPolicySetId: "concord",
    entities: [
      {
        uid: principal,
        attrs: {
          tenant: "one",
          partner: ownPartner,
          side: isOfPartner ? "partner-user" : "member",
          duties: duties.map(({ duty, partnerId, programId }) =>
            partnerId === null ? { duty, program: programId } : { duty, partner: partnerId },
          ),
          inPrograms: duties.flatMap(({ duty, programId }) => (programId === null ? [] : [duty])),
        },
        parents: held.map((id) => ({ type: as, id })),
      },
      {
        uid: resource,
        attrs: {
          tenant: sameTenant ? "one" : "two",
          partner: site?.partnerId ?? (samePartner ? "one" : "two"),
          ...(site?.programId === undefined ? {} : { program: site.programId }),
        },
        parents: [],
      },
    ],
  });
  if (answer.type === "failure") throw new Error(JSON.stringify(answer.errors));
  const { decision, diagnostics } = answer.response;
  if (diagnostics.errors.length > 0) throw new Error(JSON.stringify(diagnostics.errors));
  return decision === "allow";
}

const randomActor = (random: () => number): readonly string[] => {
  const kind = random();
  if (kind < 0.1) return ["system"];
  const from: readonly string[] = kind < 0.4 ? PartnerRole.options : MemberRole.options;
  return from.filter(() => random() < 2 / from.length);
};

/** A key may do what its scopes say and its issuer may. */
const cedarAllowsKey = (
  issuer: readonly string[],
  given: readonly string[],
  permission: string,
  options: { sameTenant?: boolean } = {},
): boolean =>
  cedarAllows(issuer, permission, options) &&
  cedarAllows(given, permission, { ...options, as: "Scope" });

const randomSomebody = (random: () => number): Somebody =>
  random() < 0.7
    ? { held: randomActor(random) }
    : {
        held: MemberRole.options.filter(() => random() < 0.25),
        scopes: ApiKeyScope.options.filter(() => random() < 0.3),
      };
/** What some key may do: few permissions, so that they are asked for oftener. */
const ofKeys = names.filter((name) => Object.values(scopes).flat().includes(name));

/** How often Cedar and the product disagree, over random actors and permissions. */
function disagreements(decide: (actor: Actor, permission: Permission) => boolean, times: number) {
  const random = seeded(SEED);
  const found: string[] = [];
  const seen = { allowed: 0, denied: 0, keyAllowed: 0, keyDenied: 0 };
  for (let left = times; left > 0; left -= 1) {
    const somebody = randomSomebody(random);
    const from = somebody.scopes && random() < 0.7 ? ofKeys : names;
    const permission = from[Math.floor(random() * from.length)] ?? "me:read";
    const isAllowed = somebody.scopes
      ? cedarAllowsKey(somebody.held, somebody.scopes, permission)
      : cedarAllows(somebody.held, permission);
    if (somebody.scopes) seen[isAllowed ? "keyAllowed" : "keyDenied"] += 1;
    else seen[isAllowed ? "allowed" : "denied"] += 1;
    if (decide(asActor(somebody), permission) !== isAllowed) {
      found.push(`${toldOf(somebody)} ${permission}: Cedar says ${isAllowed}`);
    }
  }
  return { found: [...new Set(found)], seen };
}

describe("the table of permissions", () => {
  beforeAll(() => {
    expect(preparsePolicySet("concord", { staticPolicies: policies })).toMatchObject({
      type: "success",
    });
  });

  it("is the one that is written down here, cell by cell, and no permission is missing there", () => {
    expect(differencesTo((role, permission) => holds(actorOf(role), permission))).toEqual([]);
    expect(Object.keys(expected).sort()).toEqual([...names].sort());
    for (const line of Object.values(expected)) {
      expect(line).toMatch(/^[O-][A-][G-][P-][X-][S-][M-][V-] [e-][u-] [s-]$/);
    }
    expect([...MemberRole.options, ...PartnerRole.options, "system"].sort()).toEqual(
      [...roles].sort(),
    );
  });

  it("is the one of the policies in Cedar, role by role", () => {
    expect(differencesTo((role, permission) => cedarAllows([role], permission))).toEqual([]);
  });

  it(
    "decides as Cedar does for random people of several roles",
    () => {
      const { found, seen } = disagreements(holds, DECISIONS);
      expect(found, `seed ${SEED}`).toEqual([]);
      expect(seen.allowed).toBeGreaterThan(DECISIONS / 8);
      expect(seen.denied).toBeGreaterThan(DECISIONS / 8);
      expect(seen.keyAllowed).toBeGreaterThan(DECISIONS / 50);
      expect(seen.keyDenied).toBeGreaterThan(DECISIONS / 20);
    },
    figure(60_000, 900_000),
  );

  it("P-04 gives a key what its scope says and its issuer may, and nothing else", () => {
    expect(Object.keys(scopes).sort()).toEqual([...ApiKeyScope.options].sort());
    for (const scope of ApiKeyScope.options) {
      for (const [letter, role] of Object.entries(letters)) {
        if (!MemberRole.options.some((one) => one === role)) continue;
        for (const permission of names) {
          const isExpected =
            (scopes[scope]?.includes(permission) ?? false) &&
            (expected[permission]?.includes(letter) ?? false);
          const what = `${permission} with ${scope} of ${role}`;
          expect(holds(keyOf([role], [scope]), permission), what).toBe(isExpected);
          if (!ofKeys.includes(permission)) continue;
          expect(cedarAllowsKey([role], [scope], permission), what).toBe(isExpected);
        }
      }
    }
    expect(holds(keyOf([], ["partners:read"]), "partner:read")).toBe(false);
    const foreign = { sameTenant: false };
    expect(cedarAllowsKey(["owner"], ["partners:read"], "partner:read", foreign)).toBe(false);
  });

  it("and would find a scope that lets a key do more", () => {
    const wrong = (actor: Actor, permission: Permission) =>
      holds(actor, permission) ||
      (permission === "partner:create" &&
        actor.kind === "api-key" &&
        actor.scopes.includes("partners:read"));
    expect(disagreements(wrong, 2_000).found.join()).toContain("partner:create");
  });

  it("and both find a role that was added to a permission", () => {
    const wrong = (actor: Actor, permission: Permission) =>
      holds(actor, permission) ||
      (permission === "rollup:repair" && actor.kind === "member" && actor.roles.includes("viewer"));
    expect(differencesTo((role, permission) => wrong(actorOf(role), permission))).toEqual([
      "rollup:repair viewer",
    ]);
    expect(disagreements(wrong, 20_000).found.join()).toContain("viewer rollup:repair");
  });

  describe("S-10 duties at partners and in programs", () => {
    const pick = <T>(random: () => number, from: readonly T[]): T | undefined =>
      from[Math.floor(random() * from.length)];
    const dutiesOf = (random: () => number, isOfPartner: boolean): HeldDuty[] =>
      AssignedDuty.options.flatMap((duty) => [
        ...([0, 1] as const).flatMap((number) => (random() < 0.3 ? [atPartner(duty, number)] : [])),
        ...([0, 1] as const).flatMap((number) =>
          !isOfPartner && random() < 0.2 ? [inProgram(duty, number)] : [],
        ),
      ]);

    /** Decisions of people with random roles and duties at random sites. */
    function dutyDisagreements(
      decide: (actor: Actor, permission: Permission, site: Site) => boolean,
      times: number,
    ) {
      const random = seeded(SEED + 1);
      const found = new Set<string>();
      let allowedByDuty = 0;
      for (let left = times; left > 0; left -= 1) {
        const held = randomActor(random).filter((role) => role !== "system");
        const isOfPartner = PartnerRole.options.some((role) => held.includes(role));
        // Somebody of a partner has duties there alone; use cases answer for other partners.
        const duties = dutiesOf(random, isOfPartner).filter(
          ({ partnerId }) => !isOfPartner || partnerId === partnerIds[0],
        );
        const partnerId = (isOfPartner ? partnerIds[0] : pick(random, partnerIds)) as PartnerId;
        const programId = pick(random, [undefined, ...programIds]) as ProgramId | undefined;
        const site = { partnerId, ...(programId === undefined ? {} : { programId }) };
        const permission = pick(random, names) ?? "me:read";
        const isAllowed = cedarAllows(held, permission, { duties, site });
        if (isAllowed && !cedarAllows(held, permission)) allowedByDuty += 1;
        if (decide(withDuties(actorOf(...held), duties), permission, site) !== isAllowed) {
          found.add(`${held.join("+")} ${permission} ${JSON.stringify([duties, site])}`);
        }
      }
      return { found: [...found], allowedByDuty };
    }

    it(
      "decide as Cedar does, at random partners and programs",
      () => {
        const { found, allowedByDuty } = dutyDisagreements(holds, DUTY_DECISIONS);
        expect(found, `seed ${SEED + 1}`).toEqual([]);
        expect(allowedByDuty).toBeGreaterThan(DUTY_DECISIONS / 500);
      },
      figure(60_000, 900_000),
    );

    it("and a duty that counted at every partner would be found", () => {
      const everywhere = (actor: Actor, permission: Permission) =>
        holdsSomewhere(actor, permission);
      expect(dutyDisagreements(everywhere, 6_000).found.length).toBeGreaterThan(10);
    });

    it("give nothing where no partner or program is named, and nothing in another tenant", () => {
      for (const duty of AssignedDuty.options) {
        const duties = [atPartner(duty, 0), inProgram(duty, 0)];
        const site = { partnerId: partnerIds[0] as PartnerId };
        for (const permission of names) {
          expect(holds(withDuties(actorOf("viewer"), duties), permission)).toBe(
            holds(actorOf("viewer"), permission),
          );
          expect(cedarAllows(["viewer"], permission, { sameTenant: false, duties, site })).toBe(
            false,
          );
        }
      }
    });

    it("may be assigned only by who holds, or may make others hold, everything they give", () => {
      const giving: Readonly<Record<AssignedDuty, readonly [string, ...string[]]>> = {
        "data-collector": [
          "import:create",
          "opportunity:correct",
          "fact-report:resolve",
          "import:read",
        ],
        moderator: ["review:conduct"],
        "plan-signatory": ["development-plan:accept"],
      };
      for (const [duty, given] of Object.entries(giving)) {
        for (const role of MemberRole.options) {
          if (!holds(actorOf(role), `${duty}:assign` as Permission)) continue;
          // Whoever looks after partners makes partner-execs, who accept plans.
          const within = actorOf(role, ...(duty === "plan-signatory" ? ["partner-exec"] : []));
          for (const permission of given)
            expect(holds(within, permission as Permission)).toBe(true);
        }
        if (!holds(actorOf("partner-exec"), `${duty}:assign` as Permission)) continue;
        for (const permission of given) {
          expect(holds(actorOf("partner-exec"), permission as Permission)).toBe(true);
        }
      }
    });
  });

  it("denies what nobody was given: no role, an unknown action, another tenant, another partner", () => {
    for (const permission of names) {
      expect(holds(actorOf(), permission)).toBe(false);
      expect(cedarAllows([], permission)).toBe(false);
      for (const role of roles) {
        expect(cedarAllows([role], permission, { sameTenant: false })).toBe(false);
      }
      for (const role of PartnerRole.options) {
        expect(cedarAllows([role], permission, { samePartner: false })).toBe(false);
      }
    }
    for (const role of roles) expect(cedarAllows([role], "anything:else")).toBe(false);
  });

  it("knows the permission of every route", () => {
    const unknown = manifest.routes.filter(({ definition }) => !expected[definition.permission]);
    expect(unknown.map(({ definition }) => definition.operationId)).toEqual([]);
  });
});
