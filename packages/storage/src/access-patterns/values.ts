import type { ActionItem } from "@concord/core/action-item";
import type { CadenceOverride } from "@concord/core/cadence";
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
  LoginSessionId,
  MemberId,
  OpportunityId,
  PartnerId,
  PartnerUserId,
  PersonId,
  PlanId,
  ProgramId,
} from "@concord/core/id";
import type { RecordedAnswer } from "@concord/core/idempotency";
import type { LoginSession } from "@concord/core/login";
import type { NewMember, NewPartnerUser } from "@concord/core/member";
import type { Partner } from "@concord/core/partner";
import { type Program, type PublishedProgram, resellerTemplate } from "@concord/core/program";
import type { RankingEntry, RankingSummaryPart } from "@concord/core/ranking";
import type { Contribution, Review, Session } from "@concord/core/review";
import { type FrozenCard, freezeCard, type InputChunk } from "@concord/core/scorecard";
import type { TargetEvent, TargetSet } from "@concord/core/target";
import type { Tenant } from "@concord/core/tenant";
import type { PartnerTier } from "@concord/core/tier";
import type { SetTimer } from "@concord/core/timer";
import { AT, event, idOf, LATER, NOW, SYSTEM, TENANT } from "./access-patterns.ts";

/** Rows as small as real ones are, each with the few values that an exercise changes. */
const stamps = { createdAt: AT, updatedAt: AT };

export const tenant = (changes: Partial<Tenant> = {}): Tenant => ({
  tenantId: TENANT,
  name: "Northwind",
  timeZone: "America/Chicago",
  fiscalYearStartMonth: 1,
  currency: "USD",
  version: 1,
  ...stamps,
  ...changes,
});

export const newMember = (number = 1, isKnown = false): NewMember => {
  const [memberId, personId] = [idOf(MemberId, number), idOf(PersonId, number)];
  const email = `ada.${number}@northwind.example`;
  return {
    member: {
      memberId,
      personId,
      displayName: `Ada ${number}`,
      duties: [],
      email,
      roles: ["owner"],
      status: "active",
      version: 1,
      ...stamps,
    },
    event: event("member.added"),
    membership: { personId, membershipId: memberId, partnerId: null },
    newPerson: isKnown ? undefined : newPerson(personId, email),
  };
};

const newPerson = (personId: PersonId, email: string) => ({
  personId,
  email,
  passwordHash: "$argon2id$…",
  version: 1,
  createdAt: AT,
});

export const targetSet = (): TargetSet => ({
  partnerId: idOf(PartnerId),
  programId: idOf(ProgramId),
  from: "2027-Q2",
  proposal: {
    number: 1,
    targets: [{ metricId: "revenue-won", measure: "revenue_won", target: 90_000, floor: 9_000 }],
    basis: { kind: "entered" },
    proposedBy: SYSTEM,
    proposedAt: AT,
    vendor: null,
    partner: null,
  },
  agreed: null,
  version: 1,
  updatedAt: AT,
});
export const targetsProposed = (): TargetEvent => {
  const { partnerId, programId, from, proposal } = targetSet();
  const targets = proposal?.targets ?? [];
  const data = { partnerId, programId, from, number: 1, targets, basis: { kind: "entered" } };
  return event("target-set.proposed", data);
};

export const newPartnerUser = (number = 1): NewPartnerUser => {
  const [partnerUserId, personId] = [idOf(PartnerUserId, number), idOf(PersonId, 100 + number)];
  const email = `grace.${number}@partner.example`;
  const partnerId = idOf(PartnerId);
  return {
    partnerUser: {
      partnerUserId,
      partnerId,
      personId,
      displayName: `Grace ${number}`,
      duties: [],
      email,
      roles: ["partner-exec"],
      status: "active",
      version: 1,
      ...stamps,
    },
    event: event("partner-user.added"),
    membership: { personId, membershipId: partnerUserId, partnerId },
    newPerson: newPerson(personId, email),
  };
};

export const loginSession = (): LoginSession => ({
  sessionId: idOf(LoginSessionId),
  membershipId: idOf(MemberId),
  personId: idOf(PersonId),
  method: "password",
  client: "Firefox 142 on Windows",
  createdAt: AT,
  lastUsedAt: AT,
  endsAt: LATER,
  expiresAt: LATER,
  generation: 0,
  refreshHash: "h".repeat(43),
  secondFactor: "absent",
});

