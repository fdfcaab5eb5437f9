import type { ActionItemStore } from "../action-item/index.ts";
import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import type { GoalStore } from "../goal/index.ts";
import type { MemberId, PartnerUserId } from "../id/index.ts";
import {
  getMember,
  getPartnerUser,
  type Member,
  type MemberStore,
  type PartnerUser,
  type PartnerUserKey,
} from "../member/index.ts";
import { actionItemsOf, assignmentsOf, goalsOf, type Held } from "./held.ts";
import { type HandoverStore, heldByMember } from "./held-by-member.ts";
import { type Duties, type Duty, noDuties } from "./schema.ts";

/** Of each kind. */
const MOST_SHOWN = 10;
/** Of each list. */
const MOST_COUNTED = 1_000;

/**
 * What a member answers for now, also when the membership has ended.
 * @throws DomainError permission-denied | member-not-found
 */
export async function readMemberDuties(
  ctx: RequestContext<HandoverStore>,
  memberId: MemberId,
): Promise<Duties> {
  requirePermission(ctx.actor, "member:read");
  await getMember(ctx, memberId);
  return summed(heldByMember(ctx, memberId));
}

/**
 * What a person of a partner still has to do, also when the membership has ended.
 * @throws DomainError permission-denied | partner-user-not-found
 */
export async function readPartnerUserDuties(
  ctx: RequestContext<ActionItemStore & GoalStore & MemberStore>,
  key: PartnerUserKey,
): Promise<Duties> {
  requirePermission(ctx.actor, "partner-user:read");
  await getPartnerUser(ctx, key);
  return summed(heldByPartnerUser(ctx, key.partnerUserId));
}

/** What is open and somebody's, up to a thousand of each list; for who may see it without a right of the tenant. */
export async function everyDutyOf(
  ctx: RequestContext<HandoverStore>,
  row: Member | PartnerUser,
): Promise<Duty[]> {
  const lists: readonly AsyncIterable<Held<never>>[] =
    "memberId" in row ? heldByMember(ctx, row.memberId) : heldByPartnerUser(ctx, row.partnerUserId);
  const found: Duty[] = [];
  for (const list of lists) {
    let looked = 0;
    for await (const { duty } of list) {
      if (looked === MOST_COUNTED) break;
      looked += 1;
      found.push(duty);
    }
  }
  return found;
}

export const heldByPartnerUser = (
  ctx: RequestContext<ActionItemStore & GoalStore & MemberStore>,
  from: PartnerUserId,
): readonly AsyncIterable<Held<PartnerUserId>>[] => {
  const person = (partnerUserId: PartnerUserId) =>
    ({ kind: "partner-user", partnerUserId }) as const;
  return [
    actionItemsOf(ctx, person(from), person),
    goalsOf(ctx, person(from), (partner: PartnerUserId) => ({ partner })),
    assignmentsOf(ctx, person(from), person),
  ];
};

async function summed(lists: readonly AsyncIterable<Held<never>>[]): Promise<Duties> {
  const duties: Duties = { counts: noDuties(), first: [], hasMore: false };
  for (const list of lists) {
    let looked = 0;
    for await (const { duty } of list) {
      if (looked === MOST_COUNTED) {
        duties.hasMore = true;
        break;
      }
      looked += 1;
      duties.counts[duty.kind] += 1;
      if (duties.counts[duty.kind] <= MOST_SHOWN) duties.first.push(duty);
    }
  }
  return duties;
}
