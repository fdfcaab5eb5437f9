import type { Period } from "../calendar/index.ts";
import type { PartnerId } from "../id/index.ts";
import type { PeerGroup, RankingEntry, RankingSummaryPart } from "./schema.ts";

/** An entry with its place in the one order of all groups: by rating given or not, score, name, id. */
export interface PlacedEntry {
  readonly entry: RankingEntry;
  readonly place: string;
}

export interface RankingRepository {
  entry(partnerId: PartnerId, period: Period): Promise<RankingEntry | undefined>;
  /** Up to 100, in no order; missing ones are left out. */
  entries(partnerIds: readonly PartnerId[], period: Period): Promise<RankingEntry[]>;
  /** The entries of a group beyond a place, in order. An index read. */
  ofGroup(
    period: Period,
    group: PeerGroup,
    options: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<PlacedEntry[]>;
  /** How many of a group have a better score that is below another one. An index read. */
  countBetween(
    period: Period,
    group: PeerGroup,
    scores: { readonly above: number; readonly below: number },
  ): Promise<number>;
  /** One part for each group of peers that the period has; read consistently. */
  summary(period: Period): Promise<RankingSummaryPart[]>;
  /** The parts of these groups; missing ones are left out. */
  summaryParts(period: Period, groups: readonly PeerGroup[]): Promise<RankingSummaryPart[]>;
  /**
   * The entry and the parts it counts in, in one transaction.
   * @returns false where somebody else changed one of them first
   */
  save(entry: RankingEntry, parts: readonly RankingSummaryPart[]): Promise<boolean>;
}

export interface RankingStore {
  readonly rankings: RankingRepository;
}
