import type { ActionItem, ActionItemEvent } from "../action-item/index.ts";
import type { Page, PageRequest } from "../context/index.ts";
import type { CycleId, PartnerId } from "../id/index.ts";
import type { ContributionEvent, ReviewEvent } from "./review.ts";
import type { ClosedSession, Contribution, Review, Session } from "./schema.ts";
import type { SessionEvent } from "./session.ts";

/** A review is (cycle, partner): the natural key that makes it one. */
export interface ReviewKey {
  readonly cycleId: CycleId;
  readonly partnerId: PartnerId;
}

export interface ReviewRepository {
  get(key: ReviewKey): Promise<Review | undefined>;
  /** The reviews of a cycle by partner name. An index read. */
  ofCycle(cycleId: CycleId, page: PageRequest): Promise<Page<Review>>;
  /** Up to 100, in no order; missing ones are left out. */
  getMany(keys: readonly ReviewKey[]): Promise<Review[]>;
  /** One partner's reviews in these cycles; missing ones are left out. */
  ofPartner(partnerId: PartnerId, cycleIds: readonly CycleId[]): Promise<Review[]>;
  /** The row a kick-off makes. @returns its digest; undefined where the review exists already */
  open(review: Review): Promise<string | undefined>;
  /** Digests of up to 100 rows as a kick-off made them; of a review that is not there: undefined. */
  openingDigests(keys: readonly ReviewKey[]): Promise<(string | undefined)[]>;
  /** @throws DomainError version-stale */
  save(next: Review, event: ReviewEvent): Promise<void>;
}

/** Where an entry of the audit trail says that a contribution is. */
export interface ContributionTold {
  readonly at: string;
  readonly object: { readonly id: string };
  readonly row: { readonly partition: string };
}

export interface ContributionRepository {
  /** Oldest first. */
  ofReview(key: ReviewKey, page: PageRequest): Promise<Page<Contribution>>;
  save(next: Contribution, event: ContributionEvent): Promise<void>;
  /** Those that entries of the audit trail tell of, up to a hundred. */
  toldBy(entries: readonly ContributionTold[]): Promise<readonly Contribution[]>;
}

export interface SessionRepository {
  get(key: ReviewKey): Promise<Session | undefined>;
  /** Of up to 100 reviews, in no order; those without one are left out. */
  getMany(keys: readonly ReviewKey[]): Promise<Session[]>;
  /** @throws DomainError session-exists | version-stale */
  save(next: Session, event: SessionEvent): Promise<void>;
  /** The closed session and its action items in one transaction. @throws DomainError version-stale */
  close(
    next: ClosedSession,
    event: SessionEvent,
    items: readonly { readonly next: ActionItem; readonly event: ActionItemEvent }[],
  ): Promise<void>;
}

/** The frozen scorecard as a review needs it. */
export interface FrozenScorecards {
  /** The newest revision; undefined while the data window is open. */
  latestRevision(key: ReviewKey): Promise<number | undefined>;
}

export interface ReviewStore {
  readonly reviews: ReviewRepository;
  readonly contributions: ContributionRepository;
  readonly sessions: SessionRepository;
  readonly frozenScorecards: FrozenScorecards;
}
