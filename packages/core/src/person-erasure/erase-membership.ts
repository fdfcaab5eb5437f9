import { type ActorRef, refOf, requirePermission } from "../actor/index.ts";
import { type DutyHolder, type RosterChange, withoutHolder } from "../assignment/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { MemberId, TenantId } from "../id/index.ts";
import { requireNoHold } from "../legal-hold/index.ts";
import {
  eraseMember as decideMember,
  erasePartnerUser as decidePartnerUser,
  type Member,
  type PartnerUser,
  type PartnerUserKey,
  requireErasure,
} from "../member/index.ts";
import type { MembershipId } from "../person/index.ts";
import type { Timer } from "../timer/index.ts";
import { eraseTraces, membershipOf } from "./erase-traces.ts";
import type { PersonErasureRepository, TracesStore } from "./repository.ts";

export interface MembershipErasureContext extends RequestContext<TracesStore> {
  readonly personErasures: PersonErasureRepository;
  readonly tenantId: TenantId;
}

const MINUTE_MS = 60_000;

/** Goes over everything once more after what was under way has ended. */
export const laterThan = (now: Date, timer: Omit<Timer, "dueAt">): Timer => ({
  ...timer,
  dueAt: new Date(now.getTime() + MINUTE_MS).toISOString(),
});

/**
 * Erases what the tenant has of one of its members; who has no other way in is erased as a person. Of
 * one that is erased already, what is left goes.
 * @throws DomainError permission-denied | member-not-found | version-stale | member-is-yourself |
 *   role-not-grantable | member-last-owner | legal-hold-in-force
 */
export async function eraseMember(
  ctx: MembershipErasureContext,
  { memberId, ifVersion }: { readonly memberId: MemberId; readonly ifVersion: number },
): Promise<Member> {
  const by = requirePermission(ctx.actor, "member:erase");
  const member = (await ctx.store.members.get(memberId)) ?? raise("member-not-found");
  if (member.version !== ifVersion) raise("version-stale");
  requireErasure(by, member);
  if (member.erasedAt !== undefined) return finished(ctx, memberId, member);
  await requireNoHold(ctx, undefined);
  const { next, event } = decideMember(member, by, ctx.now);
  const wasActive = member.status === "active";
  await ctx.store.members.erase(next, event, {
    wasActive,
    rosters: await rostersWithout(ctx, member, refOf(by)),
    timer: laterThan(ctx.now, { kind: "membership-erasure", subject: memberId }),
    whileOwner: wasActive && member.roles.includes("owner") ? by.memberId : undefined,
  });
  return finished(ctx, memberId, next);
}

/**
 * The same of a person of a partner.
 * @throws DomainError permission-denied | partner-user-not-found | version-stale | legal-hold-in-force
 */
export async function erasePartnerUser(
  ctx: MembershipErasureContext,
  { partnerId, partnerUserId, ifVersion }: PartnerUserKey & { readonly ifVersion: number },
): Promise<PartnerUser> {
  const by = requirePermission(ctx.actor, "partner-user:erase");
  const user = await ctx.store.partnerUsers.get(partnerUserId);
  if (user?.partnerId !== partnerId) raise("partner-user-not-found");
  if (user.version !== ifVersion) raise("version-stale");
  requireErasure(by, user);
  if (user.erasedAt !== undefined) return finished(ctx, partnerUserId, user);
  await requireNoHold(ctx, partnerId);
  const { next, event } = decidePartnerUser(user, by, ctx.now);
  await ctx.store.partnerUsers.erase(next, event, {
    wasActive: user.status === "active",
    rosters: await rostersWithout(ctx, user, refOf(by)),
    timer: laterThan(ctx.now, { kind: "membership-erasure", subject: partnerUserId }),
  });
  return finished(ctx, partnerUserId, next);
}

/** Whoever is erased has no duty at a partner or in a program any more. */
export async function rostersWithout(
  { store, now }: { readonly store: Pick<TracesStore, "rosters">; readonly now: Date },
  row: Member | PartnerUser,
  by: ActorRef,
): Promise<readonly RosterChange[]> {
  const holder: DutyHolder =
    "memberId" in row
      ? { kind: "member", memberId: row.memberId }
      : { kind: "partner-user", partnerUserId: row.partnerUserId };
  return withoutHolder(await store.rosters.of(row.duties), holder, by, now);
}

/** Goes on with the erasure of a membership, whatever of it was done. @throws DomainError permission-denied */
export async function finishMembershipErasure(
  ctx: MembershipErasureContext,
  membershipId: MembershipId,
): Promise<void> {
  requirePermission(ctx.actor, "person:erase");
  const row = await membershipOf(ctx.store, membershipId);
  if (row) await finished(ctx, membershipId, row);
}

async function finished<Row extends Member | PartnerUser>(
  { store, personErasures, tenantId, now, actor }: MembershipErasureContext,
  membershipId: MembershipId,
  row: Row,
): Promise<Row> {
  const by = refOf(actor);
  const traces = { store, personErasures, tenantId, now, by };
  await eraseTraces(traces, membershipId, { isWhole: false });
  await personErasures.forget(row.personId, false);
  return row;
}
