import type { Goal, GoalChange } from "@concord/core/goal";
import { GoalId, MemberId, MilestoneId, PartnerId, PartnerUserId } from "@concord/core/id";
import {
  AT,
  type Exercise,
  event,
  exercise,
  FIRST_PAGE,
  idOf,
  type Stores,
  SYSTEM,
} from "./access-patterns.ts";

const goalId = idOf(GoalId);
const partnerId = idOf(PartnerId);
const goal = (changes: Partial<Goal> = {}): Goal => ({
  goalId,
  partnerId,
  status: "open",
  agreed: {
    title: "Twenty certified people by the end of the year",
    why: "The new line sells where people know it",
    objective: null,
    owners: { vendor: idOf(MemberId), partner: idOf(PartnerUserId) },
    startOn: "2027-01-01",
    dueOn: "2027-12-31",
    measure: { name: "Certified people", unit: "count", target: 20 },
    milestones: [
      {
        milestoneId: idOf(MilestoneId),
        title: "Ten are certified",
        dueOn: "2027-06-30",
        side: "partner",
        weight: 1,
      },
    ],
  },
  proposal: null,
  done: [],
  value: null,
  closed: null,
  createdBy: SYSTEM,
  createdAt: AT,
  updatedAt: AT,
  version: 1,
  ...changes,
});
const open: GoalChange = { next: goal(), event: event("goal.agreed") };
const noted: GoalChange = { next: goal({ version: 2, value: 4 }), event: event("goal.noted") };
const note = {
  goalId,
  partnerId,
  version: 2,
  side: "vendor",
  text: "Four have passed",
  value: 4,
  by: SYSTEM,
  at: AT,
} as const;
const make = ({ tenant: { goals } }: Stores) => goals.save(open);
const makeAndNote = async ({ tenant: { goals } }: Stores) => {
  await goals.save(open);
  await goals.save(noted, note);
};
const nothing = async () => undefined;

export const goalExercises: readonly Exercise[] = [
  exercise("AP-504", make, ({ tenant: { goals } }) => goals.get(goalId)),
  exercise("AP-505", make, ({ tenant: { goals } }) =>
    goals.ofPartner(partnerId, undefined, FIRST_PAGE),
  ),
  exercise("AP-506", make, ({ tenant: { goals } }) =>
    goals.workOf({ kind: "member", memberId: idOf(MemberId) }, FIRST_PAGE),
  ),
  exercise("AP-507", nothing, make),
  exercise("AP-508", make, ({ tenant: { goals } }) => goals.save(noted, note)),
  exercise("AP-509", makeAndNote, ({ tenant: { goals } }) => goals.notes(goalId, FIRST_PAGE)),
  exercise("AP-510", makeAndNote, ({ tenant: { goals } }) =>
    goals.toldBy([{ object: { id: goalId, version: 2 } }]),
  ),
];
