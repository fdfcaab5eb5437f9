import { describe, expect, it } from "vitest";
import { approveStep, escalate, expire, refuse, remind, restart, submit } from "./approval.ts";
import {
  ABOVE_LIMIT,
  accepted,
  approved,
  atSecondStep,
  basis,
  DAY_ONE,
  daysLater,
  directory,
  draft,
  exec,
  input,
  partner,
  people,
  rights,
  submitted,
  waiting,
  workflow,
} from "./development-plan.fixture.ts";
import {
  accept,
  create,
  type PlanChange,
  reachMilestone,
  update,
  withdraw,
} from "./development-plan.ts";
import type { DevelopmentPlan } from "./schema.ts";

const { manager, sponsor, programManager } = people;
const byExec = {
  kind: "partner-user",
  partnerUserId: exec.partnerUserId,
  partnerId: exec.partnerId,
};
const byManager = { kind: "member", memberId: manager.memberId };
const byWorkflow = { kind: "system", name: "workflow" };
const NOW = daysLater(2);
const AT = "2027-01-13T09:00:00.000Z";

const { planId, partnerId, cycleId } = draft();
const ids = { planId, partnerId, cycleId };

interface Told {
  readonly change: () => { readonly next: DevelopmentPlan; readonly event: PlanChange["event"] };
  readonly status: DevelopmentPlan["status"];
  readonly version: number;
  readonly by: object;
  readonly data: object;
}
const told: Readonly<Record<string, Told>> = {
  created: {
    status: "draft",
    change: () => create(ids, input, basis, exec, NOW),
    ...{ version: 1, by: byExec, data: { ...ids, ...input } },
  },
  updated: {
    status: "draft",
    change: () => update(draft(), { title: "Ours" }, basis, exec, NOW),
    ...{ version: 2, by: byExec, data: { title: "Ours" } },
  },
  accepted: {
    status: "draft",
    change: () => accept(draft(), exec, NOW),
    ...{ version: 2, by: byExec, data: { revision: 1 } },
  },
  submitted: {
    status: "submitted",
    change: () =>
      submit(accepted({ budget: ABOVE_LIMIT }), partner, rights, directory, manager, NOW),
    ...{ version: 3, by: byManager },
    data: { revision: 1, stepNumber: 1, approvers: [manager.memberId, sponsor.memberId] },
  },
  withdrawn: {
    status: "draft",
    change: () => withdraw(atSecondStep(), exec, NOW),
    ...{ version: 5, by: byExec, data: { revision: 1, stepNumber: 2 } },
  },
  "step-approved": {
    status: "submitted",
    change: () => approveStep(submitted({ budget: ABOVE_LIMIT }), "Good", manager, NOW),
    ...{ version: 4, by: byManager, data: { revision: 1, stepNumber: 1, comment: "Good" } },
  },
  approved: {
    status: "approved",
    change: () => approveStep(submitted(), null, manager, NOW),
    ...{ version: 4, by: byManager, data: { revision: 1, stepNumber: 1, comment: null } },
  },
  returned: {
    status: "returned",
    change: () => refuse(submitted(), "returned", "Smaller", manager, NOW),
    ...{ version: 4, by: byManager, data: { revision: 1, stepNumber: 1, comment: "Smaller" } },
  },
  rejected: {
    status: "rejected",
    change: () => refuse(submitted(), "rejected", "No", manager, NOW),
    ...{ version: 4, by: byManager, data: { revision: 1, stepNumber: 1, comment: "No" } },
  },
  "approver-reminded": {
    status: "submitted",
    change: () => remind(waiting(submitted()), workflow, NOW),
    ...{ version: 4, by: byWorkflow },
    data: { revision: 1, stepNumber: 1, approverId: manager.memberId },
  },
  "step-escalated": {
    status: "submitted",
    change: () => escalate(waiting(submitted()), rights, directory, workflow, NOW),
    ...{ version: 4, by: byWorkflow },
    data: { revision: 1, stepNumber: 1, escalatedToId: programManager.memberId },
  },
  expired: {
    status: "expired",
    change: () => expire(waiting(submitted()), workflow, NOW),
    ...{ version: 4, by: byWorkflow, data: { revision: 1, stepNumber: 1 } },
  },
  "approval-restarted": {
    status: "submitted",
    change: () => restart(waiting(submitted()), workflow, NOW),
    ...{ version: 4, by: byWorkflow, data: { revision: 1, stepNumber: 1, attempt: 2 } },
  },
  "milestone-reached": {
    status: "approved",
    change: () =>
      reachMilestone(approved(), { activity: 0, milestone: 1, doneOn: "2027-02-10" }, exec, NOW),
    ...{ version: 5, by: byExec, data: { activity: 0, milestone: 1, doneOn: "2027-02-10" } },
  },
};

describe("the trail of a development plan", () => {
  it.each(Object.entries(told))(
    "tells of one that is %s who did it, when and what, and which version it made",
    (type, { change, status, version, by, data }) => {
      const { next, event } = change();
      expect(event).toEqual({ type: `development-plan.${type}`, at: AT, by, data });
      expect(next).toMatchObject({ status, version, updatedAt: AT });
    },
  );
});

describe("a plan remembers", () => {
  it("what it was made of, and that nobody has accepted or submitted it yet", () => {
    expect(create(ids, input, basis, exec, DAY_ONE).next).toMatchObject({
      ...{ ...ids, programId: basis.programId, programVersion: 2, revision: 1, status: "draft" },
      ...{ title: input.title, summary: input.summary, budget: input.budget },
      ...{ authors: [byExec], accepted: null, approval: null },
      createdAt: "2027-01-11T09:00:00.000Z",
    });
  });

  it("who accepted it and when", () => {
    expect(accept(draft(), exec, NOW).next.accepted).toEqual({ by: byExec, at: AT });
  });

  it("who submitted it, when, and the days its approvers were given", () => {
    const { next } = submit(accepted(), partner, rights, directory, manager, NOW);
    expect(next.approval).toMatchObject({
      ...{ attempt: 1, submittedBy: byManager, submittedAt: AT },
      ...{ reminderDays: 3, escalationDays: 7, expiryDays: 10 },
    });
  });

  it.each([
    ["approved", "Good", () => approveStep(submitted(), "Good", manager, NOW)],
    ["returned", "Smaller", () => refuse(submitted(), "returned", "Smaller", manager, NOW)],
    ["rejected", "No", () => refuse(submitted(), "rejected", "No", manager, NOW)],
  ] as const)("who %s it, when and why", (outcome, comment, decide) => {
    expect(decide().next.approval?.steps[0]?.decision).toEqual({
      ...{ outcome, comment, at: AT, by: manager.memberId },
    });
  });
});
