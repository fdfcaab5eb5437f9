import {
  type ActionItemEvent,
  carryOver,
  createItem,
  type OpenActionItem,
} from "../action-item/index.ts";
import { type ActorWith, refOf } from "../actor/index.ts";
import { type ErrorPlace, raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import { ActionItemId, AgendaItemId, type MintId } from "../id/index.ts";
import {
  FOCUS_TITLES,
  type FocusTopic,
  type ReviewDepth,
  type SegmentPlace,
} from "../program/index.ts";
import { requireOpen } from "./review.ts";
import {
  type AddAgendaItem,
  AGENDA_LIMIT,
  type AgendaItem,
  type ClosedSession,
  type PlannedSession,
  type Review,
  type Session,
  type UpdateAgendaItem,
} from "./schema.ts";

export type SessionEvent = DomainEvent<
  "session.planned" | "session.agenda-changed" | "session.closed"
>;

type Conductor = ActorWith<"review:conduct">;

type ProposedItem = Pick<AgendaItem, "section" | "title" | "minutes">;

/** Time for the partner first, then the three pillars; how long each depth gives them. 0 leaves one out. */
const PILLARS: readonly (Omit<ProposedItem, "minutes"> & {
  readonly minutes: Readonly<Record<ReviewDepth, number>>;
})[] = [
  {
    section: "partner",
    title: "Wins, lessons and needs of the partner",
    minutes: { light: 10, standard: 15, "deep-dive": 20 },
  },
  {
    section: "pipeline-health",
    title: "Pipeline health",
    minutes: { light: 10, standard: 20, "deep-dive": 30 },
  },
  {
    section: "deal-quality",
    title: "Deal quality",
    minutes: { light: 0, standard: 20, "deep-dive": 30 },
  },
  {
    section: "engagement",
    title: "Engagement and enablement",
    minutes: { light: 0, standard: 15, "deep-dive": 20 },
  },
];

/** Under which heading each topic is talked about. */
const FOCUS_SECTIONS: Readonly<Record<FocusTopic, ProposedItem["section"]>> = {
  "market-entry": "pipeline-health",
  enablement: "engagement",
  "fast-feedback": "partner",
  optimisation: "deal-quality",
  governance: "partner",
  roadmap: "engagement",
};
const FOCUS_MINUTES: Readonly<Record<ReviewDepth, number>> = {
  light: 5,
  standard: 10,
  "deep-dive": 15,
};

/** What a session is proposed to talk about, as deep as the partner's segment wants it. */
export function proposedAgenda({
  depth,
  focus,
}: Pick<SegmentPlace, "depth" | "focus">): ProposedItem[] {
  const pillars = PILLARS.map(({ minutes, ...item }) => ({ ...item, minutes: minutes[depth] }));
  const topics = focus.map((topic) => ({
    section: FOCUS_SECTIONS[topic],
    title: FOCUS_TITLES[topic],
    minutes: FOCUS_MINUTES[depth],
  }));
  return [...pillars.filter(({ minutes }) => minutes > 0), ...topics];
}

const CARRIED_OVER_MINUTES = 5;

/** @param openItems the partner's unfinished commitments; they come before everything else */
export function planSession(
  review: Review,
  heldOn: string,
  openItems: readonly OpenActionItem[],
  mint: MintId,
  by: Conductor,
  now: Date,
): { next: PlannedSession; event: SessionEvent } {
  const { cycleId, partnerId } = requireOpen(review);
  const blank = { notes: "", action: null, carriesOver: null };
  const proposed = proposedAgenda(review.segment ?? { depth: "standard", focus: [] });
  const room = AGENDA_LIMIT - proposed.length;
  const carried: AgendaItem[] = openItems.slice(0, room).map((item) => ({
    agendaItemId: mint(AgendaItemId),
    section: "carried-over",
    title: item.text.slice(0, 300),
    minutes: CARRIED_OVER_MINUTES,
    notes: "",
    action: { text: item.text, owner: item.owner, dueOn: item.dueOn },
    carriesOver: item.actionItemId,
  }));
  const standard: AgendaItem[] = proposed.map((item) => ({
    agendaItemId: mint(AgendaItemId),
    ...item,
    ...blank,
  }));
  return {
    next: {
      cycleId,
      partnerId,
      heldOn,
      status: "planned",
      agenda: [...carried, ...standard],
      updatedAt: now.toISOString(),
      version: 1,
    },
    event: eventOf("session.planned", by, now, { heldOn, carriedOver: carried.length }),
  };
}

/** @throws DomainError session-closed */
const requirePlanned = (session: Session): PlannedSession =>
  session.status === "planned" ? session : raise("session-closed");

function withAgenda(
  session: Session,
  agenda: readonly AgendaItem[],
  by: Conductor,
  now: Date,
  data: unknown,
): { next: PlannedSession; event: SessionEvent } {
  const planned = requirePlanned(session);
  return {
    next: {
      ...planned,
      agenda: [...agenda],
      updatedAt: now.toISOString(),
      version: planned.version + 1,
    },
    event: eventOf("session.agenda-changed", by, now, data),
  };
}

export function addAgendaItem(
  session: Session,
  agendaItemId: AgendaItemId,
  input: AddAgendaItem,
  by: Conductor,
  now: Date,
): { next: PlannedSession; event: SessionEvent } {
  if (session.agenda.length >= AGENDA_LIMIT) raise("agenda-full");
  const item = { agendaItemId, ...input, notes: "", action: null, carriesOver: null };
  return withAgenda(session, [...session.agenda, item], by, now, { added: item });
}

export function updateAgendaItem(
  session: Session,
  agendaItemId: AgendaItemId,
  changes: UpdateAgendaItem,
  by: Conductor,
  now: Date,
): { next: PlannedSession; event: SessionEvent } {
  const current =
    session.agenda.find((item) => item.agendaItemId === agendaItemId) ??
    raise("agenda-item-not-found");
  const next: AgendaItem = {
    ...current,
    title: changes.title ?? current.title,
    minutes: changes.minutes ?? current.minutes,
    notes: changes.notes ?? current.notes,
    action: changes.action === undefined ? current.action : changes.action,
  };
  const agenda = session.agenda.map((item) => (item === current ? next : item));
  return withAgenda(session, agenda, by, now, { agendaItemId, ...changes });
}

/**
 * Closing turns every agenda item's action into an action item, or renews the one it carries over.
 * @param carried the action items that the agenda carries over, as they are now
 * @throws DomainError session-incomplete naming each item that lacks an owner or a date
 */
export function closeSession(
  session: Session,
  carried: readonly OpenActionItem[],
  mint: MintId,
  by: Conductor,
  now: Date,
): {
  next: ClosedSession;
  event: SessionEvent;
  items: { next: OpenActionItem; event: ActionItemEvent }[];
} {
  const planned = requirePlanned(session);
  const missing: ErrorPlace[] = planned.agenda.flatMap(({ action, title }, position) => [
    ...(action
      ? []
      : [{ pointer: `/agenda/${position}/action`, detail: `"${title}" has no action` }]),
    ...(action && !action.owner
      ? [{ pointer: `/agenda/${position}/action/owner`, detail: `"${title}" has no owner` }]
      : []),
    ...(action && !action.dueOn
      ? [{ pointer: `/agenda/${position}/action/dueOn`, detail: `"${title}" has no due date` }]
      : []),
  ]);
  if (missing.length > 0) raise("session-incomplete", undefined, missing);
  const { cycleId, partnerId } = planned;
  const items = planned.agenda.flatMap(({ action, carriesOver }) => {
    if (!action?.owner || !action.dueOn) return [];
    const agreed = { text: action.text, owner: action.owner, dueOn: action.dueOn };
    if (carriesOver === null) {
      const ids = { actionItemId: mint(ActionItemId), partnerId, cycleId };
      return [createItem(ids, agreed, by, now)];
    }
    // Done or cancelled since the session was planned: nothing is left to carry over.
    const item = carried.find(({ actionItemId }) => actionItemId === carriesOver);
    return item ? [carryOver(item, agreed, cycleId, by, now)] : [];
  });
  const at = now.toISOString();
  return {
    next: {
      ...planned,
      status: "closed",
      closedAt: at,
      closedBy: refOf(by),
      actionItemIds: items.map(({ next }) => next.actionItemId),
      updatedAt: at,
      version: planned.version + 1,
    },
    event: eventOf("session.closed", by, now, { actionItems: items.length }),
    items,
  };
}
