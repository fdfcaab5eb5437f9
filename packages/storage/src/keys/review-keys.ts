import type { DisputeSubject } from "@concord/core/dispute";
import type { ContributionId, CycleId, DisputeId } from "@concord/core/id";
import type { ReviewKey } from "@concord/core/review";
import {
  CHUNK_DIGITS,
  type InTenant,
  type Key,
  padded,
  REVISION_DIGITS,
  reviewPartition,
} from "./key.ts";

const cardInputs = (revision: number): string => `CARDINPUTS#${padded(revision, REVISION_DIGITS)}#`;

/** Cycles, and everything of one review: its row, scorecard revisions with their inputs, session, contributions, disputes. */
export const reviewKeys = (inTenant: InTenant) => ({
  cycle: (cycleId: CycleId): Key => ({ pk: inTenant(`CYCLE#${cycleId}`), sk: "CYCLE" }),
  cycleList: (): string => inTenant("LIST#CYCLE"),
  cycleListSort: (opensAt: string, cycleId: CycleId): string => `${opensAt}#${cycleId}`,
  cycleChunk: (cycleId: CycleId, chunk: number): Key => ({
    pk: inTenant(`CYCLE#${cycleId}`),
    sk: `CHUNK#${padded(chunk, CHUNK_DIGITS)}`,
  }),
  calibration: (cycleId: CycleId): Key => ({
    pk: inTenant(`CYCLE#${cycleId}`),
    sk: "CALIBRATION",
  }),
  cycleChunkPrefix: "CHUNK#",
  review: ({ cycleId, partnerId }: ReviewKey): Key => ({
    pk: reviewPartition(inTenant, cycleId, partnerId),
    sk: "REVIEW",
  }),
  reviewList: (cycleId: CycleId): string => inTenant(`LIST#REVIEW#${cycleId}`),
  contribution: ({ cycleId, partnerId }: ReviewKey, at: string, id: ContributionId): Key => ({
    pk: reviewPartition(inTenant, cycleId, partnerId),
    sk: `CONTRIBUTION#${at}#${id}`,
  }),
  contributionSort: (at: string, id: ContributionId): string => `CONTRIBUTION#${at}#${id}`,
  contributionPrefix: "CONTRIBUTION#",
  dispute: ({ cycleId, partnerId }: ReviewKey, disputeId: DisputeId): Key => ({
    pk: reviewPartition(inTenant, cycleId, partnerId),
    sk: `DISPUTE#${disputeId}`,
  }),
  disputeSort: (disputeId: DisputeId): string => `DISPUTE#${disputeId}`,
  disputePrefix: "DISPUTE#",

  /** One matter of a card, so that it is disputed once at a time. */
  disputedSubject: (
    { cycleId, partnerId }: ReviewKey,
    { about, metricId }: DisputeSubject,
  ): Key => ({
    pk: reviewPartition(inTenant, cycleId, partnerId),
    sk: `DISPUTED#${about}#${metricId ?? ""}`,
  }),
  cycleDisputes: (cycleId: CycleId): string => inTenant(`LIST#DISPUTE#${cycleId}`),
  openDisputes: (): string => inTenant("LIST#OPENDISPUTE"),

  /** By when they were filed, or by the last day to decide. */
  disputeListSort: (on: string, disputeId: DisputeId): string => `${on}#${disputeId}`,
  sessionSort: "SESSION",
  session: ({ cycleId, partnerId }: ReviewKey): Key => ({
    pk: reviewPartition(inTenant, cycleId, partnerId),
    sk: "SESSION",
  }),
  card: ({ cycleId, partnerId }: ReviewKey, revision: number): Key => ({
    pk: reviewPartition(inTenant, cycleId, partnerId),
    sk: `CARD#${padded(revision, REVISION_DIGITS)}`,
  }),
  cardPrefix: "CARD#",

  /** Apart from the cards, so that reading these never reads the facts behind them. */
  cardInputs: (
    { cycleId, partnerId }: ReviewKey,
    revision: number,
    inputsDigest: string,
    chunk: number,
  ): Key => ({
    pk: reviewPartition(inTenant, cycleId, partnerId),
    sk: `${cardInputs(revision)}${inputsDigest.slice(0, 16)}#${padded(chunk, CHUNK_DIGITS)}`,
  }),
  cardInputsPrefix: (revision: number): string => cardInputs(revision),
  cardInputsEnd: (revision: number): string => `${cardInputs(revision)}~`,
});
