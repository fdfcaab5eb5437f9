import { raise } from "../error/index.ts";
import type {
  Actor,
  ApiKeyActor,
  MemberActor,
  MemberRole,
  PartnerActor,
  PartnerRole,
  SystemActor,
} from "./actor.ts";
import { MemberRole as AnyMemberRole, PartnerRole as AnyPartnerRole } from "./actor.ts";
import {
  ApiKeyScope as AnyScope,
  type ApiKeyScope,
  type KeyPermission,
  ofEveryPartner,
  scopePermissions,
} from "./api-key-scope.ts";
import {
  type AssignedDuty,
  dutyPermissions,
  type HeldDuty,
  isAt,
  type PartnerDutyPermission,
  type Site,
} from "./assigned-duty.ts";

interface Grant {
  readonly member?: readonly MemberRole[];
  readonly partner?: readonly PartnerRole[];
  readonly system?: true;
}

const everyMember = AnyMemberRole.options;
const everyPartnerUser = AnyPartnerRole.options;
const administrators = ["owner", "admin"] as const;
/** Who leads a review on the tenant's side. */
const conductors = [
  ...administrators,
  "program-manager",
  "partner-manager",
  "executive-sponsor",
] as const;

/** Who looks after partners and their people. */
const caretakers = [...administrators, "program-manager", "partner-manager"] as const;

/**
 * Who may do what; what is not listed is denied. A partner user reaches only their own partner's
 * objects: use cases answer "not found" for any other.
 */
