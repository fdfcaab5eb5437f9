import type { ActionItemStore } from "@concord/core/action-item";
import type { ApiKeyStore } from "@concord/core/api-key";
import type { RosterStore } from "@concord/core/assignment";
import type { AuditStore } from "@concord/core/audit";
import type { BillingStore } from "@concord/core/billing";
import type { CadenceStore } from "@concord/core/cadence";
import type { CalibrationStore } from "@concord/core/calibration";
import type { ConfidentialityStore } from "@concord/core/confidentiality";
import type { ContentionStore } from "@concord/core/contention";
import type { CycleStore } from "@concord/core/cycle";
import type { DevelopmentPlanStore } from "@concord/core/development-plan";
import type { DisputeStore } from "@concord/core/dispute";
import type { SubscriptionStore } from "@concord/core/edition";
import type { FigureStore } from "@concord/core/figure";
import type { GoalStore } from "@concord/core/goal";
import type { TenantId } from "@concord/core/id";
import type { IdempotencyRepository, RecordAnswer } from "@concord/core/idempotency";
import type { ImportStore } from "@concord/core/import";
import type { InvitationStore } from "@concord/core/invitation";
import type { LegalHoldStore } from "@concord/core/legal-hold";
import type { LoginSessionStore } from "@concord/core/login";
import type { MemberStore } from "@concord/core/member";
import type { NotificationStore } from "@concord/core/notification";
import type { OpportunityStore } from "@concord/core/opportunity";
import type { PartnerStore } from "@concord/core/partner";
import type { PlaybookStore } from "@concord/core/playbook";
import type { ProgramStore } from "@concord/core/program";
import type { RankingStore } from "@concord/core/ranking";
import type { RateLimitStore } from "@concord/core/rate-limit";
import type { RatingStore } from "@concord/core/rating";
import type { ReScoringStore } from "@concord/core/re-scoring";
import type { RetentionStore } from "@concord/core/retention";
import type { ReviewStore } from "@concord/core/review";
import type { RollupStore } from "@concord/core/rollup";
import type { ScorecardStore } from "@concord/core/scorecard";
import type { SignUpStore } from "@concord/core/sign-up";
import type { SsoLoginStore } from "@concord/core/single-sign-on";
import type { SourceStore } from "@concord/core/source";
import type { TargetStore } from "@concord/core/target";
import type { TenantProfileStore } from "@concord/core/tenant";
import type { ContentsStore } from "@concord/core/tenant-contents";
import type { ExportStore } from "@concord/core/tenant-export";
import type { TierStore } from "@concord/core/tier";
import { dynamoActionItemRepository } from "./action-item/dynamo-action-item-repository.ts";
import { partnershipPeople } from "./action-item/partnership-people.ts";
import type { TenantTable } from "./aggregate.ts";
import { dynamoApiKeyRepository } from "./api-key/dynamo-api-key-repository.ts";
import { dynamoRosterRepository } from "./assignment/dynamo-roster-repository.ts";
import { dynamoAuditRepository } from "./audit/dynamo-audit-repository.ts";
import { dynamoCadenceRepository } from "./cadence/dynamo-cadence-repository.ts";
import { dynamoCalibrationRepository } from "./calibration/dynamo-calibration-repository.ts";
import { dynamoConfidentialReadRepository } from "./confidentiality/dynamo-confidential-read-repository.ts";
import { dynamoConfidentialityRepository } from "./confidentiality/dynamo-confidentiality-repository.ts";
import { dynamoCycleRepository } from "./cycle/dynamo-cycle-repository.ts";
import { approverDirectory } from "./development-plan/approver-directory.ts";
import { dynamoDevelopmentPlanRepository } from "./development-plan/dynamo-development-plan-repository.ts";
import { dynamoStepTokenRepository } from "./development-plan/dynamo-step-token-repository.ts";
import { planBasisSource } from "./development-plan/plan-basis-source.ts";
import { dynamoDisputeRepository } from "./dispute/dynamo-dispute-repository.ts";
import type { Table } from "./dynamo-table/contract.ts";
import { dynamoSubscriptionRepositories } from "./edition/dynamo-subscription-repository.ts";
import { dynamoFigureRepository } from "./figure/dynamo-figure-repository.ts";
import { dynamoGoalRepository } from "./goal/dynamo-goal-repository.ts";
import { dynamoIdempotencyRepository } from "./idempotency/dynamo-idempotency-repository.ts";
import { effectMarker } from "./idempotency/effect-marker.ts";
import { dynamoImportRepository } from "./import/dynamo-import-repository.ts";
import { dynamoInvitationRepository } from "./invitation/dynamo-invitation-repository.ts";
import { tenantKeys } from "./keys/index.ts";
import { dynamoLegalHoldRepository } from "./legal-hold/dynamo-legal-hold-repository.ts";
import { dynamoLoginSessionRepository } from "./login/dynamo-login-session-repository.ts";
import { dynamoMemberRepository } from "./member/dynamo-member-repository.ts";
import { dynamoPartnerUserRepository } from "./member/dynamo-partner-user-repository.ts";
import { dynamoSentMailRepository } from "./notification/dynamo-sent-mail-repository.ts";
import { dynamoOpportunityRepository } from "./opportunity/dynamo-opportunity-repository.ts";
import { dynamoPartnerRepository } from "./partner/dynamo-partner-repository.ts";
import { namedMembers } from "./partner/named-members.ts";
import { dynamoPersonLookup } from "./person/dynamo-person-repository.ts";
import { dynamoPlaybookRepository } from "./playbook/dynamo-playbook-repository.ts";
import { dynamoProgramRepository } from "./program/dynamo-program-repository.ts";
import { dynamoRankingRepository } from "./ranking/dynamo-ranking-repository.ts";
import { dynamoRateLimitRepository } from "./rate-limit/dynamo-rate-limit-repository.ts";
import { dynamoRatingRepository } from "./rating/dynamo-rating-repository.ts";
import { dynamoReScoringRepository } from "./re-scoring/dynamo-re-scoring-repository.ts";
import { dynamoRetentionRepository } from "./retention/dynamo-retention-repository.ts";
import { dynamoReviewRepositories } from "./review/dynamo-review-repository.ts";
import { dynamoRollupRepository } from "./rollup/dynamo-rollup-repository.ts";
import { dynamoLiveNumbersRepository } from "./scorecard/dynamo-live-numbers-repository.ts";
import { dynamoScorecardRepository } from "./scorecard/dynamo-scorecard-repository.ts";
import { dynamoSignUpRepository } from "./sign-up/dynamo-sign-up-repository.ts";
import { dynamoSsoLoginRepository } from "./single-sign-on/dynamo-sso-login-repository.ts";
import { dynamoSsoRepository } from "./single-sign-on/dynamo-sso-repository.ts";
import { dynamoFlagRepository } from "./source/dynamo-flag-repository.ts";
import { dynamoSourceRepository } from "./source/dynamo-source-repository.ts";
import { dynamoTargetRepository } from "./target/dynamo-target-repository.ts";
import { dynamoTenantRepository } from "./tenant/dynamo-tenant-repository.ts";
import { dynamoContentsRepository } from "./tenant-contents/dynamo-contents-repository.ts";
import { dynamoExportRepository } from "./tenant-export/dynamo-export-repository.ts";
import { dynamoTierRepository } from "./tier/dynamo-tier-repository.ts";

