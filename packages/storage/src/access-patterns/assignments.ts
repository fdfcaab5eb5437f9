import type { DutyHolder, RosterChange } from "@concord/core/assignment";
import { raise } from "@concord/core/error";
import { AssignmentId, MemberId, PartnerId } from "@concord/core/id";
import type { Stores } from "./access-patterns.ts";
import { AT, type Exercise, event, exercise, FIRST_PAGE, idOf, SYSTEM } from "./access-patterns.ts";
import { newMember } from "./people-values.ts";
import { partner } from "./scoring-values.ts";

const SCOPE = { partnerId: idOf(PartnerId), programId: null };
const holder = (number = 1): DutyHolder => ({ kind: "member", memberId: idOf(MemberId, number) });
const assignment = (number = 1) => ({
  assignmentId: idOf(AssignmentId, number),
  duty: "moderator" as const,
  holder: holder(number),
  since: AT,
  assignedBy: SYSTEM,
});
/** The person's membership is read first, as every use case does. */
const changeOf = async ({ tenant: { rosters } }: Stores, number: number, has: boolean) => ({
  state: (await rosters.holder(holder(number))) ?? raise("member-not-found"),
  duties: has ? [{ duty: "moderator" as const, ...SCOPE }] : [],
  event: event<RosterChange["holders"][number]["event"]>("member.duties-changed"),
});
const given = async (stores: Stores): Promise<RosterChange> => ({
  next: { ...SCOPE, current: [assignment()], updatedAt: AT, version: 1 },
  event: event("assignment.given"),
  ended: [],
  holders: [await changeOf(stores, 1, true)],
});
const ended = [{ ...assignment(), until: AT, endedBy: SYSTEM }];
const moved = async (stores: Stores): Promise<RosterChange> => ({
  next: { ...SCOPE, current: [assignment(2)], updatedAt: AT, version: 2 },
  event: event("assignment.ended"),
  ended,
  holders: [await changeOf(stores, 1, false), await changeOf(stores, 2, true)],
});

const people = async ({ tenant: { members, partners } }: Stores) => {
  await partners.save(partner(), event("partner.created"));
  await members.add(newMember());
  await members.add(newMember(2));
};
const assigned = async (stores: Stores) => {
  await people(stores);
  await stores.tenant.rosters.save(await given(stores));
  return moved(stores);
};

export const assignmentExercises: readonly Exercise[] = [
  exercise("AP-440", assigned, ({ tenant: { rosters } }) =>
    rosters.of([SCOPE, { partnerId: idOf(PartnerId, 2), programId: null }]),
  ),
  exercise(
    "AP-441",
    async (stores) => {
      await stores.tenant.rosters.save(await assigned(stores));
    },
    ({ tenant: { rosters } }) => rosters.past(SCOPE, FIRST_PAGE),
  ),
  exercise("AP-442", people, ({ tenant: { rosters } }) => rosters.holder(holder())),
  exercise(
    "AP-443",
    async (stores) => {
      await people(stores);
      return given(stores);
    },
    ({ tenant: { rosters } }, change) => rosters.save(change),
  ),
  exercise("AP-444", assigned, ({ tenant: { rosters } }, change) => rosters.save(change)),
  exercise("AP-445", assigned, ({ tenant: { members } }, { event: end, next }) =>
    members.save({ ...newMember().member, status: "ended", version: 3 }, event("member.ended"), {
      rosters: [{ event: end, next: { ...next, current: [] }, ended, holders: [] }],
    }),
  ),
];
