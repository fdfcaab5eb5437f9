import { type Actor, type ActorWith, holds, refOf, type Side, sideOf } from "../actor/index.ts";
import type { CalendarDate } from "../calendar/index.ts";
import { type ErrorPlace, raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { GoalId, MemberId, MilestoneId, PartnerId, PartnerUserId } from "../id/index.ts";
import { dividedBy, fraction, rounded } from "../metric/index.ts";
import type {
  CloseGoal,
  Goal,
  GoalNote,
  GoalProgress,
  GoalProposal,
  GoalTerms,
  ProposeGoal,
  ShownGoal,
  WriteGoalNote,
} from "./schema.ts";

/** Texts stay in the goal and its notes, which have a class of their own. */
export type GoalEvent =
  | DomainEvent<"goal.proposed", { readonly number: number }>
  | DomainEvent<
      "goal.agreed",
      { readonly number: number; readonly side: Side; readonly isAgreed: boolean }
    >
  | DomainEvent<"goal.declined", { readonly number: number }>
  | DomainEvent<
      "goal.milestone-moved",
      { readonly milestoneId: MilestoneId; readonly doneOn: CalendarDate | null }
    >
  | DomainEvent<"goal.noted", { readonly value: number | null }>
  | DomainEvent<"goal.owner-changed", { readonly side: Side; readonly owner: string }>
  | DomainEvent<"goal.closed", { readonly outcome: CloseGoal["outcome"] }>;

export interface GoalChange {
  readonly next: Goal;
  readonly event: GoalEvent;
}

/** In force, or before the first agreement as proposed last. */
export const termsOf = ({ agreed, proposal }: Pick<Goal, "agreed" | "proposal">): GoalTerms => {
  const terms = agreed ?? proposal?.terms;
  if (!terms) throw new Error("a goal has terms");
  return terms;
};

/** What is wrong with terms by themselves. @throws DomainError goal-invalid */
export function requireSound({ startOn, dueOn, milestones }: ProposeGoal): void {
  const faults: ErrorPlace[] = [];
  if (dueOn < startOn) faults.push({ pointer: "/dueOn", detail: `must not be before ${startOn}` });
  const ids = milestones.map(({ milestoneId }) => milestoneId);
  milestones.forEach((milestone, index) => {
    const at = `/milestones/${index}`;
    const isWithin = milestone.dueOn >= startOn && milestone.dueOn <= dueOn;
    if (!isWithin) {
      faults.push({ pointer: `${at}/dueOn`, detail: `must be from ${startOn} to ${dueOn}` });
    }
    if (milestone.milestoneId && ids.indexOf(milestone.milestoneId) < index) {
      faults.push({ pointer: `${at}/milestoneId`, detail: "repeats another one" });
    }
  });
  if (faults.length > 0) raise("goal-invalid", undefined, faults);
}

/** @throws DomainError goal-invalid where it names a milestone that the goal never had */
function withIds(
  input: ProposeGoal,
  goal: Pick<Goal, "agreed" | "proposal"> | undefined,
  mint: () => MilestoneId,
): GoalTerms {
  const known = [goal?.agreed, goal?.proposal?.terms].flatMap((terms) => terms?.milestones ?? []);
  const milestones = input.milestones.map(({ milestoneId, ...milestone }, index) => {
    if (milestoneId && !known.some((one) => one.milestoneId === milestoneId)) {
      const pointer = `/milestones/${index}/milestoneId`;
      raise("goal-invalid", undefined, [{ pointer, detail: "is no milestone of this goal" }]);
    }
    return { ...milestone, milestoneId: milestoneId ?? mint() };
  });
  return { ...input, milestones };
}

/** Whoever may agree agrees with what they propose. */
function proposalOf(
  number: number,
  terms: GoalTerms,
  by: ActorWith<"goal:propose">,
  at: string,
): GoalProposal {
  const own = holds(by, "goal:agree") ? { by: refOf(by), at } : null;
  return {
    ...{ number, terms, proposedBy: refOf(by), proposedAt: at, vendor: null, partner: null },
    [sideOf(by)]: own,
  };
}

export function propose(
  key: { readonly goalId: GoalId; readonly partnerId: PartnerId },
  input: ProposeGoal,
  mint: () => MilestoneId,
  by: ActorWith<"goal:propose">,
  now: Date,
): GoalChange {
  requireSound(input);
  const at = now.toISOString();
  return {
    next: {
      ...key,
      status: "proposed",
      agreed: null,
      proposal: proposalOf(1, withIds(input, undefined, mint), by, at),
      ...{ done: [], value: null, closed: null },
      ...{ createdBy: refOf(by), createdAt: at, updatedAt: at, version: 1 },
    },
    event: eventOf("goal.proposed", by, now, { number: 1 }),
  };
}

const isEnded = ({ status }: Goal): boolean => status !== "proposed" && status !== "open";

const following = (goal: Goal, changes: Partial<Goal>, now: Date): Goal => ({
  ...goal,
  ...changes,
  updatedAt: now.toISOString(),
  version: goal.version + 1,
});

/** Other terms: both sides are asked again, and until then what was agreed stays. @throws DomainError goal-not-open | goal-invalid */
export function proposeAgain(
  goal: Goal,
  input: ProposeGoal,
  mint: () => MilestoneId,
  by: ActorWith<"goal:propose">,
  now: Date,
): GoalChange {
  if (isEnded(goal)) raise("goal-not-open");
  requireSound(input);
  const number = 1 + (goal.proposal?.number ?? goal.version);
  const terms = withIds(input, goal, mint);
  const proposal = proposalOf(number, terms, by, now.toISOString());
  return {
    next: following(goal, { proposal }, now),
    event: eventOf("goal.proposed", by, now, { number }),
  };
}

/** For the side of whoever agrees; with the second side it is in force. @throws DomainError goal-nothing-proposed | goal-agreed-already */
export function agree(goal: Goal, by: ActorWith<"goal:agree">, now: Date): GoalChange {
  const { proposal } = goal;
  if (!proposal || isEnded(goal)) raise("goal-nothing-proposed");
  const side = sideOf(by);
  if (proposal[side]) raise("goal-agreed-already");
  const { number, terms } = proposal;
  const given = { ...proposal, [side]: { by: refOf(by), at: now.toISOString() } };
  const isAgreed = given.vendor !== null && given.partner !== null;
  const event = eventOf("goal.agreed", by, now, { number, side, isAgreed });
  if (!isAgreed) return { next: following(goal, { proposal: given }, now), event };
  const done = goal.done.filter(({ milestoneId }) =>
    terms.milestones.some((one) => one.milestoneId === milestoneId),
  );
  const changes = { status: "open" as const, agreed: terms, proposal: null, done };
  return { next: following(goal, changes, now), event };
}

/** What was proposed goes; a goal that was never agreed goes with it. @throws DomainError goal-nothing-proposed */
export function decline(
  goal: Goal,
  reason: string,
  by: ActorWith<"goal:propose">,
  now: Date,
): GoalChange {
  const { proposal } = goal;
  if (!proposal || isEnded(goal)) raise("goal-nothing-proposed");
  const event = eventOf("goal.declined", by, now, { number: proposal.number });
  if (goal.agreed) return { next: following(goal, { proposal: null }, now), event };
  const closed = { at: now.toISOString(), by: refOf(by), reason };
  return { next: following(goal, { status: "dropped", closed }, now), event };
}

const owns = (by: Actor, { owners }: GoalTerms): boolean =>
  (by.kind === "member" && owners.vendor === by.memberId) ||
  (by.kind === "partner-user" && owners.partner === by.partnerUserId);

/** Its owner of that side, or whoever manages goals there. @throws DomainError goal-of-others */
export function requireOwn(
  goal: Goal,
  by: Actor,
  { partnerManagerId }: { readonly partnerManagerId: MemberId | null },
): void {
  const isManager =
    holds(by, "goal:manage") || (by.kind === "member" && by.memberId === partnerManagerId);
  if (!isManager && !owns(by, termsOf(goal))) raise("goal-of-others");
}

const requireOpen = (goal: Goal): GoalTerms =>
  (goal.status === "open" ? goal.agreed : null) ?? raise("goal-not-open");

/** Each side moves its own. @throws DomainError goal-not-open | goal-milestone-not-found | goal-of-others | goal-invalid */
export function moveMilestone(
  goal: Goal,
  {
    milestoneId,
    doneOn,
  }: { readonly milestoneId: MilestoneId; readonly doneOn: CalendarDate | null },
  by: Actor,
  today: CalendarDate,
  now: Date,
): GoalChange {
  const { milestones } = requireOpen(goal);
  const milestone = milestones.find((one) => one.milestoneId === milestoneId);
  if (!milestone) raise("goal-milestone-not-found");
  if (milestone.side !== sideOf(by)) raise("goal-of-others");
  if (doneOn !== null && doneOn > today) {
    const detail = `must not be after ${today}`;
    raise("goal-invalid", undefined, [{ pointer: "/doneOn", detail }]);
  }
  const others = goal.done.filter((one) => one.milestoneId !== milestoneId);
  const done = doneOn === null ? others : [...others, { milestoneId, doneOn, by: refOf(by) }];
  return {
    next: following(goal, { done }, now),
    event: eventOf("goal.milestone-moved", by, now, { milestoneId, doneOn }),
  };
}

/** @throws DomainError goal-not-open */
export function note(
  goal: Goal,
  { text, value }: WriteGoalNote,
  by: Actor,
  now: Date,
): GoalChange & { readonly note: GoalNote } {
  requireOpen(goal);
  const next = following(goal, { value: value ?? goal.value }, now);
  const { goalId, partnerId, version, updatedAt: at } = next;
  return {
    next,
    event: eventOf("goal.noted", by, now, { value }),
    note: { goalId, partnerId, version, side: sideOf(by), text, value, by: refOf(by), at },
  };
}

/** @throws DomainError goal-not-open | goal-milestones-open | goal-not-overdue */
export function close(
  goal: Goal,
  { outcome, reason }: CloseGoal,
  by: Actor,
  today: CalendarDate,
  now: Date,
): GoalChange {
  const { dueOn, milestones } = requireOpen(goal);
  const isAllDone = milestones.every(({ milestoneId }) =>
    goal.done.some((one) => one.milestoneId === milestoneId),
  );
  if (outcome === "achieved" && !isAllDone) raise("goal-milestones-open");
  if (outcome === "missed" && today <= dueOn) raise("goal-not-overdue");
  const closed = { at: now.toISOString(), by: refOf(by), reason };
  return {
    next: following(goal, { status: outcome, proposal: null, closed }, now),
    event: eventOf("goal.closed", by, now, { outcome }),
  };
}

/** Another owner on one side, as duties are handed over; the other side is not asked. */
export function withOwner(
  goal: Goal,
  owner: { readonly vendor: MemberId } | { readonly partner: PartnerUserId },
  by: Actor,
  now: Date,
): GoalChange {
  const moved = <T extends GoalTerms>(terms: T): T => ({
    ...terms,
    owners: { ...terms.owners, ...owner },
  });
  const { agreed, proposal } = goal;
  const changes = {
    agreed: agreed && moved(agreed),
    proposal: proposal && { ...proposal, terms: moved(proposal.terms) },
  };
  const [side, id] =
    "vendor" in owner ? (["vendor", owner.vendor] as const) : (["partner", owner.partner] as const);
  return {
    next: following(goal, changes, now),
    event: eventOf("goal.owner-changed", by, now, { side, owner: id }),
  };
}

export function progressOf(goal: Goal, today: CalendarDate): GoalProgress {
  const { dueOn, milestones } = termsOf(goal);
  const isDone = (id: MilestoneId) => goal.done.some(({ milestoneId }) => milestoneId === id);
  const done = milestones.filter(({ milestoneId }) => isDone(milestoneId));
  const weightOf = (some: GoalTerms["milestones"]) =>
    some.reduce((total, { weight }) => total + weight, 0);
  const all = weightOf(milestones);
  const isOpen = goal.status === "open";
  return {
    today,
    donePercent:
      all === 0 ? null : rounded(dividedBy(fraction(100 * weightOf(done)), fraction(all))),
    done: done.length,
    milestones: milestones.length,
    isOverdue: isOpen && dueOn < today,
    overdue: isOpen
      ? milestones
          .filter((one) => one.dueOn < today && !isDone(one.milestoneId))
          .map(({ milestoneId }) => milestoneId)
      : [],
  };
}

export const shownOn = (goal: Goal, today: CalendarDate): ShownGoal => ({
  ...goal,
  progress: progressOf(goal, today),
});
