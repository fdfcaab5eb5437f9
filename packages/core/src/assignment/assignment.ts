import {
  type ActorRef,
  type ActorWith,
  type AssignedDuty,
  type HeldDuty,
  holds,
  type MemberActor,
  type PartnerActor,
  refOf,
} from "../actor/index.ts";
import { raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { AssignmentId, MemberId } from "../id/index.ts";
import {
  type Assign,
  type Assignment,
  type DutyHolder,
  MOST_OF_A_PERSON,
  type PastAssignment,
  type Roster,
  type Scope,
} from "./schema.ts";

type AssignmentEvent = DomainEvent<
  "assignment.given" | "assignment.ended",
  { assignments: readonly { assignmentId: AssignmentId; duty: AssignedDuty; holder: DutyHolder }[] }
>;
type DutiesEvent = DomainEvent<
  "member.duties-changed" | "partner-user.duties-changed",
  { before: readonly HeldDuty[]; duties: readonly HeldDuty[] }
>;

/** The person as far as duties are concerned. */
export interface HolderState {
  readonly holder: DutyHolder;
  readonly isActive: boolean;
  /** Of a partner user. */
  readonly partnerId: Scope["partnerId"];
  readonly duties: readonly HeldDuty[];
  /** As it was read; the repository alone looks into it. */
  readonly membership: object;
}

/** A person's membership as it follows from a change of a roster. */
export interface HolderChange {
  /** The state it was decided on. */
  readonly state: HolderState;
  readonly duties: HeldDuty[];
  readonly event: DutiesEvent;
}

/** All of it is one write. */
export interface RosterChange {
  readonly next: Roster;
  readonly event: AssignmentEvent;
  readonly ended: readonly PastAssignment[];
  readonly holders: readonly HolderChange[];
}

type Manager = ActorWith<"assignment:manage">;

export const isSameHolder = (a: DutyHolder, b: DutyHolder): boolean =>
  a.kind === "member"
    ? b.kind === "member" && a.memberId === b.memberId
    : b.kind === "partner-user" && a.partnerUserId === b.partnerUserId;

const holderOf = (actor: MemberActor | PartnerActor): DutyHolder =>
  actor.kind === "member"
    ? { kind: "member", memberId: actor.memberId }
    : { kind: "partner-user", partnerUserId: actor.partnerUserId };

const heldAt = ({ partnerId, programId }: Scope, duty: AssignedDuty): HeldDuty => ({
  duty,
  partnerId,
  programId,
});
const isSameDuty = (a: HeldDuty, b: HeldDuty): boolean =>
  a.duty === b.duty && a.partnerId === b.partnerId && a.programId === b.programId;

const withDuties = (
  state: HolderState,
  duties: HeldDuty[],
  by: Manager,
  now: Date,
): HolderChange => ({
  state,
  duties,
  event: eventOf(`${state.holder.kind}.duties-changed`, by, now, {
    before: state.duties,
    duties,
  }),
});
const given = (state: HolderState, duty: HeldDuty, by: Manager, now: Date): HolderChange =>
  withDuties(state, [...state.duties, duty], by, now);
const taken = (state: HolderState, duty: HeldDuty, by: Manager, now: Date): HolderChange =>
  withDuties(
    state,
    state.duties.filter((held) => !isSameDuty(held, duty)),
    by,
    now,
  );

/** Why a duty stays with whom it is. */
export type MoveRefusal =
  | "assignment-not-grantable"
  | "assignment-for-oneself"
  | "assignments-full";

const mayAssign = (by: Manager, duty: AssignedDuty, holder: DutyHolder): boolean =>
  (by.kind === "member" || holder.kind === "partner-user") && holds(by, `${duty}:assign`);

/** Nobody assigns what they could not do, or have done, themselves. @throws DomainError assignment-not-grantable */
export function requireAssigner(by: Manager, duty: AssignedDuty, holder: DutyHolder): void {
  if (!mayAssign(by, duty, holder)) {
    raise("assignment-not-grantable", `You may not assign ${duty} to a ${holder.kind}`);
  }
}

/** @throws DomainError assignment-holder-unknown */
function requireHolder(state: HolderState | undefined, scope: Scope): HolderState {
  const isHere =
    state?.isActive === true &&
    (state.holder.kind === "member" || state.partnerId === scope.partnerId);
  if (isHere) return state;
  const detail = "is no active member of the tenant, and no active user of this partner";
  raise("assignment-holder-unknown", undefined, [{ pointer: "/holder", detail }]);
}

/**
 * @param limits how many may have the duty here, and how many duties one person may have
 * @throws DomainError assignment-not-grantable | member-is-yourself | assignment-holder-unknown |
 *   assignment-wrong-side | assignment-exists | assignments-full
 */
export function assign(
  roster: Roster | undefined,
  { scope, assignmentId, input }: { scope: Scope; assignmentId: AssignmentId; input: Assign },
  state: HolderState | undefined,
  limits: { readonly ofDuty: number; readonly ofPerson: number },
  by: Manager,
  now: Date,
): RosterChange {
  const { duty, holder } = input;
  requireAssigner(by, duty, holder);
  if (isSameHolder(holderOf(by), holder)) raise("member-is-yourself");
  const isMembersOnly = duty === "moderator" || scope.partnerId === null;
  if (isMembersOnly && holder.kind === "partner-user") raise("assignment-wrong-side");
  const known = requireHolder(state, scope);
  const current = roster?.current ?? [];
  const same = current.filter((one) => one.duty === duty);
  if (same.some((one) => isSameHolder(one.holder, holder))) raise("assignment-exists");
  if (same.length >= limits.ofDuty || known.duties.length >= limits.ofPerson) {
    raise("assignments-full");
  }
  const at = now.toISOString();
  const assignment = { assignmentId, duty, holder, since: at, assignedBy: refOf(by) };
  return {
    next: {
      ...scope,
      current: [...current, assignment],
      updatedAt: at,
      version: (roster?.version ?? 0) + 1,
    },
    event: eventOf("assignment.given", by, now, { assignments: [{ assignmentId, duty, holder }] }),
    ended: [],
    holders: [given(known, heldAt(scope, duty), by, now)],
  };
}

const past = (assignment: Assignment, endedBy: ActorRef, now: Date): PastAssignment => ({
  ...assignment,
  until: now.toISOString(),
  endedBy,
});

function without(
  roster: Roster,
  ended: readonly Assignment[],
  by: Manager | ActorRef,
  now: Date,
): Omit<RosterChange, "holders"> {
  return {
    next: {
      ...roster,
      current: roster.current.filter((one) => !ended.includes(one)),
      updatedAt: now.toISOString(),
      version: roster.version + 1,
    },
    event: eventOf("assignment.ended", by, now, {
      assignments: ended.map(({ assignmentId, duty, holder }) => ({ assignmentId, duty, holder })),
    }),
    ended: ended.map((one) => past(one, refOf(by), now)),
  };
}

/** @throws DomainError assignment-not-grantable */
export function endAssignment(
  roster: Roster,
  assignment: Assignment,
  state: HolderState,
  by: Manager,
  now: Date,
): RosterChange {
  requireAssigner(by, assignment.duty, assignment.holder);
  return {
    ...without(roster, [assignment], by, now),
    holders: [taken(state, heldAt(roster, assignment.duty), by, now)],
  };
}

/** What ends with a membership, in each place where its holder has a duty. */
export const withoutHolder = (
  rosters: readonly Roster[],
  holder: DutyHolder,
  by: Manager | ActorRef,
  now: Date,
): RosterChange[] =>
  rosters.map((roster) => {
    const theirs = roster.current.filter((one) => isSameHolder(one.holder, holder));
    return { ...without(roster, theirs, by, now), holders: [] };
  });

/**
 * The duty ends for one and begins for another at the same instant, so that it is never without holder.
 * Who has it already keeps it as it is.
 */
export function moveAssignment(
  roster: Roster,
  { assignment, assignmentId }: { assignment: Assignment; assignmentId: AssignmentId },
  { from, to }: { readonly from: HolderState; readonly to: HolderState },
  by: Manager,
  now: Date,
): RosterChange | MoveRefusal {
  const { duty } = assignment;
  if (!mayAssign(by, duty, to.holder)) return "assignment-not-grantable";
  if (isSameHolder(holderOf(by), to.holder)) return "assignment-for-oneself";
  if (to.duties.length >= MOST_OF_A_PERSON) return "assignments-full";
  const held = heldAt(roster, duty);
  const ending = without(roster, [assignment], by, now);
  const hasIt = roster.current.some(
    (one) => one.duty === duty && isSameHolder(one.holder, to.holder),
  );
  if (hasIt) return { ...ending, holders: [taken(from, held, by, now)] };
  const { holder } = to;
  const next = { assignmentId, duty, holder, since: now.toISOString(), assignedBy: refOf(by) };
  return {
    ...ending,
    next: { ...ending.next, current: [...ending.next.current, next] },
    holders: [taken(from, held, by, now), given(to, held, by, now)],
  };
}

/** The people of one side who have the duty, first who has it longest, each once. */
export function holdersOf(
  rosters: readonly Roster[],
  duty: AssignedDuty,
  kind: DutyHolder["kind"],
): readonly DutyHolder[] {
  return rosters
    .flatMap(({ current }) => current)
    .filter((one) => one.duty === duty && one.holder.kind === kind)
    .sort((a, b) => a.since.localeCompare(b.since))
    .map(({ holder }) => holder)
    .filter((one, at, all) => all.findIndex((other) => isSameHolder(one, other)) === at);
}

export const membersWith = (rosters: readonly Roster[], duty: AssignedDuty): readonly MemberId[] =>
  holdersOf(rosters, duty, "member").flatMap((holder) =>
    holder.kind === "member" ? [holder.memberId] : [],
  );
