import { describe, expect, it } from "vitest";
import type { MemberActor } from "../actor/index.ts";
import { type MemberId, PartnerId } from "../id/index.ts";
import {
  approveStep,
  escalate,
  expire,
  outcomeOf,
  refuse,
  remind,
  restart,
  submit,
  waitingAt,
  waitingOf,
  waitsOf,
} from "./approval.ts";
import { stepsFor } from "./approvers.ts";
import {
  ABOVE_LIMIT,
  accepted,
  atSecondStep,
  basis,
  DAY_ONE,
  daysLater,
  directory,
  exec,
  memberId,
  members,
  partner,
  people,
  rights,
  submitted,
  waiting,
  workflow,
} from "./development-plan.fixture.ts";
import { accept, update, withdraw } from "./development-plan.ts";
import type { DevelopmentPlan } from "./schema.ts";

const { manager, sponsor, programManager, otherProgramManager, owner, admin } = people;
const by = (author: MemberActor) =>
  update(accepted({ budget: ABOVE_LIMIT }), {}, basis, author, DAY_ONE).next;
const approversOf = (steps: readonly { approverId: MemberId }[]) =>
  steps.map(({ approverId }) => approverId);

describe("the steps of an approval", () => {
  it("are one at the budget limit and two above it", () => {
    expect(approversOf(stepsFor(accepted(), partner, rights, members))).toEqual([manager.memberId]);
    const above = accepted({ budget: ABOVE_LIMIT });
    expect(approversOf(stepsFor(above, partner, rights, members))).toEqual([
      manager.memberId,
      sponsor.memberId,
    ]);
  });

  it.each([
    {
      name: "the partner manager wrote it: the first program manager by id",
      plan: by(manager),
      expected: [programManager.memberId, sponsor.memberId],
    },
    {
      name: "the executive sponsor wrote it: the same for the second step",
      plan: by(sponsor),
      expected: [manager.memberId, programManager.memberId],
    },
    {
      name: "both wrote it: one person for each step",
      plan: update(by(sponsor), {}, basis, manager, DAY_ONE).next,
      expected: [programManager.memberId, otherProgramManager.memberId],
    },
    {
      name: "one is both: a substitute for the second step",
      at: { ...partner, executiveSponsorId: manager.memberId },
      expected: [manager.memberId, programManager.memberId],
    },
    {
      name: "nobody is named: substitutes",
      at: { ...partner, partnerManagerId: null, executiveSponsorId: null },
      expected: [programManager.memberId, otherProgramManager.memberId],
    },
    {
      name: "the sponsor is a program manager: never taken from their own step",
      at: {
        ...partner,
        partnerManagerId: null,
        executiveSponsorId: programManager.memberId,
      },
      expected: [otherProgramManager.memberId, programManager.memberId],
    },
    {
      name: "who is named has left: a substitute",
      who: members.filter((member) => member.memberId !== manager.memberId),
      expected: [programManager.memberId, sponsor.memberId],
    },
    {
      name: "the first role is exhausted: the next of the decision rights",
      plan: by(manager),
      who: members.filter(({ roles }) => !roles.includes("program-manager")),
      expected: [owner.memberId, sponsor.memberId],
    },
  ])("$name", ({ plan, at = partner, who = members, expected }) => {
    const steps = stepsFor(plan ?? accepted({ budget: ABOVE_LIMIT }), at, rights, who);
    expect(approversOf(steps)).toEqual(expected);
  });

  it.each([
    {
      of: "who is named for the step before others",
      named: [admin, manager],
      first: manager,
      second: admin,
    },
    {
      of: "who is named for a later step, there alone",
      named: [sponsor],
      first: programManager,
      second: sponsor,
    },
    { of: "two, a step each", named: [admin, owner], first: admin, second: owner },
    { of: "who is named, then the other", named: [sponsor, admin], first: admin, second: sponsor },
  ])("are of signatories where there are some: $of", ({ named, first, second }) => {
    const plan = accepted({ budget: ABOVE_LIMIT });
    const signatories = named.map(({ memberId }) => memberId);
    const steps = stepsFor(plan, partner, rights, members, signatories);
    expect(steps).toMatchObject([
      { approverId: first.memberId, needsSignatory: true },
      { approverId: second.memberId, needsSignatory: true },
    ]);
    for (const { approverId, substituteRole } of steps) {
      expect(substituteRole).toBe(signatories.includes(approverId) ? null : "program-manager");
    }
  });

  it("pass over signatories who are no members any more or wrote the plan", () => {
    const plan = update(accepted(), {}, basis, owner, DAY_ONE).next;
    const signatories = [memberId("Y"), owner.memberId, admin.memberId];
    expect(approversOf(stepsFor(plan, partner, rights, members, signatories))).toEqual([
      admin.memberId,
    ]);
    const gone = signatories.slice(0, 2);
    expect(approversOf(stepsFor(plan, partner, rights, members, gone))).toEqual([
      programManager.memberId,
    ]);
    expect(() => stepsFor(plan, partner, rights, [owner], gone)).toThrow(
      "Step 1 (partner-manager): no signatory and nobody with the role program-manager or owner is free to stand in",
    );
  });

  it("are of who is named and no signatory, where none is free and the decision rights let them stand in", () => {
    const at = { ...partner, partnerManagerId: programManager.memberId };
    const above = accepted({ budget: ABOVE_LIMIT });
    const [first, second] = stepsFor(above, at, rights, members, [memberId("Y")]);
    const standsIn = { substituteRole: "program-manager", needsSignatory: true };
    expect(first).toMatchObject({ approverId: programManager.memberId, ...standsIn });
    expect(second).toMatchObject({ approverId: otherProgramManager.memberId, ...standsIn });
  });

  it("say for whom somebody stands in", () => {
    const [first, second] = stepsFor(by(manager), partner, rights, members);
    expect(first).toMatchObject({ role: "partner-manager", substituteRole: "program-manager" });
    expect(second).toMatchObject({ role: "executive-sponsor", substituteRole: null });
  });

  it("name the same substitute whatever the order the members are read in", () => {
    const steps = stepsFor(by(manager), partner, rights, members.toReversed());
    expect(approversOf(steps)).toEqual([programManager.memberId, sponsor.memberId]);
  });

  it("wait with nothing done yet, the first of them open", () => {
    const plan = waiting(submitted({ budget: ABOVE_LIMIT }));
    const untouched = {
      ...{ escalatedToId: null, remindedAt: null, escalatedAt: null, decision: null },
      ...{ needsSignatory: false, substituteRole: null },
    };
    expect(plan.approval.steps).toEqual([
      {
        ...{ ...untouched, stepNumber: 1, role: "partner-manager" },
        ...{ approverId: manager.memberId, openedAt: "2027-01-11T09:00:00.000Z" },
      },
      {
        ...{ ...untouched, stepNumber: 2, role: "executive-sponsor" },
        ...{ approverId: sponsor.memberId, openedAt: null },
      },
    ]);
  });

  it("are refused where nobody is free to stand in", () => {
    const only = members.filter((member) => member.memberId === admin.memberId);
    expect(() => stepsFor(accepted(), partner, rights, only)).toThrow(
      expect.objectContaining({ code: "plan-approver-missing" }),
    );
  });
});