/** Everything of one tenant. No method below this door has a tenant parameter. */
export interface TenantStore
  extends ActionItemStore,
    ContentsStore,
    ApiKeyStore,
    AuditStore,
    ConfidentialityStore,
    ContentionStore,
    BillingStore,
    CadenceStore,
    CalibrationStore,
    CycleStore,
    DevelopmentPlanStore,
    DisputeStore,
    ExportStore,
    FigureStore,
    GoalStore,
    RatingStore,
    ImportStore,
    InvitationStore,
    LegalHoldStore,
    LoginSessionStore,
    MemberStore,
    NotificationStore,
    OpportunityStore,
    PartnerStore,
    PlaybookStore,
    ProgramStore,
    RankingStore,
    RateLimitStore,
    RetentionStore,
    ReScoringStore,
    ReviewStore,
    RosterStore,
    RollupStore,
    ScorecardStore,
    SignUpStore,
    SourceStore,
    SubscriptionStore,
    SsoLoginStore,
    TargetStore,
    TenantProfileStore,
    TierStore {
  readonly idempotency: IdempotencyRepository;
}

export interface TenantStoreOptions {
  /** Makes the answer that is written with the first effect of a request. */
  readonly record?: RecordAnswer | undefined;
  /** What every event of this opening names as its cause. */
  readonly requestId?: string | undefined;
}

