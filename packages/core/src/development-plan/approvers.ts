import type { MemberRole } from "../actor/index.ts";
import { raise } from "../error/index.ts";
import type { MemberId } from "../id/index.ts";
import { parseMinor } from "../money/index.ts";
import type { Partner } from "../partner/index.ts";
import type { DecisionRights } from "../program/index.ts";
import { isSame } from "./development-plan.ts";
import type { ApprovalStep, DevelopmentPlan } from "./schema.ts";

/** A member as far as an approval is concerned. */
export interface Candidate {
  readonly memberId: MemberId;
  readonly roles: readonly MemberRole[];
}

export const hasWritten = (plan: DevelopmentPlan, memberId: MemberId): boolean =>
  plan.authors.some((author) => isSame(author, { kind: "member", memberId }));

/** The first signatory who is free: active, has not written the plan and holds no other step. */
export const freeSignatory = (
  plan: DevelopmentPlan,
  signatories: readonly MemberId[],
  members: readonly Candidate[],
  taken: readonly (MemberId | null)[],
): MemberId | undefined =>
  signatories.find(
    (memberId) =>
      members.some((member) => member.memberId === memberId) &&
      !taken.includes(memberId) &&
      !hasWritten(plan, memberId),
  );

/**
 * The first who may stand in: by the order of the decision rights, then by id, so that the choice
 * can be explained. Never somebody who wrote the plan or holds another step.
 */
export function substituteFor(
  plan: DevelopmentPlan,
  rights: DecisionRights,
  members: readonly Candidate[],
  taken: readonly (MemberId | null)[],
): { memberId: MemberId; role: MemberRole } | undefined {
  for (const role of rights.substitutes) {
    const [first] = members
      .filter(({ memberId, roles }) => {
        return roles.includes(role) && !taken.includes(memberId) && !hasWritten(plan, memberId);
      })
      .map(({ memberId }) => memberId)
      .sort();
    if (first !== undefined) return { memberId: first, role };
  }
  return undefined;
}

/**
 * Above the budget of the decision rights the executive sponsor decides after the partner manager.
 * Where there are signatories, one of them decides each step, who is named for it before others; if
 * none is free, who stands in by the decision rights.
 */
export function stepsFor(
  plan: DevelopmentPlan,
  partner: Partner,
  rights: DecisionRights,
  members: readonly Candidate[],
  signatories: readonly MemberId[] = [],
): ApprovalStep[] {
  const needsSignatory = signatories.length > 0;
  const { planBudgetLimit: limit } = rights;
  const budget = parseMinor(plan.budget.amount, plan.budget.currency) ?? 0;
  const isAboveLimit = budget > (parseMinor(limit.amount, limit.currency) ?? 0);
  const named = [
    { role: "partner-manager" as const, memberId: partner.partnerManagerId },
    ...(isAboveLimit
      ? [{ role: "executive-sponsor" as const, memberId: partner.executiveSponsorId }]
      : []),
  ];
  const taken: MemberId[] = [];
  return named.map(({ role, memberId }, position) => {
    const isActive = members.some((member) => member.memberId === memberId);
    const isFree =
      memberId !== null &&
      isActive &&
      !hasWritten(plan, memberId) &&
      !taken.includes(memberId) &&
      (!needsSignatory || signatories.includes(memberId));
    // Whoever is named for a later step keeps it: a substitute must not take it from them.
    const reserved = named.slice(position + 1).map(({ memberId: later }) => later);
    const busy = [...taken, ...reserved];
    const regular = isFree ? memberId : freeSignatory(plan, signatories, members, busy);
    const substitute = regular ? undefined : substituteFor(plan, rights, members, busy);
    const approverId = regular ?? substitute?.memberId;
    if (!approverId) {
      raise(
        "plan-approver-missing",
        `Step ${position + 1} (${role}): ${needsSignatory ? "no signatory and " : ""}nobody with the role ${rights.substitutes.join(" or ")} is free to stand in`,
      );
    }
    taken.push(approverId);
    return {
      stepNumber: position + 1,
      role,
      approverId,
      substituteRole: substitute?.role ?? null,
      needsSignatory,
      escalatedToId: null,
      openedAt: null,
      remindedAt: null,
      escalatedAt: null,
      decision: null,
    };
  });
}