describe("a decision", () => {
  it("of the first step opens the second; of the last approves the plan", () => {
    const plan = atSecondStep();
    expect(plan.status).toBe("submitted");
    expect(waiting(plan).approval.steps[1]?.openedAt).toBe(daysLater(1).toISOString());
    const { next, event } = approveStep(plan, "Good", sponsor, daysLater(2));
    expect(next.status).toBe("approved");
    expect(event).toMatchObject({
      type: "development-plan.approved",
      data: { revision: 1, stepNumber: 2, comment: "Good" },
    });
  });

  it.each([
    { name: "the second approver before the first", who: sponsor, code: "plan-not-your-turn" },
    { name: "an administrator who holds no step", who: admin, code: "plan-not-your-turn" },
    { name: "the owner", who: owner, code: "plan-not-your-turn" },
  ])("is refused to $name", ({ who, code }) => {
    const plan = submitted({ budget: ABOVE_LIMIT });
    const refusal = expect.objectContaining({ code });
    expect(() => approveStep(plan, null, who, daysLater(1))).toThrow(refusal);
    expect(() => refuse(plan, "returned", "No", who, daysLater(1))).toThrow(refusal);
  });

  it("is refused to the first approver once their step is decided", () => {
    expect(() => approveStep(atSecondStep(), null, manager, daysLater(2))).toThrow(
      expect.objectContaining({ code: "plan-not-your-turn" }),
    );
  });

  it("is a signatory's while they are one, and of whoever stands in by the decision rights", () => {
    const signatories = [admin.memberId];
    const assigned = {
      duty: "plan-signatory",
      partnerId: partner.partnerId,
      programId: null,
    } as const;
    const elsewhere = { ...assigned, partnerId: PartnerId.parse(`ptr_${"Z".repeat(26)}`) };
    const asked = (named: readonly MemberId[]) =>
      submit(accepted(), partner, rights, { members, signatories: named }, programManager, DAY_ONE)
        .next;
    const plan = waiting(asked(signatories));
    expect(plan.approval.steps).toMatchObject([
      { approverId: admin.memberId, needsSignatory: true, substituteRole: null },
    ]);
    for (const duties of [
      undefined,
      [],
      [elsewhere],
      [{ ...assigned, duty: "moderator" as const }],
    ]) {
      const no = { ...admin, ...(duties ? { duties } : {}) };
      expect(() => approveStep(plan, null, no, daysLater(1))).toThrow(
        expect.objectContaining({ code: "duty-of-others" }),
      );
    }
    const yes = { ...admin, duties: [assigned] };
    expect(approveStep(plan, null, yes, daysLater(1)).next.status).toBe("approved");

    const standIn = waiting(asked([memberId("Y")]));
    expect(standIn.approval.steps).toMatchObject([
      { approverId: programManager.memberId, needsSignatory: true },
    ]);
    expect(approveStep(standIn, null, programManager, daysLater(1)).next.status).toBe("approved");
  });

  it("is refused to an author, even one who holds the step", () => {
    const plan = waiting(submitted());
    const written: DevelopmentPlan = {
      ...plan,
      authors: [...plan.authors, { kind: "member", memberId: manager.memberId }],
    };
    expect(() => approveStep(written, null, manager, daysLater(1))).toThrow(
      expect.objectContaining({ code: "plan-self-approval" }),
    );
  });
});

