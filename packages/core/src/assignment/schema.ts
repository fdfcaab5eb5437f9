import { z } from "zod";
import { ActorRef, AssignedDuty, HeldDuty } from "../actor/index.ts";
import { AssignmentId, MemberId, PartnerUserId } from "../id/index.ts";

/** Who holds a duty: somebody of the tenant, or at a partner one of its people. */
export const DutyHolder = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("member"), memberId: MemberId }),
    z.strictObject({ kind: z.literal("partner-user"), partnerUserId: PartnerUserId }),
  ])
  .meta({ id: "DutyHolder" });
export type DutyHolder = z.infer<typeof DutyHolder>;

/** One duty of one person. */
export const Assignment = z
  .object({
    assignmentId: AssignmentId,
    duty: AssignedDuty,
    holder: DutyHolder,
    since: z.iso.datetime(),
    assignedBy: ActorRef,
  })
  .meta({ id: "Assignment" });
export type Assignment = z.infer<typeof Assignment>;

export const PastAssignment = Assignment.extend({
  until: z.iso.datetime(),
  endedBy: ActorRef,
}).meta({ id: "PastAssignment" });
export type PastAssignment = z.infer<typeof PastAssignment>;

/** At one partner or in one program, of each duty. */
export const MOST_OF_A_DUTY = 10;

/** Of one person, so that a membership is read with its login session in two units. */
export const MOST_OF_A_PERSON = 20;

/** The partner or the program that duties are assigned at; one of the two is null. */
export const Scope = HeldDuty.omit({ duty: true });
export type Scope = z.infer<typeof Scope>;

/** Who has which duty at a partner, or in a program, now; in the order in which they were assigned. */
export const Roster = z
  .object({
    ...Scope.shape,
    current: z.array(Assignment).max(MOST_OF_A_DUTY * AssignedDuty.options.length),
    updatedAt: z.iso.datetime(),
    version: z.number().int().positive(),
  })
  .meta({ id: "Roster" });
export type Roster = z.infer<typeof Roster>;

/** As everybody may see it; version 0 and no instant where nothing was ever assigned. */
export const Assignments = Roster.extend({
  updatedAt: Roster.shape.updatedAt.nullable(),
  version: z.number().int().nonnegative(),
}).meta({ id: "Assignments" });
export type Assignments = z.infer<typeof Assignments>;

export const Assign = z
  .strictObject({ duty: AssignedDuty, holder: DutyHolder })
  .meta({ id: "Assign" });
export type Assign = z.infer<typeof Assign>;
