import type { ActionItemStore } from "../action-item/index.ts";
import { holds, requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { DomainError, type ErrorCode, raise } from "../error/index.ts";
import type { GoalStore } from "../goal/index.ts";
import type { MemberId, PartnerUserId } from "../id/index.ts";
import {
  getMember,
  getPartnerUser,
  type MemberStore,
  type PartnerUserKey,
} from "../member/index.ts";
import type { Held, Outcome } from "./held.ts";
import { type HandoverStore, heldByMember, neededFor } from "./held-by-member.ts";
import { heldByPartnerUser } from "./read-duties.ts";
import { type DutyKind, type HandoverReport, type LeftReason, noDuties } from "./schema.ts";

/** Far from the 29 seconds of a request. */
const MOST_MOVED = 100;
const MOST_REASONS = 50;

/**
 * Gives what a member answers for to another one, up to a hundred things a request. Each is moved by
 * itself, so that a repeat, also after a failure, goes on with what is left. What was done stays in
 * the name of who did it.
 * @throws DomainError permission-denied | member-not-found | handover-to-self | member-unknown
 */
export async function handOverMember(
  ctx: RequestContext<HandoverStore>,
  { memberId, to }: { readonly memberId: MemberId; readonly to: MemberId },
): Promise<HandoverReport> {
  requirePermission(ctx.actor, "member:handover");
  await getMember(ctx, memberId);
  if (to === memberId) raise("handover-to-self");
  const receiver = await ctx.store.members.get(to);
  if (receiver?.status !== "active") {
    raise("member-unknown", undefined, [{ pointer: "/to", detail: "is no member of the tenant" }]);
  }
  const actor = { ...receiver, kind: "member" as const };
  const can = (kind: DutyKind) => holds(actor, neededFor[kind]);
  return giveAll(heldByMember(ctx, memberId), receiver, can);
}

/**
 * Gives what a person of a partner has to do to another one of the same partner.
 * @throws DomainError permission-denied | partner-user-not-found | handover-to-self | partner-user-unknown
 */
export async function handOverPartnerUser(
  ctx: RequestContext<ActionItemStore & GoalStore & MemberStore>,
  { to, ...key }: PartnerUserKey & { readonly to: PartnerUserId },
): Promise<HandoverReport> {
  requirePermission(ctx.actor, "partner-user:update");
  await getPartnerUser(ctx, key);
  if (to === key.partnerUserId) raise("handover-to-self");
  const receiver = await ctx.store.partnerUsers.get(to);
  if (receiver?.status !== "active" || receiver.partnerId !== key.partnerId) {
    const detail = "is no user of this partner";
    raise("partner-user-unknown", undefined, [{ pointer: "/to", detail }]);
  }
  return giveAll(heldByPartnerUser(ctx, key.partnerUserId), to, () => true);
}

async function giveAll<Receiver>(
  lists: readonly AsyncIterable<Held<Receiver>>[],
  receiver: Receiver,
  can: (kind: DutyKind) => boolean,
): Promise<HandoverReport> {
  const report: HandoverReport = {
    moved: noDuties(),
    left: noDuties(),
    reasons: [],
    isDone: true,
  };
  let tried = 0;
  for (const list of lists) {
    for await (const held of list) {
      const { kind, id } = held.duty;
      if (tried === MOST_MOVED) return { ...report, isDone: false };
      const outcome = can(kind) ? await given(held, receiver) : "role-missing";
      if (outcome === "gone") continue;
      if (outcome === "moved" || outcome === "overtaken") tried += 1;
      if (outcome === "moved") {
        report.moved[kind] += 1;
        continue;
      }
      if (outcome === "overtaken") report.isDone = false;
      report.left[kind] += 1;
      if (report.reasons.length < MOST_REASONS) report.reasons.push({ kind, id, reason: outcome });
    }
  }
  return report;
}

/** Codes that say: somebody else was faster. */
const overtaken: readonly ErrorCode[] = [
  "version-stale",
  "action-item-ended",
  "data-quality-flag-not-open",
  "fact-report-resolved",
];

async function given<Receiver>(held: Held<Receiver>, receiver: Receiver): Promise<Outcome> {
  try {
    return await held.giveTo(receiver);
  } catch (error) {
    if (error instanceof DomainError && overtaken.includes(error.code)) {
      return "overtaken" satisfies LeftReason;
    }
    throw error;
  }
}