describe("escalation", () => {
  const escalated = (plan: DevelopmentPlan, who: Parameters<typeof escalate>[2] = directory) =>
    waiting(escalate(waiting(plan), rights, who, workflow, daysLater(7)).next);

  it("lets a substitute decide besides the approver", () => {
    const plan = escalated(submitted());
    expect(plan.approval.steps[0]).toMatchObject({
      approverId: manager.memberId,
      escalatedToId: programManager.memberId,
      escalatedAt: daysLater(7).toISOString(),
    });
    expect(approveStep(plan, null, programManager, daysLater(8)).next.status).toBe("approved");
    expect(approveStep(plan, null, manager, daysLater(8)).next.status).toBe("approved");
  });

  it("never gives one person two steps", () => {
    const first = escalated(submitted({ budget: ABOVE_LIMIT }));
    const second = approveStep(first, null, programManager, daysLater(8)).next;
    expect(escalated(second).approval.steps[1]?.escalatedToId).toBe(otherProgramManager.memberId);
  });

  it("goes to another signatory before a substitute, where the step needs one, and there alone", () => {
    const signatories = [admin.memberId, owner.memberId];
    const who = { ...directory, signatories };
    const plan = submit(accepted(), partner, rights, who, programManager, DAY_ONE).next;
    expect(plan.approval?.steps[0]?.approverId).toBe(admin.memberId);
    expect(escalated(plan, who).approval.steps[0]?.escalatedToId).toBe(owner.memberId);
    // None is free but who holds the step already.
    const one = { ...directory, signatories: [admin.memberId] };
    expect(escalated(plan, one).approval.steps[0]?.escalatedToId).toBe(programManager.memberId);
    const late = escalated(plan, one);
    expect(approveStep(late, null, programManager, daysLater(8)).next.status).toBe("approved");
    const withoutNeed = escalated(submitted(), who).approval.steps[0];
    expect(withoutNeed?.escalatedToId).toBe(programManager.memberId);
  });

  it("names nobody where nobody is free, and the approver goes on", () => {
    const only = {
      ...directory,
      members: members.filter((member) => member.memberId === manager.memberId),
    };
    expect(escalated(submitted(), only).approval.steps[0]).toMatchObject({
      escalatedToId: null,
      escalatedAt: daysLater(7).toISOString(),
    });
  });
});

