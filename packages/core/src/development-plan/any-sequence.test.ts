import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DomainError } from "../error/index.ts";
import {
  approveStep,
  escalate,
  expire,
  openStep,
  outcomeOf,
  refuse,
  remind,
  restart,
  submit,
  waitingOf,
} from "./approval.ts";
import {
  ABOVE_LIMIT,
  basis,
  daysLater,
  directory,
  draft,
  exec,
  input,
  partner,
  people,
  rights,
  workflow,
} from "./development-plan.fixture.ts";
import { accept, type PlanChange, reachMilestone, update, withdraw } from "./development-plan.ts";
import type { DevelopmentPlan } from "./schema.ts";

const actors = Object.values(people);
const budgets = [input.budget, ABOVE_LIMIT];

type Command = (plan: DevelopmentPlan, now: Date) => PlanChange | undefined;

const ifSubmitted =
  (decide: (plan: Extract<DevelopmentPlan, { status: "submitted" }>, now: Date) => PlanChange) =>
  (plan: DevelopmentPlan, now: Date) =>
    plan.status === "submitted" ? decide(plan, now) : undefined;

const anyActor = fc.constantFrom(...actors);
const anyRefusal = fc.constantFrom("returned" as const, "rejected" as const);
/** Approver first, then the substitute of an escalated step. */
const whoMayDecide = (plan: DevelopmentPlan) =>
  waitingOf(plan).flatMap((row) => actors.filter(({ memberId }) => memberId === row.memberId));
/** Submitting more often than the rest, so that many sequences get far. */
const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  fc.tuple(fc.oneof(anyActor, fc.constant(exec)), fc.constantFrom(...budgets)).map(
    ([by, budget]): Command =>
      (plan, now) =>
        update(plan, { budget }, basis, by, now),
  ),
  fc.constant<Command>((plan, now) => accept(plan, exec, now)),
  {
    weight: 3,
    arbitrary: anyActor.map(
      (by): Command =>
        (plan, now) => {
          const accepted = plan.status === "draft" ? accept(plan, exec, now).next : plan;
          const { next, event } = submit(accepted, partner, rights, directory, by, now);
          return { next: { ...next, version: plan.version + 1 }, event };
        },
    ),
  },
  {
    weight: 4,
    arbitrary: anyActor.map(
      (by): Command =>
        (plan, now) =>
          approveStep(plan, null, by, now),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constant<Command>((plan, now) => {
      const by = whoMayDecide(plan).at(-1);
      return by && approveStep(plan, null, by, now);
    }),
  },
  fc.tuple(anyActor, anyRefusal).map(
    ([by, outcome]): Command =>
      (plan, now) =>
        refuse(plan, outcome, "Why", by, now),
  ),
  anyRefusal.map(
    (outcome): Command =>
      (plan, now) => {
        const [by] = whoMayDecide(plan);
        return by && refuse(plan, outcome, "Why", by, now);
      },
  ),
  fc.oneof(anyActor, fc.constant(exec)).map(
    (by): Command =>
      (plan, now) =>
        withdraw(plan, by, now),
  ),
  fc.constant<Command>(ifSubmitted((plan, now) => remind(plan, workflow, now))),
  {
    weight: 5,
    arbitrary: fc.constant<Command>(
      ifSubmitted((plan, now) => escalate(plan, rights, directory, workflow, now)),
    ),
  },
  fc.constant<Command>(ifSubmitted((plan, now) => restart(plan, workflow, now))),
  fc.constant<Command>(ifSubmitted((plan, now) => expire(plan, workflow, now))),
  fc.constant<Command>((plan, now) =>
    reachMilestone(plan, { activity: 0, milestone: 0, doneOn: "2027-02-01" }, exec, now),
  ),
);

/** Which event may take a plan from which state to which. */
const paths: ReadonlySet<string> = new Set([
  "draft development-plan.updated draft",
  "returned development-plan.updated draft",
  "draft development-plan.accepted draft",
  "draft development-plan.submitted submitted",
  "submitted development-plan.withdrawn draft",
  "submitted development-plan.step-approved submitted",
  "submitted development-plan.approved approved",
  "submitted development-plan.returned returned",
  "submitted development-plan.rejected rejected",
  "submitted development-plan.approver-reminded submitted",
  "submitted development-plan.step-escalated submitted",
  "submitted development-plan.approval-restarted submitted",
  "submitted development-plan.expired expired",
  "approved development-plan.milestone-reached approved",
]);

function holdInvariants(plan: DevelopmentPlan): void {
  const { status, approval } = plan;
  expect(waitingOf(plan).length > 0).toBe(status === "submitted");
  if (status === "draft" || !approval) return;
  const writers = plan.authors.flatMap((one) => (one.kind === "member" ? [one.memberId] : []));
  const { steps } = approval;
  const holders = steps.flatMap(({ approverId, escalatedToId }) =>
    escalatedToId === null ? [approverId] : [approverId, escalatedToId],
  );
  expect(new Set(holders).size).toBe(holders.length);
  if (status !== "returned")
    expect(holders.filter((holder) => writers.includes(holder))).toEqual([]);
  expect(steps).toHaveLength(plan.budget.amount === ABOVE_LIMIT.amount ? 2 : 1);
  for (const { decision, approverId, escalatedToId } of steps) {
    if (decision) expect([approverId, escalatedToId]).toContain(decision.by);
  }
  const outcomes = steps.map(({ decision }) => decision?.outcome);
  if (status === "approved") expect(outcomes.every((one) => one === "approved")).toBe(true);
  if (status === "submitted") {
    const { stepNumber } = openStep(plan);
    expect(outcomes.slice(0, stepNumber - 1).every((one) => one === "approved")).toBe(true);
    expect(outcomes.slice(stepNumber - 1).every((one) => one === undefined)).toBe(true);
  }
}

describe("any sequence of commands by anybody", () => {
  it("keeps to the declared paths; nobody decides what they wrote, or two steps", () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(anyCommand, { minLength: 1, maxLength: 30 }), (commands) => {
        let plan: DevelopmentPlan = draft({ budget: ABOVE_LIMIT });
        commands.forEach((command, position) => {
          const before = plan;
          let change: PlanChange | undefined;
          try {
            change = command(before, daysLater(position));
          } catch (error) {
            if (!(error instanceof DomainError)) throw error;
          }
          if (!change) return;
          plan = change.next;
          const path = `${before.status} ${change.event.type} ${plan.status}`;
          reached.add(path);
          expect(paths).toContain(path);
          expect(plan.version).toBe(before.version + 1);
          expect(plan.revision).toBeGreaterThanOrEqual(before.revision);
          holdInvariants(plan);
          // Whatever a workflow was waiting for before, it gets an answer that its machine knows.
          if (before.status === "submitted" && plan.status !== "submitted") {
            const { stepNumber } = openStep(before);
            const { revision, approval } = before;
            const ref = { revision, attempt: approval.attempt, stepNumber };
            expect([...["approved", "returned", "rejected", "withdrawn", "expired"]]).toContain(
              outcomeOf(plan, ref),
            );
          }
        });
      }),
      { numRuns: 1500, seed: 20_270_111 },
    );
    expect(reached).toEqual(paths);
  });
});
