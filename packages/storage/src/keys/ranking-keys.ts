import type { Period } from "@concord/core/calendar";
import type { PartnerId, ProgramId } from "@concord/core/id";
import type { PeerGroup } from "@concord/core/ranking";
import { hashed, type InTenant, type Key, nameSort, padded, partnerPartition } from "./key.ts";

const UNRATED = "2#";
const TOP_SCORE = 100;
const SCORE_STEP = 0.0001;
/** Points with 4 decimals count down, so that ascending keys are descending scores. */
const rankedFrom = (score: number): string =>
  `1#${padded(Math.round((TOP_SCORE - score) * 10_000), 7)}#`;

/** Where partners stand: rankings and tiers. */
export const rankingKeys = (inTenant: InTenant) => ({
  rankingEntry: (partnerId: PartnerId, period: Period): Key => ({
    pk: partnerPartition(inTenant, partnerId),
    sk: `RANKING#${period}`,
  }),

  /** Each group of peers is a list of its own, so that no period is one hot partition. */
  rankingGroup: (period: Period, { segment, region }: PeerGroup): string =>
    inTenant(`RANK#${period}#${segment}#${hashed(region)}`),

  /** From the best score down, then those without a rating; equal ones by name. */
  rankingPlace: (score: number | null, nameKey: string, partnerId: PartnerId): string =>
    `${score === null ? UNRATED : rankedFrom(score)}${nameSort(nameKey, partnerId)}`,

  /** Sort keys of every place with a score above the one and below the other. */
  rankingBetween: ({ above, below }: { above: number; below: number }) => ({
    from: below > TOP_SCORE ? "0" : rankedFrom(below - SCORE_STEP),
    to: rankedFrom(above),
  }),

  /** Sort keys from a place on, that place included. */
  rankingFrom: (place = "0"): { from: string; to: string } => ({ from: place, to: "3" }),
  rankingSummary: (period: Period): string => inTenant(`RANKSUM#${period}`),
  rankingSummaryPart: (period: Period, { segment, region }: PeerGroup): Key => ({
    pk: inTenant(`RANKSUM#${period}`),
    sk: `GROUP#${segment}#${hashed(region)}`,
  }),
  tier: (partnerId: PartnerId, programId: ProgramId): Key => ({
    pk: partnerPartition(inTenant, partnerId),
    sk: `TIER#${programId}`,
  }),
  tierPrefix: "TIER#",
  waitingTiers: (): string => inTenant("LIST#WAITINGTIER"),
  waitingTierSort: (since: string, partnerId: PartnerId, programId: ProgramId): string =>
    `${since}#${partnerId}#${programId}`,
});
