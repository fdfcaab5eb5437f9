import { type ActorWith, refOf, type Side, sideOf } from "../actor/index.ts";
import { raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { ContributionId, PartnerId } from "../id/index.ts";
import { keptWindowsOf, type SegmentPlace } from "../program/index.ts";
import type {
  ClosedReview,
  Contribution,
  CreateContribution,
  OpeningCycle,
  OpenReview,
  Review,
  Session,
  SignReview,
} from "./schema.ts";

export type ReviewEvent = DomainEvent<"review.signed" | "review.closed">;
export type ContributionEvent = DomainEvent<"contribution.posted">;

/** The review a kick-off makes; its row is its own record. */
export function openReview(
  cycle: OpeningCycle,
  partner: { readonly partnerId: PartnerId; readonly name: string },
  now: Date,
  segment?: SegmentPlace,
): OpenReview {
  const at = now.toISOString();
  return {
    ...cycle,
    partnerId: partner.partnerId,
    partnerName: partner.name,
    status: "open",
    signatures: { partner: null, vendor: null },
    ...(segment ? { segment } : {}),
    openedAt: at,
    updatedAt: at,
    version: 1,
  };
}

/** The row that the kick-off made of it: nothing of this changes afterwards. */
export const asOpened = (review: Review): OpenReview => ({
  cycleId: review.cycleId,
  programId: review.programId,
  programVersion: review.programVersion,
  period: review.period,
  freezesAt: review.freezesAt,
  closesAt: review.closesAt,
  partnerId: review.partnerId,
  partnerName: review.partnerName,
  status: "open",
  signatures: { partner: null, vendor: null },
  ...(review.segment ? { segment: review.segment } : {}),
  ...keptWindowsOf(review),
  ...(review.playbookVersion ? { playbookVersion: review.playbookVersion } : {}),
  openedAt: review.openedAt,
  updatedAt: review.openedAt,
  version: 1,
});

/** @throws DomainError review-closed */
export function requireOpen(review: Review): OpenReview {
  return review.status === "open" ? review : raise("review-closed");
}

/** @throws DomainError review-closed | contribution-window-closed */
export function contribute(
  review: Review,
  contributionId: ContributionId,
  input: CreateContribution,
  by: ActorWith<"review:contribute">,
  now: Date,
): { next: Contribution; event: ContributionEvent } {
  const { cycleId, partnerId, contributionsCloseAt } = requireOpen(review);
  if (contributionsCloseAt !== undefined && now.toISOString() >= contributionsCloseAt) {
    raise("contribution-window-closed", `Contributions ended at ${contributionsCloseAt}`);
  }
  const side = sideOf(by);
  return {
    next: {
      contributionId,
      cycleId,
      partnerId,
      side,
      ...input,
      by: refOf(by),
      at: now.toISOString(),
      version: 1,
    },
    event: eventOf("contribution.posted", by, now, {
      side,
      kind: input.kind,
      ...(input.metricId === undefined ? {} : { metricId: input.metricId }),
    }),
  };
}

/**
 * A side signs what it saw. The second signature closes the review.
 * @param seen what is there now; signing anything else is refused as stale
 */
export function sign(
  review: Review,
  seen: { readonly session: Session | undefined; readonly scorecardRevision: number | undefined },
  input: SignReview,
  by: ActorWith<"review:sign">,
  now: Date,
): { next: Review; event: ReviewEvent } {
  const open = requireOpen(review);
  const side = sideOf(by);
  if (now.toISOString() >= open.closesAt) {
    raise("review-closed", `The review window ended at ${open.closesAt}`);
  }
  if (open.signatures[side]) raise("review-already-signed");
  if (seen.session?.status !== "closed" || seen.scorecardRevision === undefined) {
    raise("review-not-ready-to-sign");
  }
  if (
    input.sessionVersion !== seen.session.version ||
    input.scorecardRevision !== seen.scorecardRevision
  ) {
    raise(
      "version-stale",
      `The session is at version ${seen.session.version}, the scorecard at revision ${seen.scorecardRevision}`,
    );
  }
  const signatures = {
    ...open.signatures,
    [side]: { by: refOf(by), at: now.toISOString(), reviewVersion: open.version, ...input },
  };
  const next: OpenReview = {
    ...open,
    signatures,
    updatedAt: now.toISOString(),
    version: open.version + 1,
  };
  const isComplete = signatures.partner !== null && signatures.vendor !== null;
  return {
    next: isComplete ? closed(next, now) : next,
    event: eventOf("review.signed", by, now, { side, ...input, isComplete }),
  };
}

/** The review window has ended: what is not signed by then closes visibly as not signed. */
export function endWindow(
  review: Review,
  by: ActorWith<"review:close">,
  now: Date,
): { next: ClosedReview; event: ReviewEvent } {
  const next = closed({ ...requireOpen(review), version: review.version + 1 }, now);
  return {
    next,
    event: eventOf("review.closed", by, now, {
      outcome: next.outcome,
      unsignedBy: next.unsignedBy,
    }),
  };
}

function closed(review: OpenReview, now: Date): ClosedReview {
  const { partner, vendor } = review.signatures;
  const unsignedBy: Side[] = [
    ...(partner ? [] : (["partner"] as const)),
    ...(vendor ? [] : (["vendor"] as const)),
  ];
  const hasReservation = (partner?.reservation ?? vendor?.reservation ?? null) !== null;
  const at = now.toISOString();
  return {
    ...review,
    status: "closed",
    outcome:
      unsignedBy.length > 0 ? "not-signed" : hasReservation ? "signed-with-reservation" : "signed",
    unsignedBy,
    closedAt: at,
    updatedAt: at,
  };
}
