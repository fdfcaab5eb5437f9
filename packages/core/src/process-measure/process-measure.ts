import { type Calendar, dateAt, daysBetween } from "../calendar/index.ts";
import type { Dispute } from "../dispute/index.ts";
import { dividedBy, fraction, rounded } from "../metric/index.ts";
import type { Review } from "../review/index.ts";
import type { ProcessMeasures } from "./schema.ts";

/** Half away from zero, to 1 decimal. */
const oneDecimal = (numerator: number, denominator: number): number => {
  const tenths = rounded(
    dividedBy(fraction(BigInt(numerator * 10)), fraction(BigInt(denominator))),
  );
  return Math.round(tenths) / 10;
};

const percent = (part: number, whole: number): number | null =>
  whole === 0 ? null : oneDecimal(part * 100, whole);

const isSigned = (review: Review): boolean =>
  review.status === "closed"
    ? review.outcome !== "not-signed"
    : review.signatures.partner !== null && review.signatures.vendor !== null;

const hasReservation = ({ signatures: { partner, vendor } }: Review): boolean =>
  [partner, vendor].some((signature) => signature !== null && signature.reservation !== null);

/** Every review of a cycle. */
export function measureReviews(reviews: readonly Review[]): ProcessMeasures["reviews"] {
  const signed = reviews.filter(isSigned);
  return {
    opened: reviews.length,
    signed: signed.length,
    withReservation: signed.filter(hasReservation).length,
    notSigned: reviews.filter((one) => one.status === "closed" && !isSigned(one)).length,
    completionPercent: percent(signed.length, reviews.length),
  };
}

/** @param parts what the ranking of the period adds up to, group by group */
export function measureScores(
  parts: readonly { readonly rated: number; readonly unrated: number }[],
): NonNullable<ProcessMeasures["scores"]> {
  const current = parts.reduce((all, { rated }) => all + rated, 0);
  const partners = parts.reduce((all, { unrated }) => all + unrated, current);
  return { partners, current, currentPercent: percent(current, partners) };
}

function spreadOf(days: readonly number[]): ProcessMeasures["disputes"]["daysUntilDecided"] {
  if (days.length === 0) return null;
  const sorted = days.toSorted((a, b) => a - b);
  const [low, high] = [(sorted.length - 1) >> 1, sorted.length >> 1];
  const total = sorted.reduce((all, one) => all + one, 0);
  return {
    median: ((sorted[low] ?? 0) + (sorted[high] ?? 0)) / 2,
    mean: oneDecimal(total, sorted.length),
    longest: sorted.at(-1) ?? 0,
  };
}

/** Every dispute of a cycle; days are those of the tenant's time zone. */
export function measureDisputes(
  disputes: readonly Dispute[],
  reviewsOpened: number,
  zone: Pick<Calendar, "timeZone">,
): ProcessMeasures["disputes"] {
  const having = (status: Dispute["status"]) =>
    disputes.filter((one) => one.status === status).length;
  const decided = disputes.flatMap((one) =>
    one.status === "upheld" || one.status === "rejected" ? [one] : [],
  );
  const dayOf = (at: string) => dateAt(new Date(at), zone);
  const partners = new Set(disputes.map(({ partnerId }) => partnerId)).size;
  return {
    filed: disputes.length,
    open: having("open"),
    overdue: disputes.filter((one) => one.status === "open" && one.isOverdue).length,
    withdrawn: having("withdrawn"),
    upheld: having("upheld"),
    rejected: having("rejected"),
    partners,
    ratePercent: percent(partners, reviewsOpened),
    daysUntilDecided: spreadOf(
      decided.map(({ filedAt, closedAt }) => daysBetween(dayOf(filedAt), dayOf(closedAt))),
    ),
    decidedInTime: decided.filter(({ closedAt, dueOn }) => dayOf(closedAt) <= dueOn).length,
  };
}
