import { type ActorWith, type MemberActor, refOf } from "../actor/index.ts";
import type { Cycle } from "../cycle/index.ts";
import { raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { CycleId, MemberId } from "../id/index.ts";
import { dividedBy, exactly, fraction, minus, rounded, sum } from "../metric/index.ts";
import type { ProgramDefinition } from "../program/index.ts";
import { type CardTerms, type FrozenCard, termsOf } from "../scorecard/index.ts";
import {
  type AdjustScore,
  type CalibratedCard,
  type Calibration,
  type CalibrationGroups,
  SMALLEST_GROUP,
  type Statistics,
} from "./schema.ts";

export type CalibrationEvent = DomainEvent<
  "calibration.opened" | "calibration.reopened" | "calibration.closed",
  { readonly cycleId: CycleId }
>;

interface Change {
  readonly next: Calibration;
  readonly event: CalibrationEvent;
}

/**
 * Opens the calibration of a cycle whose cards are frozen, or opens it again.
 * @throws DomainError calibration-too-early | calibration-open
 */
export function open(
  { cycleId, status }: Cycle,
  current: Calibration | undefined,
  by: ActorWith<"calibration:conduct">,
  now: Date,
): Change {
  if (status !== "frozen" && status !== "closed") raise("calibration-too-early");
  if (current?.status === "open") raise("calibration-open");
  const at = now.toISOString();
  const type = current ? ("calibration.reopened" as const) : ("calibration.opened" as const);
  const version = (current?.version ?? 0) + 1;
  return {
    next: {
      ...{ cycleId, version, status: "open" },
      ...{ openedBy: refOf(by), openedAt: at, updatedAt: at },
    },
    event: eventOf(type, by, now, { cycleId }),
  };
}

/** @throws DomainError calibration-closed */
export const requireOpen = (calibration: Calibration): Calibration =>
  calibration.status === "open" ? calibration : raise("calibration-closed");

/** @throws DomainError calibration-closed */
export function close(
  calibration: Calibration,
  by: ActorWith<"calibration:conduct">,
  now: Date,
): Change {
  const { cycleId, openedBy, openedAt, version } = requireOpen(calibration);
  const at = now.toISOString();
  return {
    next: {
      ...{ cycleId, openedBy, openedAt, version: version + 1, status: "closed" },
      ...{ closedBy: refOf(by), closedAt: at, updatedAt: at },
    },
    event: eventOf("calibration.closed", by, now, { cycleId }),
  };
}

/**
 * What a card is computed from once its score is adjusted, or no longer.
 * @throws DomainError calibration-own-partner | calibration-beyond-bound | calibration-not-rated | scorecard-unchanged
 */
export function termsAfter(
  card: FrozenCard,
  {
    definition,
    partnerManagerId,
  }: {
    readonly definition: ProgramDefinition;
    readonly partnerManagerId: MemberId | null;
  },
  { points, reason }: AdjustScore,
  by: MemberActor,
  now: Date,
): CardTerms {
  if (partnerManagerId === by.memberId) raise("calibration-own-partner");
  const { adjustment, ...rest } = termsOf(card);
  if (points === null) return adjustment ? rest : raise("scorecard-unchanged");
  const bound = definition.decisionRights.calibrationPoints;
  if (points === 0 || Math.abs(points) > bound) {
    const detail = bound === 0 ? "the program has none" : `between -${bound} and ${bound}, not 0`;
    raise("calibration-beyond-bound", undefined, [{ pointer: "/points", detail }]);
  }
  if (card.rating.status !== "rated") raise("calibration-not-rated");
  return { ...rest, adjustment: { points, reason, by: refOf(by), at: now.toISOString() } };
}

function meanAndSpread(scores: readonly number[]): { mean: number | null; spread: number | null } {
  if (scores.length < SMALLEST_GROUP) return { mean: null, spread: null };
  const mean = rounded(dividedBy(sum(scores.map(exactly)), fraction(scores.length)));
  const variance = scores.reduce((total, one) => total + (one - mean) ** 2, 0) / scores.length;
  return { mean, spread: Number(Math.sqrt(variance).toFixed(4)) };
}

function statisticsOf(cards: readonly CalibratedCard[], cycleMean: number | null): Statistics {
  const rated = cards.flatMap(({ rating, score, unadjusted }) =>
    rating.status === "rated" && score !== null
      ? [{ now: score, before: unadjusted?.score ?? score }]
      : [],
  );
  const { mean, spread } = meanAndSpread(rated.map(({ before }) => before));
  const after = meanAndSpread(rated.map(({ now }) => now));
  return {
    ...{ cards: cards.length, rated: rated.length, mean, spread },
    ...{ adjustedMean: after.mean, adjustedSpread: after.spread },
    aboveCycle:
      mean === null || cycleMean === null
        ? null
        : rounded(minus(exactly(mean), exactly(cycleMean))),
  };
}

/** How the groups of these cards score. Pure. */
export function groupsOf(cards: readonly CalibratedCard[]): CalibrationGroups {
  const whole = statisticsOf(cards, null);
  const cycle = { ...whole, aboveCycle: whole.mean === null ? null : 0 };
  const by = <K extends string | null>(keyOf: (card: CalibratedCard) => K) =>
    [...Map.groupBy(cards, keyOf)]
      .toSorted(([a], [b]) => ((a ?? "") < (b ?? "") ? -1 : 1))
      .map(([key, some]) => ({ key, of: statisticsOf(some, whole.mean) }));
  return {
    cycle,
    regions: by(({ region }) => region).map(({ key, of }) => ({ region: key, ...of })),
    managers: by(({ partnerManagerId }) => partnerManagerId).map(({ key, of }) => ({
      partnerManagerId: key,
      ...of,
    })),
  };
}
