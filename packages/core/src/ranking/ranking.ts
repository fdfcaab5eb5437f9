import { canonicalJson } from "../digest/index.ts";
import type { Partner } from "../partner/index.ts";
import type { Card } from "../scorecard/index.ts";
import type {
  PeerGroup,
  ProjectedEntry,
  RankingEntry,
  RankingSummaryPart,
  Segment,
} from "./schema.ts";

export const segmentOf = ({ type, lifecycleStage }: Partner): Segment =>
  `${type}.${lifecycleStage}`;

/** The entry that a card makes for its partner. */
export function entryOf(
  partner: Partner,
  card: Card,
  state: RankingEntry["state"],
  source: number,
): ProjectedEntry {
  const { rating } = card;
  return {
    partnerId: partner.partnerId,
    partnerName: partner.name,
    segment: segmentOf(partner),
    region: partner.region,
    period: card.period,
    programId: card.programId,
    programVersion: card.programVersion,
    state,
    score: card.score,
    shownScore: card.shownScore,
    rating: rating.status === "rated" ? { ratingId: rating.ratingId, name: rating.name } : null,
    unratedReasons: rating.status === "rated" ? [] : rating.reasons,
    coveragePercent: card.coveragePercent,
    revenueMinor: card.sums.inPeriod.wonAmount,
    currency: card.currency,
    source,
  };
}

const isNewer = (next: ProjectedEntry, current: RankingEntry): boolean =>
  next.state === current.state ? next.source > current.source : next.state === "frozen";

/** Everything of an entry that a reader or a sum can see. */
const shown = ({ source: _source, ...entry }: ProjectedEntry): string => {
  const { version: _version, ...rest } = entry as RankingEntry;
  return canonicalJson(rest);
};

/** @returns undefined where the current entry stays: it is as new, or shows the same */
export function replaced(
  current: RankingEntry | undefined,
  next: ProjectedEntry,
): RankingEntry | undefined {
  if (!current) return { ...next, version: 1 };
  if (!isNewer(next, current) || shown(next) === shown(current)) return undefined;
  return { ...next, version: current.version + 1 };
}

export const isSameGroup = (a: PeerGroup, b: PeerGroup): boolean =>
  a.segment === b.segment && a.region === b.region;

const emptyPart = ({ period, segment, region, currency }: RankingEntry): RankingSummaryPart => ({
  period,
  segment,
  region,
  currency,
  rated: 0,
  unrated: 0,
  revenueMinor: 0,
  ratings: {},
  points: {},
  version: 0,
});

export const wholePoints = (score: number): number => Math.floor(score);

function countedAt(
  points: RankingSummaryPart["points"],
  score: number | null,
  factor: 1 | -1,
): RankingSummaryPart["points"] {
  if (!points || score === null) return points;
  const { [wholePoints(score)]: before = 0, ...others } = points;
  const partners = before + factor;
  return partners === 0 ? others : { ...others, [wholePoints(score)]: partners };
}

function count(part: RankingSummaryPart, entry: RankingEntry, factor: 1 | -1): RankingSummaryPart {
  const { rating } = entry;
  const next = {
    ...part,
    rated: part.rated + (rating ? factor : 0),
    unrated: part.unrated + (rating ? 0 : factor),
    revenueMinor: part.revenueMinor + factor * entry.revenueMinor,
  };
  if (!rating) return next;
  const { [rating.ratingId]: counted, ...others } = part.ratings;
  const partners = (counted?.partners ?? 0) + factor;
  const ratings =
    partners === 0 ? others : { ...others, [rating.ratingId]: { name: rating.name, partners } };
  return { ...next, ratings, points: countedAt(part.points, entry.score, factor) };
}

/** The parts that change when an entry takes the place of another, each one version on. */
export function recounted(
  parts: readonly RankingSummaryPart[],
  before: RankingEntry | undefined,
  after: RankingEntry,
): RankingSummaryPart[] {
  const partOf = (entry: RankingEntry) =>
    parts.find((part) => isSameGroup(part, entry)) ?? emptyPart(entry);
  const raised = (part: RankingSummaryPart) => ({ ...part, version: part.version + 1 });
  if (!before) return [raised(count(partOf(after), after, 1))];
  if (isSameGroup(before, after)) {
    return [raised(count(count(partOf(after), before, -1), after, 1))];
  }
  return [raised(count(partOf(before), before, -1)), raised(count(partOf(after), after, 1))];
}
