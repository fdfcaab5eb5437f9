import type { CadenceOverride } from "@concord/core/cadence";
import { CycleId, OpportunityId, PartnerId, ProgramId } from "@concord/core/id";
import type { Partner } from "@concord/core/partner";
import { type Program, type PublishedProgram, resellerTemplate } from "@concord/core/program";
import type { RankingEntry, RankingSummaryPart } from "@concord/core/ranking";
import { type FrozenCard, freezeCard, type InputChunk } from "@concord/core/scorecard";
import type { TargetEvent, TargetSet } from "@concord/core/target";
import type { PartnerTier } from "@concord/core/tier";
import { AT, event, idOf, NOW, SYSTEM } from "./access-patterns.ts";
import { reviewKey } from "./review-values.ts";

/** Rows as small as real ones are, each with the few values that an exercise changes. */
const stamps = { createdAt: AT, updatedAt: AT };

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