export const permissions = {
  "me:read": { member: everyMember, partner: everyPartnerUser },
  "me:erase": { member: everyMember, partner: everyPartnerUser },
  /** One's own. */
  "login-session:end": { member: everyMember, partner: everyPartnerUser },
  "member:log-out": { member: administrators },
  "partner-user:log-out": {
    member: [...administrators, "program-manager", "partner-manager"],
  },
  "tenant:create": { system: true },
  "tenant:read": { member: everyMember, partner: everyPartnerUser, system: true },
  "tenant:update": { member: administrators },
  "tenant:close": { member: ["owner"] },
  "tenant:export": { member: ["owner"] },
  "tenant-export:run": { system: true },
  "tenant:erase": { system: true },
  "edition:read": { member: everyMember },
  "subscription:read": { member: administrators },
  "subscription:change": { member: ["owner"] },
  /** What a person of the operator, or a payment provider, does. */
  "subscription:bill": { system: true },
  "subscription:run": { system: true },

  "member:read": { member: everyMember },
  "member:create": { system: true },
  "member:invite": { member: administrators },
  "member:update": { member: administrators },
  "member:handover": { member: administrators },
  "member:erase": { member: administrators },
  "partner-user:erase": { member: administrators },
  "person:erase": { system: true },
  "partner-user:read": { member: everyMember, partner: everyPartnerUser },
  "partner-user:create": { system: true },
  "partner-user:invite": { member: caretakers, partner: ["partner-exec"] },
  "partner-user:update": { member: caretakers, partner: ["partner-exec"] },
  "invitation:read": { member: caretakers, partner: ["partner-exec"] },
  "invitation:manage": { member: caretakers, partner: ["partner-exec"] },

  "partner:read": { member: everyMember, partner: everyPartnerUser },
  "partner:create": { member: [...administrators, "program-manager"], system: true },
  "partner:update": { member: caretakers },

  /** Each duty needs its own permission besides. */
  "assignment:manage": { member: [...caretakers, "data-steward"], partner: ["partner-exec"] },
  "assignment:read": { member: everyMember, partner: everyPartnerUser },
  "data-collector:assign": { member: [...administrators, "data-steward"] },
  "moderator:assign": { member: caretakers },
  "plan-signatory:assign": { member: caretakers, partner: ["partner-exec"] },

  "source:read": { member: everyMember, system: true },
  "source:manage": { member: [...administrators, "data-steward"], system: true },
  "import:create": { member: [...administrators, "data-steward"] },
  "import:read": { member: everyMember },
  "import:run": { system: true },
  "data-quality-flag:read": { member: everyMember },
  "data-quality-flag:waive": { member: [...administrators, "data-steward"] },
  "opportunity:read": { member: everyMember, partner: everyPartnerUser },
  "opportunity:correct": { member: [...administrators, "data-steward"] },
  "fact-report:read": { member: everyMember, partner: everyPartnerUser },
  "fact-report:create": { partner: everyPartnerUser },
  "fact-report:resolve": { member: [...administrators, "data-steward"] },
  "figure:read": { member: everyMember, partner: everyPartnerUser },
  /** A partner's people hand in what their side supplies. */
  "figure:put": { member: [...caretakers, "data-steward"], partner: everyPartnerUser },
  /** What people rate on anchored scales; each rates for themselves, a partner's people their own side. */
  "indicator-rating:read": { member: everyMember, partner: everyPartnerUser },
  "indicator-rating:put": { member: conductors, partner: everyPartnerUser },
  "rollup:repair": { member: administrators, system: true },

  "program:read": { member: everyMember },
  "program:write": { member: [...administrators, "program-manager"] },
  "program:publish": { member: [...administrators, "program-manager"] },
  "program-version:read": { member: everyMember, partner: everyPartnerUser, system: true },
  /** What is published; drafts are for who writes them. */
  "playbook:read": { member: everyMember, partner: everyPartnerUser },
  "playbook:write": { member: [...administrators, "program-manager"] },
  "cadence:read": { member: everyMember, partner: everyPartnerUser },
  "cadence:manage": { member: caretakers },
  "target:read": { member: everyMember, partner: everyPartnerUser },
  "waiting-target:read": { member: everyMember },
  "target:propose": { member: caretakers },
  /** Each for their side; of the tenant only whoever answers for the partner or leads programs. */
  "target:acknowledge": { member: caretakers, partner: ["partner-exec"] },
  "scorecard:read": { member: everyMember, partner: everyPartnerUser },
  "scorecard:freeze": { system: true },
  "scorecard:revise": { member: [...administrators, "program-manager", "data-steward"] },

  "dispute:read": { member: everyMember, partner: everyPartnerUser },
  "dispute:file": { partner: everyPartnerUser },
  /** Not by whoever had a part in the figures, which the decision sees to. */
  "dispute:decide": { member: [...administrators, "program-manager", "executive-sponsor"] },
  "dispute:track": { system: true },

  /** How reviewers score, side by side, is for those who lead them. */
  "calibration:read": { member: [...administrators, "program-manager", "executive-sponsor"] },
  "calibration:conduct": { member: [...administrators, "program-manager"] },
  "calibration:adjust": { member: [...administrators, "program-manager", "executive-sponsor"] },

  "tier:read": { member: everyMember, partner: everyPartnerUser },
  "tier:evaluate": {
    member: [...administrators, "program-manager", "executive-sponsor"],
    system: true,
  },
  "tier:decide": { member: [...administrators, "program-manager", "executive-sponsor"] },

  "review:read": { member: everyMember, partner: everyPartnerUser },
  "review:contribute": { member: conductors, partner: everyPartnerUser },
  "review:conduct": { member: conductors },
  "review:sign": { member: conductors, partner: ["partner-exec"] },
  "review:close": { system: true },

  "cycle:read": { member: everyMember, partner: everyPartnerUser },
  "cycle:run": { system: true },
  "ranking:read": { member: everyMember },
  "ranking-position:read": { member: everyMember, partner: everyPartnerUser },
  "ranking:project": { system: true },
  "timer:run": { system: true },

  "action-item:read": { member: everyMember, partner: everyPartnerUser },
  "action-item:create": { member: conductors, partner: everyPartnerUser },
  "action-item:update": { member: conductors, partner: everyPartnerUser },

  "goal:read": { member: everyMember, partner: everyPartnerUser },
  "goal:propose": { member: conductors, partner: everyPartnerUser },
  /** Each for their side. */
  "goal:agree": { member: conductors, partner: ["partner-exec"] },
  /** Its owners; whoever else, `goal:manage` says, which also counts on one's own side alone. */
  "goal:update": { member: everyMember, partner: everyPartnerUser },
  "goal:manage": { member: [...administrators, "program-manager"], partner: ["partner-exec"] },

  "development-plan:read": { member: everyMember, partner: everyPartnerUser },
  "development-plan:write": { member: conductors, partner: everyPartnerUser },
  "development-plan:accept": { partner: ["partner-exec"] },
  "development-plan:submit": { member: conductors, partner: everyPartnerUser },
  "development-plan:approve": { member: everyMember },
  "development-plan:track": { system: true },
  "notification:send": { system: true },

  "single-sign-on:read": { member: administrators },
  /** Owners alone: whoever directs the provider can be every member, owners too. */
  "single-sign-on:manage": { member: ["owner"] },
  "api-key:read": { member: administrators },
  "api-key:create": { member: administrators },
  "api-key:revoke": { member: administrators },
  /** How information is classified; what of it concerns one partner is `information-handling:read`. */
  "confidentiality:read": { member: everyMember },
  "confidentiality:manage": { member: administrators },
  "information-handling:read": { member: everyMember, partner: everyPartnerUser },
  "partner-confidentiality:tighten": { member: administrators },
  /** Each for their side. */
  "partner-confidentiality:agree": { member: administrators, partner: ["partner-exec"] },
  /** What is removed when, and what was. */
  "retention:read": { member: administrators },
  "retention:manage": { member: administrators },
  "retention:run": { system: true },
  "legal-hold:read": { member: administrators },
  "legal-hold:manage": { member: administrators },
  "confidential-read:read": { member: [...administrators, "data-steward", "moderator"] },
  "audit:record": { system: true },
  "audit:read": { member: administrators },
  "audit:verify": { member: administrators, system: true },
} as const satisfies Record<string, Grant>;

