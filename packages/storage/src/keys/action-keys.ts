import type { GoalStatus } from "@concord/core/goal";
import type {
  ActionItemId,
  GoalId,
  MemberId,
  PartnerId,
  PartnerUserId,
  PlanId,
} from "@concord/core/id";
import { type InTenant, type Key, padded } from "./key.ts";

/** Open ones first. */
const GOAL_ORDER: Readonly<Record<GoalStatus, number>> = {
  ...{ open: 0, proposed: 1, achieved: 2, missed: 3, dropped: 4 },
};

interface PlanStep {
  readonly revision: number;
  readonly stepNumber: number;
}
const tokensOf = ({ revision, stepNumber }: PlanStep): string =>
  `TOKEN#${padded(revision)}#${padded(stepNumber)}#`;

/** What is agreed on with a partner: action items, goals, development plans, and whose turn it is. */
export const actionKeys = (inTenant: InTenant) => ({
  actionItem: (actionItemId: ActionItemId): Key => ({
    pk: inTenant(`ACTION#${actionItemId}`),
    sk: "ACTION",
  }),
  actionItemList: (partnerId: PartnerId): string => inTenant(`LIST#ACTION#${partnerId}`),

  /** Open ones first, by due date. */
  actionItemListSort: (isOpen: boolean, dueOn: string, actionItemId: ActionItemId): string =>
    `${isOpen ? "0" : "1"}#${dueOn}#${actionItemId}`,

  /** A goal with its notes and the rows of its owners. */
  goal: (goalId: GoalId): Key => ({ pk: inTenant(`GOAL#${goalId}`), sk: "GOAL" }),
  goalList: (partnerId: PartnerId): string => inTenant(`LIST#GOAL#${partnerId}`),
  goalListPrefix: (status: GoalStatus): string => `${GOAL_ORDER[status]}#`,
  goalListSort: (status: GoalStatus, dueOn: string, goalId: GoalId): string =>
    `${GOAL_ORDER[status]}#${dueOn}#${goalId}`,
  goalDuty: (goalId: GoalId, side: string): Key => ({
    pk: inTenant(`GOAL#${goalId}`),
    sk: `OWNER#${side}`,
  }),
  goalNote: (goalId: GoalId, version: number): Key => ({
    pk: inTenant(`GOAL#${goalId}`),
    sk: `NOTE#${padded(version)}`,
  }),
  goalNotePrefix: "NOTE#",

  /** What one person still has to do of one kind, by due date. */
  workList: (kind: string, personOnSide: MemberId | PartnerUserId): string =>
    inTenant(`WORK#${personOnSide}#${kind}`),
  workListSort: (due: string, id: string): string => `${due}#${id}`,

  /** A plan, its events, whom it waits for and the tokens of its workflow. */
  plan: (planId: PlanId): Key => ({ pk: inTenant(`PLAN#${planId}`), sk: "PLAN" }),
  planList: (partnerId: PartnerId): string => inTenant(`LIST#PLAN#${partnerId}`),
  planListSort: (createdAt: string, planId: PlanId): string => `${createdAt}#${planId}`,
  waitingPlan: (planId: PlanId, memberId: MemberId): Key => ({
    pk: inTenant(`PLAN#${planId}`),
    sk: `WAITING#${memberId}`,
  }),
  waitingPlanList: (): string => inTenant("LIST#WAITINGPLAN"),
  stepToken: (planId: PlanId, step: PlanStep, tokenHash: string): Key => ({
    pk: inTenant(`PLAN#${planId}`),
    sk: `${tokensOf(step)}${tokenHash}`,
  }),
  stepTokenPrefix: (step: PlanStep): string => tokensOf(step),
});