describe("the work lists", () => {
  it("hold the open step of the approver until it expires", () => {
    const { planId, partnerId, title, budget } = submitted();
    expect(waitingOf(submitted())).toEqual([
      {
        ...{ planId, partnerId, title, budget, revision: 1, attempt: 1 },
        memberId: manager.memberId,
        stepNumber: 1,
        openedAt: "2027-01-11T09:00:00.000Z",
        dueAt: "2027-01-21T09:00:00.000Z",
        isEscalated: false,
        needsSignatory: false,
      },
    ]);
  });

  it("hold an escalated step for both", () => {
    const plan = waiting(escalate(waiting(submitted()), rights, directory, workflow, DAY_ONE).next);
    expect(waitingOf(plan).map(({ memberId, isEscalated }) => [memberId, isEscalated])).toEqual([
      [manager.memberId, false],
      [programManager.memberId, true],
    ]);
  });

  it("count the second step from its own opening", () => {
    expect(waitingOf(atSecondStep())).toMatchObject([
      { memberId: memberId("B"), stepNumber: 2, dueAt: "2027-01-22T09:00:00.000Z" },
    ]);
  });

  it("hold nothing of a plan that is not submitted", () => {
    expect(waitingOf(accepted())).toEqual([]);
    expect(waitingOf(approveStep(submitted(), null, manager, DAY_ONE).next)).toEqual([]);
  });
});

describe("the waits of a step", () => {
  const waits = (reminderDays: number, escalationDays: number, expiryDays: number) =>
    waitsOf({ ...waiting(submitted()).approval, reminderDays, escalationDays, expiryDays });

  it("are what lies between reminder, escalation and expiry", () => {
    expect(waits(3, 7, 10)).toEqual({
      reminderAfterSeconds: 259_200,
      escalateAfterSeconds: 345_600,
      expireAfterSeconds: 259_200,
    });
  });

  it.each([
    [7, 3, 10],
    [20, 20, 10],
    [1, 1, 1],
  ])("of %i, %i and %i days are never of no time and end at the expiry", (...days) => {
    const { reminderAfterSeconds, escalateAfterSeconds, expireAfterSeconds } = waits(...days);
    for (const wait of [reminderAfterSeconds, escalateAfterSeconds, expireAfterSeconds]) {
      expect(wait).toBeGreaterThan(0);
    }
    expect(reminderAfterSeconds + escalateAfterSeconds + expireAfterSeconds).toBe(days[2] * 86_400);
  });
});

