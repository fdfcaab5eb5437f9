import { z } from "zod";
import { ApiKeyId, MemberId, PartnerId, PartnerUserId, type PersonId } from "../id/index.ts";
import type { ApiKeyScope } from "./api-key-scope.ts";
import type { HeldDuty } from "./assigned-duty.ts";

export const MemberRole = z
  .enum([
    "owner",
    "admin",
    "program-manager",
    "partner-manager",
    "executive-sponsor",
    "data-steward",
    "moderator",
    "viewer",
  ])
  .meta({ id: "MemberRole" });
export type MemberRole = z.infer<typeof MemberRole>;

export const PartnerRole = z.enum(["partner-exec", "partner-user"]).meta({ id: "PartnerRole" });
export type PartnerRole = z.infer<typeof PartnerRole>;

/** A person of the tenant, acting now. */
export interface MemberActor {
  readonly kind: "member";
  readonly personId: PersonId;
  readonly memberId: MemberId;
  readonly roles: readonly MemberRole[];
  /** What is assigned to them at single partners and in single programs. */
  readonly duties?: readonly HeldDuty[];
}

/** A person of one partner, acting now. Everything they reach belongs to `partnerId`. */
export interface PartnerActor {
  readonly kind: "partner-user";
  readonly personId: PersonId;
  readonly partnerUserId: PartnerUserId;
  readonly partnerId: PartnerId;
  readonly roles: readonly PartnerRole[];
  /** What is assigned to them at their partner. */
  readonly duties?: readonly HeldDuty[];
}

/** A timer, a queue or a workflow acting for the tenant. */
export interface SystemActor {
  readonly kind: "system";
  readonly name: "schedule" | "queue" | "stream" | "workflow" | "bootstrap" | "billing";
}

/** A machine of the tenant, acting now with a key. It may what its scopes say and its issuer may too. */
export interface ApiKeyActor {
  readonly kind: "api-key";
  readonly apiKeyId: ApiKeyId;
  /** The member who made the key and answers for what it does. */
  readonly issuedBy: MemberId;
  /** The roles that member has now. */
  readonly issuerRoles: readonly MemberRole[];
  readonly scopes: readonly ApiKeyScope[];
  /** A key of one partner reaches what is that partner's, and no list of everybody's. */
  readonly partnerId?: PartnerId | null;
}

export type Actor = MemberActor | PartnerActor | SystemActor | ApiKeyActor;

/** The only partner that the actor reaches; undefined where it reaches all. */
export function onlyPartnerOf(actor: Actor): PartnerId | undefined {
  if (actor.kind === "partner-user") return actor.partnerId;
  return actor.kind === "api-key" ? (actor.partnerId ?? undefined) : undefined;
}

/** Another partner than the only one that the actor reaches. */
export function isOtherPartner(actor: Actor, partnerId: PartnerId | undefined): boolean {
  const only = onlyPartnerOf(actor);
  return only !== undefined && only !== partnerId;
}

/** Who did it, as events and rows remember it. */
export const ActorRef = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("member"), memberId: MemberId }),
    z.object({
      kind: z.literal("partner-user"),
      partnerUserId: PartnerUserId,
      partnerId: PartnerId,
    }),
    z.object({ kind: z.literal("system"), name: z.string() }),
    z.object({ kind: z.literal("api-key"), apiKeyId: ApiKeyId }),
  ])
  .meta({ id: "ActorRef" });
export type ActorRef = z.infer<typeof ActorRef>;

export function refOf(actor: Actor | ActorRef): ActorRef {
  switch (actor.kind) {
    case "member":
      return { kind: "member", memberId: actor.memberId };
    case "partner-user":
      return {
        kind: "partner-user",
        partnerUserId: actor.partnerUserId,
        partnerId: actor.partnerId,
      };
    case "system":
      return { kind: "system", name: actor.name };
    case "api-key":
      return { kind: "api-key", apiKeyId: actor.apiKeyId };
  }
}

/** The id that names an actor among those of its kind; a system actor has its name. */
export function actorIdOf(by: ActorRef): string {
  switch (by.kind) {
    case "member":
      return by.memberId;
    case "partner-user":
      return by.partnerUserId;
    case "api-key":
      return by.apiKeyId;
    case "system":
      return by.name;
  }
}

/** A side of a partnership. */
export const Side = z.enum(["vendor", "partner"]).meta({ id: "Side" });
export type Side = z.infer<typeof Side>;

/** The side that somebody speaks for; machines and schedules are the vendor's. */
export const sideOf = ({ kind }: Pick<Actor, "kind">): Side =>
  kind === "partner-user" ? "partner" : "vendor";
