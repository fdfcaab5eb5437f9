import { type ActorWith, refOf } from "../actor/index.ts";
import { addDays, dateAt, instantAt } from "../calendar/index.ts";
import { raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { DisputeId } from "../id/index.ts";
import { compare, exactly, knownMeasure, unitDecimals } from "../metric/index.ts";
import type { PublishedProgram } from "../program/index.ts";
import {
  type Card,
  type CardOverride,
  type CardTerms,
  type FrozenCard,
  hasSameInputs,
  measureOverride,
  termsOf,
  withOverride,
  withoutOverride,
} from "../scorecard/index.ts";
import type { Timer } from "../timer/index.ts";
import type {
  ClosedDispute,
  DecideDispute,
  Dispute,
  DisputedSubject,
  DisputeSubject,
  FileDispute,
  OpenDispute,
  Remedy,
} from "./schema.ts";

/** What every entry of a dispute in the trail tells, so that it is found again. */
type Told = Pick<Dispute, "cycleId" | "partnerId" | "about" | "metricId">;

export type DisputeEvent =
  | DomainEvent<"dispute.filed", Told & { readonly scorecardRevision: number }>
  | DomainEvent<"dispute.reminded" | "dispute.overdue", Told & { readonly dueOn: string }>
  | DomainEvent<"dispute.withdrawn" | "dispute.rejected", Told & { readonly days: number }>
  | DomainEvent<
      "dispute.upheld",
      Told & {
        readonly days: number;
        readonly remedy: Remedy["kind"];
        readonly resultingRevision: number;
      }
    >;

const told = ({ cycleId, partnerId, about, metricId }: Told): Told => ({
  ...{ cycleId, partnerId, about, metricId },
});

interface Zone {
  readonly timeZone: string;
}
/** What happens by the clock happens at this local time. */
const MORNING = "06:00";

/** The last calendar day, in the tenant's time zone, on which a revision of a card can be disputed. */
export const appealEndsOn = (
  { frozenAt }: Pick<FrozenCard, "frozenAt">,
  { definition }: Pick<PublishedProgram, "definition">,
  zone: Zone,
): string => addDays(dateAt(new Date(frozenAt), zone), definition.windows.appealWindowDays);

/** @throws DomainError dispute-subject-unknown */
export function subjectOf(card: Card, { about, metricId }: DisputeSubject) {
  if (metricId === null) return undefined;
  const metric = card.metrics.find((one) => one.metricId === metricId);
  if (!metric || (about === "consequence" && !metric.isRedFlag)) {
    const detail = metric ? "has no red flag" : "is no metric of the scorecard";
    raise("dispute-subject-unknown", undefined, [{ pointer: "/metricId", detail }]);
  }
  return metric;
}

/** @throws DomainError dispute-exists | dispute-settled */
export function requireDisputable(
  subject: DisputedSubject | undefined,
  { revision }: FrozenCard,
): void {
  if (subject?.isOpen) raise("dispute-exists");
  if (subject && subject.settledRevision >= revision) raise("dispute-settled");
}

/** @throws DomainError dispute-window-closed | dispute-subject-unknown */
export function file(
  {
    card,
    program,
    partnerName,
  }: {
    readonly card: FrozenCard;
    readonly program: PublishedProgram;
    readonly partnerName: string;
  },
  disputeId: DisputeId,
  input: FileDispute,
  by: ActorWith<"dispute:file">,
  now: Date,
  zone: Zone,
): { next: OpenDispute; event: DisputeEvent } {
  const endsOn = appealEndsOn(card, program, zone);
  const today = dateAt(now, zone);
  if (today > endsOn) raise("dispute-window-closed", `It could be disputed until ${endsOn}`);
  const metric = subjectOf(card, input);
  const { disputeDays, reminderDays } = program.definition.decisionRights;
  const dueOn = addDays(today, disputeDays);
  const at = now.toISOString();
  const morning = (on: string): string => instantAt(on, MORNING, zone).toISOString();
  const next: OpenDispute = {
    disputeId,
    cycleId: card.cycleId,
    partnerId: card.partnerId,
    partnerName,
    programId: card.programId,
    period: card.period,
    ...input,
    metricName: metric?.name ?? null,
    status: "open",
    filedBy: refOf(by),
    filedAt: at,
    dueOn,
    remindAt: reminderDays < disputeDays ? morning(addDays(today, reminderDays)) : null,
    remindedAt: null,
    overdueFrom: morning(addDays(dueOn, 1)),
    isOverdue: false,
    updatedAt: at,
    version: 1,
  };
  const { scorecardRevision } = input;
  return { next, event: eventOf("dispute.filed", by, now, { ...told(next), scorecardRevision }) };
}

/** @throws DomainError dispute-closed */
export const requireOpen = (dispute: Dispute): OpenDispute =>
  dispute.status === "open" ? dispute : raise("dispute-closed");

const DAY_MS = 86_400_000;

function closing(dispute: Dispute, by: Parameters<typeof refOf>[0], now: Date) {
  const open = requireOpen(dispute);
  const at = now.toISOString();
  const days = Math.floor((now.getTime() - Date.parse(open.filedAt)) / DAY_MS);
  const next = { ...open, closedBy: refOf(by), closedAt: at, updatedAt: at };
  return { next: { ...next, version: open.version + 1 }, data: { ...told(open), days } };
}

export interface Closing {
  readonly next: ClosedDispute;
  readonly event: DisputeEvent;
}

/** @throws DomainError dispute-closed */
export function withdraw(dispute: Dispute, by: ActorWith<"dispute:file">, now: Date): Closing {
  const { next, data } = closing(dispute, by, now);
  return {
    next: { ...next, status: "withdrawn" },
    event: eventOf("dispute.withdrawn", by, now, data),
  };
}

/** @throws DomainError dispute-closed */
export function reject(
  dispute: Dispute,
  { answer }: DecideDispute,
  by: ActorWith<"dispute:decide">,
  now: Date,
): Closing {
  const { next, data } = closing(dispute, by, now);
  return {
    next: { ...next, status: "rejected", answer },
    event: eventOf("dispute.rejected", by, now, data),
  };
}

/** @throws DomainError dispute-closed */
export function uphold(
  dispute: Dispute,
  { answer, remedy }: Extract<DecideDispute, { outcome: "upheld" }>,
  resultingRevision: number,
  by: ActorWith<"dispute:decide">,
  now: Date,
): Closing {
  const { next, data } = closing(dispute, by, now);
  return {
    next: { ...next, status: "upheld", answer, remedy, resultingRevision },
    event: eventOf("dispute.upheld", by, now, { ...data, remedy: remedy.kind, resultingRevision }),
  };
}

/** @throws DomainError dispute-remedy-unfit */
function requireValueOf(card: Card, metricId: string, value: string): void {
  const unfit = (detail: string) =>
    raise("dispute-remedy-unfit", undefined, [{ pointer: "/remedy/value", detail }]);
  const metric = card.metrics.find((one) => one.metricId === metricId);
  const { formulaMeasures = [], figureMeasures = [], indicators } = card;
  const known =
    (metric && knownMeasure(metric.measure, { formulaMeasures, figureMeasures, indicators })) ??
    unfit("is of a metric that the scorecard no longer has");
  if (metric?.scale.kind === "formula") {
    unfit("has no effect: the metric is scored by a formula over other measures");
  }
  const decimals = known.isWhole ? unitDecimals(known.unit, card.currency) : 4;
  if ((value.split(".")[1] ?? "").length > decimals) unfit(`has more than ${decimals} decimals`);
  const { min, max } = known.range;
  const exact = exactly(value);
  if (min !== null && compare(exact, exactly(min)) < 0) unfit(`is less than ${min}`);
  if (max !== null && compare(exact, exactly(max)) > 0) unfit(`is more than ${max}`);
}

/**
 * What the card is computed from once a dispute is upheld. Of the facts as they are now nothing is
 * overridden any more that this metric was measured with.
 * @throws DomainError dispute-remedy-unfit
 */
export function termsAfter(
  card: FrozenCard,
  { about, metricId, disputeId }: Pick<Dispute, "about" | "metricId" | "disputeId">,
  remedy: Remedy,
): { readonly terms: CardTerms; readonly from: "facts-now" | "frozen-facts" } {
  const { overrides, ...rest } = termsOf(card);
  const having = (some: CardOverride[]): CardTerms =>
    some.length > 0 ? { ...rest, overrides: some } : rest;
  if (about === "consequence" || metricId === null) {
    if (remedy.kind !== "waived") raise("dispute-remedy-unfit", "A consequence is waived or not");
    const waiver = { kind: "consequence-waived", metricId, disputeId } as const;
    return { terms: having(withOverride(overrides, waiver)), from: "frozen-facts" };
  }
  switch (remedy.kind) {
    case "waived":
      return raise("dispute-remedy-unfit", "A score is recalculated, left out or set");
    case "recalculated": {
      const left = withoutOverride(overrides, { kind: "excluded", metricId });
      return { terms: having(left), from: "facts-now" };
    }
    case "excluded": {
      const override = { kind: "excluded", metricId, disputeId } as const;
      return { terms: having(withOverride(overrides, override)), from: "frozen-facts" };
    }
    case "value": {
      requireValueOf(card, metricId, remedy.value);
      const override = { kind: "value", metricId, disputeId, value: remedy.value } as const;
      return { terms: having(withOverride(overrides, override)), from: "frozen-facts" };
    }
  }
}

/** Whether a recalculation would give the card that is there. */
export const isUnchanged = (
  next: FrozenCard,
  current: FrozenCard,
  { metricId }: Pick<Dispute, "metricId">,
): boolean =>
  hasSameInputs(next, current) &&
  (metricId === null || measureOverride(current.overrides, metricId) === undefined);

/** What has become due of an open dispute: a reminder, or that nobody decided in time. */
export function track(
  dispute: Dispute,
  by: ActorWith<"dispute:track">,
  now: Date,
): { next: OpenDispute; event: DisputeEvent } | undefined {
  if (dispute.status !== "open" || dispute.isOverdue) return undefined;
  const at = now.toISOString();
  const next = { ...dispute, updatedAt: at, version: dispute.version + 1 };
  const data = { ...told(dispute), dueOn: dispute.dueOn };
  if (at >= dispute.overdueFrom) {
    return {
      next: { ...next, isOverdue: true },
      event: eventOf("dispute.overdue", by, now, data),
    };
  }
  const { remindAt, remindedAt } = dispute;
  if (remindAt === null || remindedAt !== null || at < remindAt) return undefined;
  return {
    next: { ...next, remindedAt: at },
    event: eventOf("dispute.reminded", by, now, data),
  };
}

/** The subject of a timer of a dispute. */
const SEPARATOR = ".";
export const timerSubjectOf = ({
  cycleId,
  partnerId,
  disputeId,
}: Pick<Dispute, "cycleId" | "partnerId" | "disputeId">): string =>
  [cycleId, partnerId, disputeId].join(SEPARATOR);

/** When an open dispute is to be looked at next; undefined where nothing more happens by the clock. */
export function nextTimer(dispute: Dispute): Timer | undefined {
  if (dispute.status !== "open" || dispute.isOverdue) return undefined;
  const { remindAt, remindedAt, overdueFrom } = dispute;
  const dueAt = remindAt !== null && remindedAt === null ? remindAt : overdueFrom;
  return { kind: "dispute", subject: timerSubjectOf(dispute), dueAt };
}
