import type { Calendar, Quarter } from "../calendar/index.ts";
import { periodSpan } from "../calendar/index.ts";
import type { Partner } from "../partner/index.ts";
import type { PublishedProgram } from "../program/index.ts";
import {
  type Card,
  compareCards,
  groundsOfMonths,
  type LiveNumbers,
  type MetricMove,
  scoreCard,
  segmentToday,
  targetTerms,
} from "../scorecard/index.ts";
import type { BackTestedPeriod } from "./schema.ts";

const ratingIdOf = ({ rating }: Card): string | null =>
  rating.status === "rated" ? rating.ratingId : null;

/** Bands below the top one, so that two versions with another number of bands can be compared. */
function belowTop(card: Card): number | undefined {
  const at = card.ratingBands.findIndex(({ ratingId }) => ratingId === ratingIdOf(card));
  return at === -1 ? undefined : card.ratingBands.length - 1 - at;
}

function ratingMove(before: Card, after: Card): BackTestedPeriod["rating"] {
  const [was, is] = [belowTop(before), belowTop(after)];
  if (was === undefined) return is === undefined ? "none" : "gained";
  if (is === undefined) return "lost";
  if (is === was) return "same";
  return is < was ? "up" : "down";
}

const sideOf = (card: Card) => ({
  score: card.score,
  ratingId: ratingIdOf(card),
  coveragePercent: card.coveragePercent,
});

const hasMoved = ({ fromMeasure, fromTarget, fromWeight, fromCoverage }: MetricMove): boolean =>
  [fromMeasure, fromTarget, fromWeight, fromCoverage].some((points) => points !== 0);

/**
 * The periods of one partner under both versions, from the same sums: what differs comes from the program
 * alone. Each version places the partner by what it is today. Pure.
 */
export function backTest({
  baseline,
  candidate,
  partner,
  periods,
  live: { months, targets },
  calendar,
}: {
  readonly baseline: PublishedProgram;
  readonly candidate: PublishedProgram;
  readonly partner: Pick<Partner, "partnerId" | "type" | "lifecycleStage">;
  readonly periods: readonly Quarter[];
  readonly live: LiveNumbers;
  readonly calendar: Calendar;
}): BackTestedPeriod[] {
  return periods.map((period) => {
    const span = periodSpan(period, calendar);
    const counted = groundsOfMonths(months, span);
    const under = (program: PublishedProgram): Card => {
      const segment = segmentToday(program.definition, partner);
      const grounds = { ...counted, ...segment, ...targetTerms(targets, program, period, segment) };
      return scoreCard({ program, partnerId: partner.partnerId, period, span, grounds });
    };
    const [before, after] = [under(baseline), under(candidate)];
    const { change, moves } = compareCards(after, before);
    return {
      period,
      baseline: sideOf(before),
      candidate: sideOf(after),
      change,
      rating: ratingMove(before, after),
      moves: moves.filter(hasMoved),
    };
  });
}
