import type { Month } from "../calendar/index.ts";
import type { DomainEvent } from "../event/index.ts";
import type { CycleId, PartnerId } from "../id/index.ts";
import type { Partner } from "../partner/index.ts";
import type { SegmentPlace } from "../program/index.ts";
import type { MonthRollup } from "../rollup/index.ts";
import type { TargetSet } from "../target/index.ts";
import type { FrozenCard, InputChunk } from "./frozen.ts";

/** A scorecard *is* (cycle, partner). */
export interface ScorecardKey {
  readonly cycleId: CycleId;
  readonly partnerId: PartnerId;
}

export interface ScorecardFrozen {
  readonly revision: number;
  readonly score: number | null;
  readonly rating: string;
  readonly inputsDigest: string;
  readonly cardDigest: string;
  readonly reason: string | null;
}
export type ScorecardEvent = DomainEvent<"scorecard.frozen" | "scorecard.revised", ScorecardFrozen>;

/** What says which template of a program counts. */
export interface Placement {
  /** What the review keeps from the opening of its cycle; undefined before, and in a program without segments. */
  readonly pinned?: SegmentPlace | undefined;
  /** Whether the partner has a review in that cycle. */
  readonly isReviewed: boolean;
  readonly partner?: Partner | undefined;
}

/** What a live card is computed from. */
export interface LiveNumbers {
  /** Oldest first. */
  readonly months: readonly MonthRollup[];
  /** By program and first quarter. */
  readonly targets: readonly TargetSet[];
}

export interface LiveNumbersRepository {
  /** Up to and including the month; one consistent read, whether or not there are targets. */
  of(partnerId: PartnerId, upTo: Month): Promise<LiveNumbers>;
}

export interface ScorecardRepository {
  /** The newest revision; undefined while nothing is frozen. */
  latest(key: ScorecardKey): Promise<FrozenCard | undefined>;
  /** Its number. */
  latestRevision(key: ScorecardKey): Promise<number | undefined>;
  revision(key: ScorecardKey, revision: number): Promise<FrozenCard | undefined>;
  /** Newest first. */
  revisions(key: ScorecardKey): Promise<FrozenCard[]>;
  /** The first revision, or whether an attempt that never committed left inputs behind; one read. */
  beginning(
    key: ScorecardKey,
  ): Promise<{ readonly card?: FrozenCard; readonly hasLeftovers: boolean }>;
  placement(key: ScorecardKey): Promise<Placement>;
  /** One chunk of the input list of a card. */
  inputs(card: FrozenCard, chunk: number): Promise<InputChunk | undefined>;
  /** Written before the card; keyed by the digest of the list, so that repeats write the same rows once. */
  addInputs(card: FrozenCard, chunks: readonly InputChunk[]): Promise<void>;
  /** Removes the inputs of this revision that belong to no card: those of another list than `card` names. */
  discardOtherInputs(card: FrozenCard): Promise<void>;
  /** Card and event in one transaction. @returns false where this revision exists already */
  save(card: FrozenCard, event: ScorecardEvent): Promise<boolean>;
}

export interface ScorecardStore {
  readonly liveNumbers: LiveNumbersRepository;
  readonly scorecards: ScorecardRepository;
}
