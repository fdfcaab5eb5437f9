import type { ActionItem } from "@concord/core/action-item";
import type { Calibration } from "@concord/core/calibration";
import type { Cycle, CycleChunk } from "@concord/core/cycle";
import type { DevelopmentPlan, SealedStepToken } from "@concord/core/development-plan";
import type { ClosedDispute, OpenDispute } from "@concord/core/dispute";
import {
  ActionItemId,
  AgendaItemId,
  ContributionId,
  CycleId,
  DisputeId,
  MemberId,
  PartnerId,
  PartnerUserId,
  PlanId,
  ProgramId,
} from "@concord/core/id";
import type { Contribution, Review, Session } from "@concord/core/review";
import { AT, idOf, LATER, SYSTEM } from "./access-patterns.ts";

/** Rows as small as real ones are, each with the few values that an exercise changes. */
const stamps = { createdAt: AT, updatedAt: AT };

export const reviewKey = { cycleId: idOf(CycleId), partnerId: idOf(PartnerId) };

export const cycle = (changes: Partial<Cycle> = {}): Cycle => ({
  cycleId: idOf(CycleId),
  programId: idOf(ProgramId),
  programVersion: 1,
  period: "2027-Q1",
  span: { from: "2027-01-01", to: "2027-03-31" },
  currency: "USD",
  timeZone: "America/Chicago",
  status: "open",
  opensAt: AT,
  freezesAt: AT,
  closesAt: AT,
  openedAt: AT,
  partnerCount: null,
  chunkCount: null,
  kickedOffAt: null,
  freezeStartedAt: null,
  frozenAt: null,
  closedAt: null,
  reviewsClosedAt: null,
  version: 1,
  ...changes,
});

export const cycleChunk = (changes: Partial<CycleChunk> = {}): CycleChunk => ({
  cycleId: idOf(CycleId),
  chunk: 0,
  partnerIds: Array.from({ length: 100 }, (_, number) => idOf(PartnerId, number)),
  digest: "digest",
  done: {},
  version: 1,
  ...changes,
});

export const review = (version = 1): Review => ({
  ...reviewKey,
  partnerName: "Contoso",
  programId: idOf(ProgramId),
  programVersion: 1,
  period: "2027-Q1",
  openedAt: AT,
  freezesAt: AT,
  closesAt: AT,
  signatures: { partner: null, vendor: null },
  status: "open",
  updatedAt: AT,
  version,
});

export const contribution = (): Contribution => ({
  contributionId: idOf(ContributionId),
  ...reviewKey,
  side: "partner",
  kind: "win",
  text: "The joint campaign paid off",
  by: SYSTEM,
  at: AT,
  version: 1,
});

const session = (version: number) => ({
  ...reviewKey,
  heldOn: "2027-04-20",
  agenda: [
    {
      agendaItemId: idOf(AgendaItemId),
      section: "pipeline-health" as const,
      title: "Where the pipeline is thin",
      minutes: 10,
      notes: "",
      action: null,
      carriesOver: null,
    },
  ],
  updatedAt: AT,
  version,
});
export const plannedSession = (version = 1): Session => ({
  ...session(version),
  status: "planned",
});
export const closedSession = (version: number) => ({
  ...session(version),
  status: "closed" as const,
  closedAt: AT,
  closedBy: SYSTEM,
  actionItemIds: [idOf(ActionItemId)],
});

export const actionItem = (changes: { version?: number; text?: string } = {}): ActionItem => ({
  actionItemId: idOf(ActionItemId),
  partnerId: idOf(PartnerId),
  cycleId: idOf(CycleId),
  text: "Plan the enablement sprint",
  owner: { kind: "member", memberId: idOf(MemberId) },
  dueOn: "2027-05-01",
  carriedOver: [],
  createdBy: SYSTEM,
  ...stamps,
  version: 1,
  status: "open",
  ...changes,
});