describe("what a workflow is answered", () => {
  const at = (stepNumber: number, revision = 1, attempt = 1) => ({ revision, attempt, stepNumber });
  const returned = () => refuse(submitted(), "returned", "Why", manager, daysLater(1)).next;
  const restarted = () => restart(waiting(submitted()), workflow, daysLater(1)).next;

  const again = () => {
    const draft = update(returned(), {}, basis, exec, daysLater(2)).next;
    const by = programManager;
    return submit(accept(draft, exec, DAY_ONE).next, partner, rights, directory, by, DAY_ONE).next;
  };

  it.each([
    { name: "waits rightly", plan: () => submitted(), ref: at(1), outcome: undefined },
    {
      name: "step 1 of 2 approved",
      plan: () => atSecondStep(),
      ref: at(1),
      outcome: "step-approved",
    },
    { name: "step 2 of 2 waits", plan: () => atSecondStep(), ref: at(2), outcome: undefined },
    {
      name: "all approved, asked for step 1",
      plan: () => approveStep(atSecondStep(), null, sponsor, daysLater(2)).next,
      ref: at(1),
      outcome: "step-approved",
    },
    {
      name: "all approved, asked for step 2",
      plan: () => approveStep(atSecondStep(), null, sponsor, daysLater(2)).next,
      ref: at(2),
      outcome: "approved",
    },
    { name: "returned", plan: () => returned(), ref: at(1), outcome: "returned" },
    {
      name: "returned and changed since",
      plan: () => update(returned(), {}, basis, people.admin, daysLater(2)).next,
      ref: at(1),
      outcome: "withdrawn",
    },
    {
      name: "withdrawn",
      plan: () => withdraw(submitted(), exec, daysLater(1)).next,
      ref: at(1),
      outcome: "withdrawn",
    },
    {
      name: "an earlier revision, submitted again",
      plan: () => again(),
      ref: at(1),
      outcome: "withdrawn",
    },
    { name: "the next revision", plan: () => again(), ref: at(1, 2), outcome: undefined },
    {
      name: "an earlier revision, ended since",
      plan: () => approveStep(again(), null, manager, daysLater(3)).next,
      ref: at(1),
      outcome: "withdrawn",
    },
    {
      name: "step 2 of 2 rejected, asked for step 1",
      plan: () => refuse(atSecondStep(), "rejected", "No", sponsor, daysLater(2)).next,
      ref: at(1),
      outcome: "step-approved",
    },
    {
      name: "step 2 of 2 rejected, asked for step 2",
      plan: () => refuse(atSecondStep(), "rejected", "No", sponsor, daysLater(2)).next,
      ref: at(2),
      outcome: "rejected",
    },
    { name: "an earlier attempt", plan: () => restarted(), ref: at(1), outcome: "withdrawn" },
    { name: "the new attempt", plan: () => restarted(), ref: at(1, 1, 2), outcome: undefined },
    {
      name: "expired",
      plan: () => expire(waiting(submitted()), workflow, daysLater(10)).next,
      ref: at(1),
      outcome: "expired",
    },
  ])("$name: $outcome", ({ plan: made, ref, outcome }) => {
    const plan = made();
    expect(outcomeOf(plan, ref)).toBe(outcome);
    expect(waitingAt(plan, ref) === undefined).toBe(outcome !== undefined);
  });

  it("is a restart with all the time of the step", () => {
    const plan = waiting(restarted());
    expect(plan.approval).toMatchObject({ attempt: 2 });
    expect(plan.approval.steps[0]?.openedAt).toBe(daysLater(1).toISOString());
  });

  it("is a reminder that remembers when", () => {
    const { next, event } = remind(waiting(submitted()), workflow, daysLater(3));
    expect(waiting(next).approval.steps[0]?.remindedAt).toBe(daysLater(3).toISOString());
    expect(event.data).toEqual({ revision: 1, stepNumber: 1, approverId: manager.memberId });
  });
});
