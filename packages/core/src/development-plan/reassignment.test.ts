import { describe, expect, it } from "vitest";
import type { MemberActor, MemberRole } from "../actor/index.ts";
import { approveStep, escalate, submit } from "./approval.ts";
import type { Candidate } from "./approvers.ts";
import {
  ABOVE_LIMIT,
  accepted,
  atSecondStep,
  basis,
  DAY_ONE,
  daysLater,
  directory,
  draft,
  memberId,
  members,
  partner,
  people,
  rights,
  submitted,
  workflow,
} from "./development-plan.fixture.ts";
import { type PlanChange, update } from "./development-plan.ts";
import { reassign, type StepRefusal } from "./reassignment.ts";
import type { DevelopmentPlan } from "./schema.ts";

const { manager, sponsor, programManager, otherProgramManager, owner, admin } = people;
const newcomer = (...roles: MemberRole[]): Candidate => ({ memberId: memberId("N"), roles });

const handedOver = (
  plan: DevelopmentPlan,
  from: MemberActor,
  to: Candidate,
  {
    signatories = [],
    by = owner,
  }: { signatories?: Candidate["memberId"][]; by?: MemberActor } = {},
): PlanChange | StepRefusal =>
  reassign(plan, { from: from.memberId, to, signatories }, rights, by, daysLater(2));

function changed(outcome: PlanChange | StepRefusal): PlanChange {
  if (typeof outcome === "string") throw new Error(`refused: ${outcome}`);
  return outcome;
}
const stepsOf = ({ next }: PlanChange) => next.approval?.steps ?? [];

describe("a decision that goes to another member", () => {
  it("is theirs from then on, with the time it has left, and the trail says from whom", () => {
    const plan = submitted({ budget: ABOVE_LIMIT });
    const to = newcomer("partner-manager");
    const { next, event } = changed(handedOver(plan, manager, to));
    expect(next).toMatchObject({
      ...{ status: "submitted", version: plan.version + 1 },
      updatedAt: daysLater(2).toISOString(),
    });
    expect(next.approval?.steps).toEqual([
      { ...plan.approval?.steps[0], approverId: to.memberId, substituteRole: null },
      plan.approval?.steps[1],
    ]);
    expect(event).toEqual({
      type: "development-plan.step-reassigned",
      at: daysLater(2).toISOString(),
      by: { kind: "member", memberId: owner.memberId },
      data: { revision: 1, stepNumber: 1, fromId: manager.memberId, toId: to.memberId },
    });
    expect(() => approveStep(next, null, manager, daysLater(3))).toThrow(
      expect.objectContaining({ code: "plan-not-your-turn" }),
    );
  });

  it.each([
    {
      to: "who holds the role of the step",
      plan: submitted(),
      from: manager,
      roles: ["partner-manager"],
      standsIn: null,
    },
    {
      to: "who holds it besides another role",
      plan: submitted(),
      from: manager,
      roles: ["data-steward", "partner-manager"],
      standsIn: null,
    },
    {
      to: "whose role has it with it",
      plan: submitted(),
      from: manager,
      roles: ["program-manager"],
      standsIn: null,
    },
    {
      to: "who may stand in",
      plan: atSecondStep(),
      from: sponsor,
      roles: ["program-manager"],
      standsIn: "program-manager",
    },
    {
      to: "who may stand in by the second role",
      plan: atSecondStep(),
      from: sponsor,
      roles: ["viewer", "program-manager"],
      standsIn: "program-manager",
    },
  ] as const)("goes to one $to", ({ plan, from, roles, standsIn }) => {
    const step = stepsOf(changed(handedOver(plan, from, newcomer(...roles)))).find(
      ({ decision }) => decision === null,
    );
    expect(step).toMatchObject({ approverId: memberId("N"), substituteRole: standsIn });
  });

  it("goes from who stands in to another, and the approver keeps it", () => {
    const plan = submitted();
    if (plan.status !== "submitted") throw new Error("it waits");
    const late = escalate(plan, rights, directory, workflow, daysLater(7)).next;
    expect(late.approval?.steps[0]?.escalatedToId).toBe(programManager.memberId);
    const [step] = stepsOf(changed(handedOver(late, programManager, otherProgramManager)));
    expect(step).toMatchObject({
      ...{ approverId: manager.memberId, substituteRole: null },
      escalatedToId: otherProgramManager.memberId,
    });
    expect(handedOver(late, sponsor, otherProgramManager)).toBe("not-waiting");
  });

  it("goes to a signatory where the step needs one, whatever their roles", () => {
    const signatories = [admin.memberId];
    const plan = submit(
      ...([
        accepted(),
        partner,
        rights,
        { members, signatories },
        programManager,
        DAY_ONE,
      ] as const),
    ).next;
    const to = newcomer("viewer");
    expect(handedOver(plan, admin, to)).toBe("role-missing");
    const named = { signatories: [to.memberId] };
    expect(stepsOf(changed(handedOver(plan, admin, to, named)))).toMatchObject([
      { approverId: to.memberId, substituteRole: null, needsSignatory: true },
    ]);
    // The role of the step alone does not make a signatory; who may stand in does without.
    expect(handedOver(plan, admin, newcomer("partner-manager"))).toBe("role-missing");
    expect(stepsOf(changed(handedOver(plan, admin, newcomer("program-manager"))))).toMatchObject([
      { approverId: to.memberId, substituteRole: "program-manager" },
    ]);
  });

  it.each([
    ["not-waiting", "a draft", draft(), newcomer("partner-manager"), owner],
    ["not-waiting", "the step of another", atSecondStep(), newcomer("partner-manager"), owner],
    [
      "role-missing",
      "to somebody without the role",
      submitted(),
      newcomer("viewer", "data-steward"),
      owner,
    ],
    [
      "plan-step-held-by-receiver",
      "to who holds another step",
      submitted({ budget: ABOVE_LIMIT }),
      sponsor,
      owner,
    ],
    ["plan-decision-for-oneself", "to oneself", submitted(), owner, owner],
  ] as const)("stays where it is: %s of %s", (refusal, _, plan, to, by) => {
    expect(handedOver(plan, manager, to, { by })).toBe(refusal);
  });

  it("does not go to who wrote the plan", () => {
    const draft = update(accepted(), {}, basis, otherProgramManager, DAY_ONE).next;
    const written: DevelopmentPlan = { ...submitted(), authors: draft.authors };
    expect(handedOver(written, manager, otherProgramManager)).toBe("plan-written-by-receiver");
  });
});
