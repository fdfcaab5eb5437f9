import {
  type Actor,
  type ActorRef,
  type ActorWith,
  refOf,
  type Side,
  sideOf,
} from "../actor/index.ts";
import { dateAt, type Month, monthOf } from "../calendar/index.ts";
import { raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { PartnerId, VoiceId } from "../id/index.ts";
import { type IndicatorId, measureOfIndicator } from "../metric/index.ts";
import type { MembershipId } from "../person/index.ts";
import type { ScoringRules } from "../program/index.ts";
import { type MonthRollup, withVoice } from "../rollup/index.ts";
import type { IndicatorRating, IndicatorTerms, RateIndicator, ShownRating } from "./schema.ts";

/** The evidence stays in the rating, which has classes of its own. */
export type RatingEvent = DomainEvent<
  "indicator-rating.made" | "indicator-rating.changed" | "indicator-rating.retracted",
  { readonly side: Side; readonly value: number | null }
>;

export interface RatingChange {
  readonly next: IndicatorRating;
  readonly event: RatingEvent;
}

export type Rater = ActorWith<"indicator-rating:put">;

/** More voices of one indicator and month would make a card too long to read. */
export const MOST_VOICES = 30;

/** Every indicator of some program, each as published last; by id. */
export function indicatorTerms({ versions }: Pick<ScoringRules, "versions">): IndicatorTerms[] {
  const terms = new Map<IndicatorId, IndicatorTerms>();
  const inOrder = versions.toSorted((a, b) => (a.publishedAt < b.publishedAt ? -1 : 1));
  for (const { programId, version, definition } of inOrder) {
    for (const indicator of definition.indicators) {
      const measure = measureOfIndicator(indicator.indicatorId);
      terms.set(indicator.indicatorId, {
        ...indicator,
        measure,
        programId,
        programVersion: version,
      });
    }
  }
  return [...terms.values()].sort((a, b) => (a.indicatorId < b.indicatorId ? -1 : 1));
}

export const membershipIdOf = (by: ActorRef | Rater): MembershipId | undefined => {
  if (by.kind === "member") return by.memberId;
  return by.kind === "partner-user" ? by.partnerUserId : undefined;
};

export const raterOf = (by: Rater): MembershipId =>
  by.kind === "member" ? by.memberId : by.partnerUserId;

/** How the trail names a rating. */
export const ratingIdOf = ({ partnerId, month, indicatorId, by }: IndicatorRating): string =>
  [partnerId, month, indicatorId, membershipIdOf(by)].join(".");

/** @throws DomainError indicator-side-not-asked | indicator-rating-invalid */
export function requireRatable(
  by: Rater,
  month: Month,
  { raters }: IndicatorTerms,
  { calendar }: Pick<ScoringRules, "calendar">,
  now: Date,
): void {
  if (!raters.includes(sideOf(by))) raise("indicator-side-not-asked");
  const current = monthOf(dateAt(now, calendar));
  if (month > current) {
    const detail = `must not be after ${current}, the month we are in`;
    raise("indicator-rating-invalid", undefined, [{ pointer: "/month", detail }]);
  }
}

/** The next version of a rating; undefined where it says the same already. */
export function rated(
  current: IndicatorRating | undefined,
  {
    input,
    voiceId,
    terms: { indicatorId, programId, programVersion },
    ...key
  }: {
    readonly partnerId: PartnerId;
    readonly month: Month;
    readonly terms: IndicatorTerms;
    readonly input: RateIndicator;
    /** Of the first version. */
    readonly voiceId: VoiceId;
  },
  by: Rater,
  now: Date,
): RatingChange | undefined {
  const { value, evidence } = input;
  const isSame = current?.status === "standing" && current.value === value;
  if (isSame && current.evidence === evidence) return undefined;
  const side = sideOf(by);
  const next: IndicatorRating = {
    voiceId: current?.voiceId ?? voiceId,
    ...key,
    indicatorId,
    side,
    by: refOf(by),
    programId,
    programVersion,
    status: "standing",
    value,
    evidence,
    changedAt: now.toISOString(),
    version: (current?.version ?? 0) + 1,
  };
  const type = current ? "indicator-rating.changed" : "indicator-rating.made";
  return { next, event: eventOf(type, by, now, { side, value }) };
}

/** Nothing of what was said stays but that something was. @throws DomainError indicator-rating-retracted */
export function retract(current: IndicatorRating, by: Rater, now: Date): RatingChange {
  if (current.status === "retracted") raise("indicator-rating-retracted");
  const { value: _, evidence: __, ...kept } = current;
  const version = current.version + 1;
  return {
    next: { ...kept, status: "retracted", changedAt: now.toISOString(), version },
    event: eventOf("indicator-rating.retracted", by, now, { side: current.side, value: null }),
  };
}

/**
 * The month that a rating counts in, one version on; undefined for a partner's own, which never counts.
 * @param stored as last read @throws DomainError indicator-voices-full
 */
export function monthAfter(
  { next }: RatingChange,
  stored: MonthRollup | undefined,
  now: Date,
): MonthRollup | undefined {
  const { by, voiceId, indicatorId, version: revision } = next;
  if (by.kind !== "member") return undefined;
  if (next.status === "retracted") return withVoice(next, stored, undefined, now);
  const others = Object.entries(stored?.voices ?? {}).filter(
    ([id, voice]) => id !== voiceId && voice.indicatorId === indicatorId,
  );
  if (others.length >= MOST_VOICES) raise("indicator-voices-full");
  const voice = { indicatorId, rater: by.memberId, value: next.value, revision };
  return withVoice(next, stored, voice, now);
}

/** A rating as the reader's side sees it. */
export function shownTo(
  reader: Actor,
  { by, ...rating }: IndicatorRating,
  terms: readonly IndicatorTerms[],
): ShownRating {
  const own =
    reader.kind === "member" || reader.kind === "partner-user" ? refOf(reader) : undefined;
  const isOwn = own !== undefined && membershipIdOf(own) === membershipIdOf(by);
  const isNamed = terms.find((one) => one.indicatorId === rating.indicatorId)?.namesRaters === true;
  const isHidden = reader.kind === "partner-user" && rating.side === "vendor" && !isNamed;
  return { ...rating, by: isHidden ? null : by, isOwn };
}
