import { type Actor, type ActorRef, type ActorWith, refOf } from "../actor/index.ts";
import { type ErrorPlace, raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { CycleId, PartnerId, PlanId } from "../id/index.ts";
import { parseMinor } from "../money/index.ts";
import {
  type Activity,
  AUTHOR_LIMIT,
  type CreatePlan,
  type DevelopmentPlan,
  type DraftActivity,
  type PlanBasis,
  type PlanIn,
  type ReachMilestone,
  type UpdatePlan,
} from "./schema.ts";

export type PlanEvent = DomainEvent<
  | "development-plan.created"
  | "development-plan.updated"
  | "development-plan.accepted"
  | "development-plan.submitted"
  | "development-plan.withdrawn"
  | "development-plan.step-approved"
  | "development-plan.approved"
  | "development-plan.returned"
  | "development-plan.rejected"
  | "development-plan.approver-reminded"
  | "development-plan.step-escalated"
  | "development-plan.step-reassigned"
  | "development-plan.expired"
  | "development-plan.approval-restarted"
  | "development-plan.milestone-reached"
>;

export interface PlanChange {
  readonly next: DevelopmentPlan;
  readonly event: PlanEvent;
}

type Writer = ActorWith<"development-plan:write">;

export const isSame = (a: ActorRef, b: ActorRef): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** @throws DomainError request-invalid | plan-metric-unknown naming every activity at fault */
function activitiesOf(drafts: readonly DraftActivity[], basis: PlanBasis): Activity[] {
  const unknown: ErrorPlace[] = [];
  const activities = drafts.flatMap((draft, position) => {
    const metric = basis.metrics.find(({ metricId }) => metricId === draft.metricId);
    if (!metric) {
      unknown.push({
        pointer: `/activities/${position}/metricId`,
        detail: `is none of ${basis.metrics.map(({ metricId }) => metricId).join(", ")}`,
      });
      return [];
    }
    const milestones = draft.milestones.map((milestone) => ({ ...milestone, doneOn: null }));
    return [{ ...draft, metricName: metric.name, baseline: metric.measure, milestones }];
  });
  if (unknown.length > 0) raise("plan-metric-unknown", undefined, unknown);
  return activities;
}

function requireBudget({ budget }: Pick<CreatePlan, "budget">, { currency }: PlanBasis): void {
  const minor = budget.currency === currency ? parseMinor(budget.amount, currency) : undefined;
  if (minor !== undefined && minor >= 0) return;
  raise("request-invalid", "The budget is not as described", [
    { pointer: "/budget", detail: `must be an amount of ${currency}, zero or more` },
  ]);
}

export function create(
  ids: { readonly planId: PlanId; readonly partnerId: PartnerId; readonly cycleId: CycleId },
  input: CreatePlan,
  basis: PlanBasis,
  by: Writer,
  now: Date,
): { next: PlanIn<"draft">; event: PlanEvent } {
  requireBudget(input, basis);
  const at = now.toISOString();
  return {
    next: {
      ...ids,
      programId: basis.programId,
      programVersion: basis.programVersion,
      title: input.title,
      summary: input.summary,
      budget: input.budget,
      activities: activitiesOf(input.activities, basis),
      authors: [refOf(by)],
      revision: 1,
      accepted: null,
      status: "draft",
      approval: null,
      createdAt: at,
      updatedAt: at,
      version: 1,
    },
    event: eventOf("development-plan.created", by, now, { ...ids, ...input }),
  };
}

/** Writing voids the partner's acceptance; writing on a returned plan makes its next revision. */
export function update(
  plan: DevelopmentPlan,
  changes: UpdatePlan,
  basis: PlanBasis,
  by: Writer,
  now: Date,
): PlanChange {
  if (plan.status !== "draft" && plan.status !== "returned") raise("plan-not-draft");
  if (changes.budget) requireBudget({ budget: changes.budget }, basis);
  const author = refOf(by);
  const isKnown = plan.authors.some((known) => isSame(known, author));
  if (!isKnown && plan.authors.length >= AUTHOR_LIMIT) raise("plan-authors-full");
  return {
    next: {
      ...plan,
      status: "draft",
      title: changes.title ?? plan.title,
      summary: changes.summary ?? plan.summary,
      budget: changes.budget ?? plan.budget,
      activities: changes.activities ? activitiesOf(changes.activities, basis) : plan.activities,
      authors: isKnown ? plan.authors : [...plan.authors, author],
      revision: plan.status === "returned" ? plan.revision + 1 : plan.revision,
      accepted: null,
      updatedAt: now.toISOString(),
      version: plan.version + 1,
    },
    event: eventOf("development-plan.updated", by, now, changes),
  };
}

/** The partner says: this is ours too. */
export function accept(
  plan: DevelopmentPlan,
  by: ActorWith<"development-plan:accept">,
  now: Date,
): PlanChange {
  if (plan.status !== "draft") raise("plan-not-draft");
  const at = now.toISOString();
  return {
    next: {
      ...plan,
      accepted: { by: refOf(by), at },
      updatedAt: at,
      version: plan.version + 1,
    },
    event: eventOf("development-plan.accepted", by, now, { revision: plan.revision }),
  };
}

/** Taken back by somebody who wrote it, while no decision has ended it. */
export function withdraw(plan: DevelopmentPlan, by: Writer, now: Date): PlanChange {
  if (plan.status !== "submitted") raise("plan-not-submitted");
  if (!plan.authors.some((author) => isSame(author, refOf(by)))) raise("plan-not-author");
  return {
    next: {
      ...plan,
      status: "draft",
      revision: plan.revision + 1,
      accepted: null,
      updatedAt: now.toISOString(),
      version: plan.version + 1,
    },
    event: eventOf("development-plan.withdrawn", by, now, {
      revision: plan.revision,
      stepNumber: plan.approval.steps.find(({ decision }) => decision === null)?.stepNumber,
    }),
  };
}

/** @throws DomainError milestone-not-found */
export function reachMilestone(
  plan: DevelopmentPlan,
  input: ReachMilestone,
  by: Actor,
  now: Date,
): PlanChange {
  if (plan.status !== "approved") raise("plan-not-approved");
  const milestone = plan.activities[input.activity]?.milestones[input.milestone];
  if (!milestone) raise("milestone-not-found");
  const activities = plan.activities.map((activity) => ({
    ...activity,
    milestones: activity.milestones.map((known) =>
      known === milestone ? { ...known, doneOn: input.doneOn } : known,
    ),
  }));
  return {
    next: { ...plan, activities, updatedAt: now.toISOString(), version: plan.version + 1 },
    event: eventOf("development-plan.milestone-reached", by, now, input),
  };
}