const planBase = {
  planId: idOf(PlanId),
  partnerId: idOf(PartnerId),
  cycleId: idOf(CycleId),
  programId: idOf(ProgramId),
  programVersion: 1,
  title: "Win more",
  summary: "Two workshops on qualification",
  budget: { amount: "5000.00", currency: "USD" },
  activities: [
    {
      title: "Workshop",
      type: "workshop" as const,
      metricId: "win-rate",
      metricName: "Win rate",
      baseline: "41.5",
      target: "55",
      milestones: [{ title: "Held", dueOn: "2027-05-01", doneOn: null }],
    },
  ],
  authors: [SYSTEM],
  revision: 1,
  accepted: null,
  ...stamps,
};
const approval = (approver: number, escalatedTo: number | null) => ({
  attempt: 1,
  submittedBy: SYSTEM,
  submittedAt: AT,
  steps: [
    {
      stepNumber: 1,
      role: "partner-manager" as const,
      approverId: idOf(MemberId, approver),
      substituteRole: null,
      needsSignatory: false,
      escalatedToId: escalatedTo === null ? null : idOf(MemberId, escalatedTo),
      openedAt: AT,
      remindedAt: null,
      escalatedAt: null,
      decision: null,
    },
  ],
  reminderDays: 3,
  escalationDays: 7,
  expiryDays: 10,
});
export const draftPlan = (version = 1): DevelopmentPlan => ({
  ...planBase,
  version,
  status: "draft",
  approval: null,
});
/** Waits for member 1 or `approver`, and for another one where it was escalated. */
export const submittedPlan = (
  version: number,
  { approver = 1, escalatedTo = null }: { approver?: number; escalatedTo?: number | null } = {},
): DevelopmentPlan => ({
  ...planBase,
  version,
  status: "submitted",
  approval: approval(approver, escalatedTo),
});
export const approvedPlan = (version: number): DevelopmentPlan => ({
  ...planBase,
  version,
  status: "approved",
  approval: approval(1, null),
});
export const stepToken = (): SealedStepToken => ({
  planId: idOf(PlanId),
  revision: 1,
  attempt: 1,
  stepNumber: 1,
  tokenHash: "hash",
  sealed: "sealed",
  expiresAt: LATER,
});

export const dispute = (changes: Partial<OpenDispute> = {}): OpenDispute => ({
  disputeId: idOf(DisputeId),
  ...reviewKey,
  partnerName: "Contoso",
  programId: idOf(ProgramId),
  period: "2027-Q1",
  scorecardRevision: 1,
  about: "score",
  metricId: "win-rate",
  metricName: "Win rate",
  reason: "Two deals are missing",
  evidence: { text: "See the order", links: [], opportunityIds: [] },
  status: "open",
  filedBy: { kind: "partner-user", partnerUserId: idOf(PartnerUserId), partnerId: idOf(PartnerId) },
  filedAt: AT,
  dueOn: "2027-01-25",
  remindAt: "2027-01-18T12:00:00.000Z",
  remindedAt: null,
  overdueFrom: "2027-01-26T12:00:00.000Z",
  isOverdue: false,
  updatedAt: AT,
  version: 1,
  ...changes,
});

export const rejectedDispute = (): ClosedDispute => ({
  ...dispute({ version: 2 }),
  status: "rejected",
  answer: "The deals belong to the next quarter",
  closedBy: SYSTEM,
  closedAt: AT,
});

export const upheldDispute = (): ClosedDispute => ({
  ...dispute({ version: 2 }),
  status: "upheld",
  answer: "The deals are in",
  remedy: { kind: "recalculated" },
  resultingRevision: 2,
  closedBy: SYSTEM,
  closedAt: AT,
});

export const calibration = (): Calibration => ({
  cycleId: idOf(CycleId),
  status: "open",
  openedBy: SYSTEM,
  openedAt: AT,
  updatedAt: AT,
  version: 1,
});
