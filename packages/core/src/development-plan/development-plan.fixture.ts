import type { MemberActor, MemberRole, PartnerActor, SystemActor } from "../actor/index.ts";
import {
  CycleId,
  MemberId,
  PartnerId,
  PartnerUserId,
  PersonId,
  PlanId,
  ProgramId,
} from "../id/index.ts";
import type { Partner } from "../partner/index.ts";
import type { DecisionRights } from "../program/index.ts";
import { approveStep, submit } from "./approval.ts";
import type { Candidate } from "./approvers.ts";
import { accept, create } from "./development-plan.ts";
import type { CreatePlan, DevelopmentPlan, PlanBasis, PlanIn } from "./schema.ts";

const id = (prefix: string, name: string) => `${prefix}_${name.padStart(26, "0")}`;
export const memberId = (name: string) => MemberId.parse(id("mem", name));
const PARTNER_ID = PartnerId.parse(id("ptr", "A"));

export const DAY_ONE = new Date("2027-01-11T09:00:00.000Z");
export const daysLater = (days: number) => new Date(DAY_ONE.getTime() + days * 86_400_000);

const member = (name: string, ...roles: MemberRole[]): MemberActor => ({
  kind: "member",
  personId: PersonId.parse(id("per", name)),
  memberId: memberId(name),
  roles,
});

export const people = {
  manager: member("A", "partner-manager"),
  sponsor: member("B", "executive-sponsor"),
  programManager: member("C", "program-manager"),
  otherProgramManager: member("D", "program-manager"),
  owner: member("E", "owner"),
  admin: member("F", "admin"),
};

export const exec: PartnerActor = {
  kind: "partner-user",
  personId: PersonId.parse(id("per", "X")),
  partnerUserId: PartnerUserId.parse(id("pus", "X")),
  partnerId: PARTNER_ID,
  roles: ["partner-exec"],
};
export const workflow: SystemActor = { kind: "system", name: "workflow" };

export const members: readonly Candidate[] = Object.values(people);

export const partner: Partner = {
  partnerId: PARTNER_ID,
  name: "Northwind",
  type: "reseller",
  lifecycleStage: "growing",
  region: "Central",
  partnerManagerId: people.manager.memberId,
  executiveSponsorId: people.sponsor.memberId,
  dataStewardId: null,
  version: 1,
  createdAt: "2026-09-01T12:00:00.000Z",
  updatedAt: "2026-09-01T12:00:00.000Z",
};

export const rights: DecisionRights = {
  planBudgetLimit: { amount: "5000.00", currency: "USD" },
  substitutes: ["program-manager", "owner"],
  approvalStepDays: 10,
  reminderDays: 3,
  escalationDays: 7,
  disputeDays: 10,
  calibrationPoints: 5,
  mostAssigned: { "data-collector": 10, moderator: 10, "plan-signatory": 10 },
};

export const basis: PlanBasis = {
  programId: ProgramId.parse(id("pgm", "A")),
  programVersion: 2,
  currency: "USD",
  metrics: [
    { metricId: "win-rate", name: "Win rate", measure: "61.5385" },
    { metricId: "sales-cycle", name: "Sales cycle", measure: null },
  ],
};

export const input: CreatePlan = {
  cycleId: CycleId.parse(id("cyc", "A")),
  title: "Win more of what we pursue",
  summary: "Coaching on qualification, then joint calls.",
  budget: { amount: "5000.00", currency: "USD" },
  activities: [
    {
      title: "Qualification workshop",
      type: "workshop",
      metricId: "win-rate",
      target: "70",
      milestones: [
        { title: "Workshop held", dueOn: "2027-02-15" },
        { title: "Ten calls reviewed", dueOn: "2027-03-15" },
      ],
    },
  ],
};

const ids = { planId: PlanId.parse(id("pln", "A")), partnerId: PARTNER_ID, cycleId: input.cycleId };
export const ABOVE_LIMIT = { amount: "5000.01", currency: "USD" };

/** Nobody is assigned as a signatory. */
export const directory = { members, signatories: [] };

/** A draft that the partner wrote. */
export const draft = (changes: Partial<CreatePlan> = {}): DevelopmentPlan =>
  create(ids, { ...input, ...changes }, basis, exec, DAY_ONE).next;

export const accepted = (changes: Partial<CreatePlan> = {}): DevelopmentPlan =>
  accept(draft(changes), exec, DAY_ONE).next;

/** Waits for the partner manager; above the limit for the executive sponsor afterwards. */
export const submitted = (changes: Partial<CreatePlan> = {}): DevelopmentPlan =>
  submit(accepted(changes), partner, rights, directory, people.programManager, DAY_ONE).next;

/** Waits for the executive sponsor. */
export const atSecondStep = (): DevelopmentPlan =>
  approveStep(submitted({ budget: ABOVE_LIMIT }), null, people.manager, daysLater(1)).next;

export const approved = (): DevelopmentPlan =>
  approveStep(submitted(), null, people.manager, daysLater(1)).next;

/** @throws Error where nobody is to decide on it */
export const waiting = (plan: DevelopmentPlan): PlanIn<"submitted"> => {
  if (plan.status !== "submitted") throw new Error(`the plan is ${plan.status}`);
  return plan;
};