export const recordedAnswer = (): RecordedAnswer => ({
  keyHash: "hash",
  requestDigest: "digest",
  status: 201,
  body: "{}",
  recordedAt: NOW.getTime() / 1000,
  expiresAt: LATER,
});

export const timer = (changes: Partial<SetTimer> = {}): SetTimer => ({
  tenantId: TENANT,
  kind: "cycle-work",
  subject: idOf(CycleId),
  dueAt: AT,
  ...changes,
});

export const partner = (changes: Partial<Partner> = {}): Partner => ({
  partnerId: idOf(PartnerId),
  name: "Contoso",
  type: "reseller",
  lifecycleStage: "growing",
  region: "Central",
  partnerManagerId: null,
  executiveSponsorId: null,
  dataStewardId: null,
  version: 1,
  ...stamps,
  ...changes,
});

export const program = (changes: Partial<Program> = {}): Program => ({
  programId: idOf(ProgramId),
  draft: resellerTemplate("USD"),
  published: null,
  version: 1,
  ...stamps,
  ...changes,
});

export const publishedProgram = (): PublishedProgram => ({
  programId: idOf(ProgramId),
  version: 1,
  effectiveFrom: "2027-Q1",
  definition: resellerTemplate("USD"),
  warnings: [],
  publishedAt: AT,
  publishedBy: SYSTEM,
});

export const reviewKey = { cycleId: idOf(CycleId), partnerId: idOf(PartnerId) };

/** A card of 150 facts with the one chunk that lists them. */
export const frozen = (revision = 1): { card: FrozenCard; chunks: InputChunk[] } =>
  freezeCard({
    program: publishedProgram(),
    ...reviewKey,
    period: "2027-Q1",
    span: { from: "2027-01-01", to: "2027-03-31" },
    inputs: Array.from({ length: 150 }, (_, number) => ({
      opportunityId: idOf(OpportunityId, number),
      revision,
      outcome: "won",
      engagedOn: "2027-01-10",
      closedOn: "2027-02-20",
      amountMinor: 300_000,
      listAmountMinor: 310_000,
    })),
    terms: {},
    revision,
    reason: revision === 1 ? null : "a late fact",
    now: NOW,
  });

export const rankingEntry = (changes: Partial<RankingEntry> = {}): RankingEntry => ({
  partnerId: idOf(PartnerId),
  partnerName: "Contoso",
  segment: "reseller.growing",
  region: "Central",
  period: "2027-Q1",
  programId: idOf(ProgramId),
  programVersion: 1,
  state: "live",
  score: 71.5,
  shownScore: "71.5",
  rating: { ratingId: "good", name: "Good" },
  unratedReasons: [],
  coveragePercent: 100,
  revenueMinor: 600_000,
  currency: "USD",
  source: 1,
  version: 1,
  ...changes,
});

export const rankingPart = (changes: Partial<RankingSummaryPart> = {}): RankingSummaryPart => ({
  period: "2027-Q1",
  segment: "reseller.growing",
  region: "Central",
  currency: "USD",
  rated: 1,
  unrated: 0,
  revenueMinor: 600_000,
  ratings: { good: { name: "Good", partners: 1 } },
  points: { 78: 1 },
  version: 1,
  ...changes,
});

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

export const partnerTier = (): PartnerTier => {
  const evaluated = { cycleId: idOf(CycleId), period: "2027-Q1", scorecardRevision: 1 };
  return {
    partnerId: idOf(PartnerId),
    programId: idOf(ProgramId),
    partnerName: "Contoso",
    tierId: "gold",
    tierName: "Gold",
    since: AT,
    recommendation: {
      ...evaluated,
      ...{ direction: "demotion", tierId: "silver", tierName: "Silver", standingScore: 48 },
      ...{ reasons: ["The standing is 48.0"], blockedBy: [] },
      ...{ decidableFrom: "2027-04-19", recommendedAt: AT },
    },
    evaluated,
    ...{ ratedPeriods: ["2027-Q1"], history: [], updatedAt: AT, version: 1 },
  };
};

export const cadenceOverride = (): CadenceOverride => ({
  partnerId: idOf(PartnerId),
  programId: idOf(ProgramId),
  decisions: [
    {
      ...{ cadence: "monthly", from: "2027-04-01", endsOn: "2027-09-30" },
      ...{ reason: "The market moves", by: SYSTEM, at: AT },
    },
  ],
  updatedAt: AT,
  version: 1,
});