/** How each part is opened, some of them from others. */
const openers: {
  readonly [Name in keyof TenantStore]: (
    tenant: TenantTable,
    store: TenantStore,
  ) => TenantStore[Name];
} = {
  actionItems: dynamoActionItemRepository,
  apiKeys: dynamoApiKeyRepository,
  approvers: (_, { members }) => approverDirectory(members),
  audit: dynamoAuditRepository,
  billing: (tenant) => dynamoSubscriptionRepositories(tenant).billing,
  cadences: dynamoCadenceRepository,
  calibrations: dynamoCalibrationRepository,
  confidentialReads: dynamoConfidentialReadRepository,
  confidentiality: dynamoConfidentialityRepository,
  contents: dynamoContentsRepository,
  contention: ({ table }) => ({ pause: table.pause }),
  contributions: (tenant) => dynamoReviewRepositories(tenant).contributions,
  cycles: dynamoCycleRepository,
  developmentPlans: dynamoDevelopmentPlanRepository,
  disputes: dynamoDisputeRepository,
  exports: dynamoExportRepository,
  figures: dynamoFigureRepository,
  flags: dynamoFlagRepository,
  frozenScorecards: (_, { scorecards }) => scorecards,
  goals: dynamoGoalRepository,
  idempotency: dynamoIdempotencyRepository,
  imports: dynamoImportRepository,
  indicatorRatings: dynamoRatingRepository,
  invitations: dynamoInvitationRepository,
  invoices: (tenant) => dynamoSubscriptionRepositories(tenant).invoices,
  legalHolds: dynamoLegalHoldRepository,
  liveNumbers: dynamoLiveNumbersRepository,
  loginSessions: dynamoLoginSessionRepository,
  members: dynamoMemberRepository,
  namedMembers: (_, { members }) => namedMembers(members),
  opportunities: dynamoOpportunityRepository,
  partnerUsers: dynamoPartnerUserRepository,
  partners: dynamoPartnerRepository,
  partnershipPeople: (_, store) => partnershipPeople(store),
  people: dynamoPersonLookup,
  planBases: (_, { scorecards }) => planBasisSource(scorecards),
  playbook: dynamoPlaybookRepository,
  programs: dynamoProgramRepository,
  rankings: dynamoRankingRepository,
  rateLimits: dynamoRateLimitRepository,
  reScorings: dynamoReScoringRepository,
  retention: dynamoRetentionRepository,
  reviews: (tenant) => dynamoReviewRepositories(tenant).reviews,
  rollups: dynamoRollupRepository,
  rosters: dynamoRosterRepository,
  scorecards: dynamoScorecardRepository,
  sentMails: dynamoSentMailRepository,
  sessions: (tenant) => dynamoReviewRepositories(tenant).sessions,
  signUp: dynamoSignUpRepository,
  singleSignOn: dynamoSsoRepository,
  sources: dynamoSourceRepository,
  ssoLogins: dynamoSsoLoginRepository,
  stepTokens: dynamoStepTokenRepository,
  subscriptions: (tenant) => dynamoSubscriptionRepositories(tenant).subscriptions,
  targets: dynamoTargetRepository,
  tenant: dynamoTenantRepository,
  tiers: dynamoTierRepository,
  usage: (tenant) => dynamoSubscriptionRepositories(tenant).usage,
};

/** Opens a tenant: each part when it is first asked for, since a request needs a few of fifty. */
export function openTenantStore(
  table: Table,
  tenantId: TenantId,
  { record, requestId }: TenantStoreOptions = {},
): TenantStore {
  const tenant: TenantTable = {
    table,
    keys: tenantKeys(tenantId),
    requestId,
    ...(record ? { marker: effectMarker(record) } : {}),
  };
  const opened = new Map<keyof TenantStore, unknown>();
  const isPart = (name: unknown): name is keyof TenantStore =>
    Object.hasOwn(openers, name as string);
  const part = (name: keyof TenantStore): unknown => {
    if (!opened.has(name)) opened.set(name, openers[name](tenant, store));
    return opened.get(name);
  };
  const store = new Proxy({} as TenantStore, {
    get: (_, name) => (isPart(name) ? part(name) : undefined),
    has: (_, name) => isPart(name),
    // A copy of the store has every part.
    ownKeys: () => Object.keys(openers),
    getOwnPropertyDescriptor: (_, name) =>
      isPart(name)
        ? { value: part(name), enumerable: true, configurable: true, writable: true }
        : undefined,
    set: () => false,
    deleteProperty: () => false,
  });
  return store;
}
