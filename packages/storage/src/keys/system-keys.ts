import type { InvitationId, LoginLinkId, PartnerId, PersonId, TenantId } from "@concord/core/id";
import type { GuessBucket } from "@concord/core/login-limit";
import type { EmailAddress, MembershipId } from "@concord/core/person";
import type { SecurityEvent } from "@concord/core/security-event";
import { type SetTimer, TIMER_SHARDS } from "@concord/core/timer";
import { hashed, type Key, padded, shardOf } from "./key.ts";

/** Partitions that belong to no tenant; each is behind its own port and used by system actors only. */
export const systemKeys = {
  /** Two keys live here: the public set that verifies tokens, and nothing else. */
  signingKeys: (): Key => ({ pk: "SYSTEM#SIGNING-KEYS", sk: "PUBLIC" }),

  tenantDirectory: (): string => "SYSTEM#TENANTS",
  tenantEntry: (tenantId: TenantId): Key => ({ pk: "SYSTEM#TENANTS", sk: `TENANT#${tenantId}` }),

  loginAddress: (email: EmailAddress): Key => ({
    pk: `SYSTEM#LOGIN#${hashed(email)}`,
    sk: "PERSON",
  }),
  /** What is guessed at is hashed: an address or a network is no part of a key. */
  guessBucket: ({ kind, isKnown, subject }: GuessBucket): Key => ({
    pk: `SYSTEM#GUESS#${kind}${isKnown ? "#KNOWN" : ""}#${hashed(subject)}`,
    sk: "BUCKET",
  }),
  loginLink: (linkId: LoginLinkId): Key => ({ pk: `SYSTEM#LOGINLINK#${linkId}`, sk: "LINK" }),
  /** Apart from the person's own partition, which tenants write their memberships to. */
  secondFactor: (personId: PersonId): Key => ({
    pk: `SYSTEM#FACTOR#${personId}`,
    sk: "FACTOR",
  }),
  /** Apart from the person, who is read whole with each log-in. */
  securityEvents: (personId: PersonId): string => `SYSTEM#SECURITY#${personId}`,
  securityEvent: ({
    personId,
    at,
    kind,
    name,
  }: Pick<SecurityEvent, "at" | "kind" | "name" | "personId">): Key => ({
    pk: `SYSTEM#SECURITY#${personId}`,
    sk: `${at}#${kind}#${name}`,
  }),
  loginChallenge: (challengeHash: string): Key => ({
    pk: `SYSTEM#CHALLENGE#${challengeHash}`,
    sk: "CHALLENGE",
  }),
  /** A person and their ways into tenants share a partition. */
  person: (personId: PersonId): Key => ({ pk: `SYSTEM#PERSON#${personId}`, sk: "PERSON" }),
  membership: (personId: PersonId, tenantId: TenantId, partnerId: PartnerId | null): Key => ({
    pk: `SYSTEM#PERSON#${personId}`,
    sk: partnerId ? `MEMBERSHIP#${tenantId}#PARTNER#${partnerId}` : `MEMBERSHIP#${tenantId}#MEMBER`,
  }),
  /** Opens nothing; what a person's own export and erasure find the membership by. */
  endedMembership: (personId: PersonId, tenantId: TenantId, membershipId: MembershipId): Key => ({
    pk: `SYSTEM#PERSON#${personId}`,
    sk: `MEMBERSHIP#${tenantId}#ENDED#${membershipId}`,
  }),
  /** Every invitation of an address, in all tenants, whoever has it. */
  invitationsTo: (email: EmailAddress): string => `SYSTEM#INVITED#${hashed(email)}`,
  invitationTo: (email: EmailAddress, tenantId: TenantId, invitationId: InvitationId): Key => ({
    pk: `SYSTEM#INVITED#${hashed(email)}`,
    sk: `INVITATION#${tenantId}#${invitationId}`,
  }),
  invitationsIn: (tenantId: TenantId): string => `INVITATION#${tenantId}#`,

  erasure: (tenantId: TenantId): Key => ({ pk: `SYSTEM#ERASURE#${tenantId}`, sk: "ERASURE" }),
  erasurePart: (tenantId: TenantId, part: number): Key => ({
    pk: `SYSTEM#ERASURE#${tenantId}`,
    sk: `PART#${padded(part)}`,
  }),

  timersOf: (tenantId: TenantId): string => systemKeys.timers(shardOf(tenantId, TIMER_SHARDS)),
  timers: (shard: number): string => `SYSTEM#TIMER#${padded(shard, 2)}`,
  /** All timers of a tenant are in one shard, by the instant they are due. */
  timer: ({ tenantId, kind, subject, dueAt }: SetTimer): Key => ({
    pk: systemKeys.timers(shardOf(tenantId, TIMER_SHARDS)),
    sk: `${dueAt}#${kind}#${tenantId}#${subject}`,
  }),
  /** Sort keys of what is due at the instant or before. */
  timersUntil: (at: string): { from: string; to: string } => ({ from: "0", to: `${at}$` }),
  lastTick: (): Key => ({ pk: "SYSTEM#TICK", sk: "LAST" }),
};