export type Permission = keyof typeof permissions;

type GrantOf<P extends Permission> = (typeof permissions)[P];
/** The actors who can hold a permission; what the use case goes on with. */
export type ActorWith<P extends Permission> =
  | (GrantOf<P> extends { member: unknown } ? MemberActor : never)
  | (GrantOf<P> extends { partner: unknown } ? PartnerActor : never)
  | (GrantOf<P> extends { system: true } ? SystemActor : never)
  | (P extends KeyPermission ? ApiKeyActor : never)
  | (P extends PartnerDutyPermission ? PartnerActor : never);

const ofScopes: Readonly<Record<ApiKeyScope, readonly Permission[]>> = scopePermissions;

/** What a key of these scopes holds at most. */
export const permissionsOf = (scopes: readonly ApiKeyScope[]): readonly Permission[] => [
  ...new Set(scopes.flatMap((scope) => ofScopes[scope])),
];

/** The scopes with which a key may do this; none for what only people may. */
export const scopesWith = (permission: Permission): readonly ApiKeyScope[] =>
  AnyScope.options.filter((scope) => ofScopes[scope].includes(permission));

const ofDuties: Readonly<
  Record<AssignedDuty, Readonly<Record<"member" | "partner", readonly Permission[]>>>
> = dutyPermissions;

/** The permissions of a duty for somebody of the tenant, or of the partner. */
export const permissionsOfDuty = (
  duty: AssignedDuty,
  side: "member" | "partner",
): readonly Permission[] => ofDuties[duty][side];

const dutiesOf = (actor: Actor): readonly HeldDuty[] =>
  (actor.kind === "member" || actor.kind === "partner-user" ? actor.duties : undefined) ?? [];

export const hasDuty = (actor: Actor, duty: AssignedDuty, site: Site): boolean =>
  dutiesOf(actor).some((held) => held.duty === duty && isAt(held, site));

const hasByDuty = (actor: Actor, permission: Permission, site?: Site): boolean =>
  dutiesOf(actor).some(
    (held) =>
      ofDuties[held.duty][actor.kind === "member" ? "member" : "partner"].includes(permission) &&
      (site === undefined || isAt(held, site)),
  );

/** What a key of one partner does is done there, or is nobody's in particular. */
function isWithinKey({ partnerId }: ApiKeyActor, permission: Permission, site?: Site): boolean {
  if (!partnerId) return true;
  return site === undefined ? !ofEveryPartner.has(permission) : site.partnerId === partnerId;
}

/** By a role, or where a site is named by what is assigned to the actor there. */
export function holds(actor: Actor, permission: Permission, site?: Site): boolean {
  if (site !== undefined && hasByDuty(actor, permission, site)) return true;
  const grant: Grant = permissions[permission];
  const isOfMember = (roles: readonly MemberRole[]) =>
    roles.some((role) => grant.member?.includes(role));
  switch (actor.kind) {
    case "member":
      return isOfMember(actor.roles);
    case "api-key":
      return (
        permissionsOf(actor.scopes).includes(permission) &&
        isOfMember(actor.issuerRoles) &&
        isWithinKey(actor, permission, site)
      );
    case "partner-user":
      return actor.roles.some((role) => grant.partner?.includes(role));
    case "system":
      return grant.system === true;
  }
}

/** Whether there is anything at all at which the actor may do this; which, the use case asks. */
export const holdsSomewhere = (actor: Actor, permission: Permission): boolean =>
  holds(actor, permission) ||
  hasByDuty(actor, permission) ||
  (actor.kind === "api-key" &&
    !!actor.partnerId &&
    holds(actor, permission, { partnerId: actor.partnerId }));

/** The first line of a use case. @throws DomainError permission-denied */
export function requirePermission<P extends Permission>(
  actor: Actor,
  permission: P,
  site?: Site,
): ActorWith<P> {
  if (!holds(actor, permission, site)) raise("permission-denied", `This needs ${permission}`);
  return actor as ActorWith<P>;
}
