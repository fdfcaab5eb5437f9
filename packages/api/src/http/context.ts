import type { ActionItemStore } from "@concord/core/action-item";
import type { Actor } from "@concord/core/actor";
import type { ApiKeyStore } from "@concord/core/api-key";
import type { RosterStore } from "@concord/core/assignment";
import type { AuditPublicKey, AuditStore } from "@concord/core/audit";
import type { BillingStore } from "@concord/core/billing";
import type { CadenceStore } from "@concord/core/cadence";
import type { CalibrationStore } from "@concord/core/calibration";
import type { ConfidentialityStore, RulesInForce } from "@concord/core/confidentiality";
import type { ContentionStore } from "@concord/core/contention";
import type { RequestContext } from "@concord/core/context";
import type { CycleStore } from "@concord/core/cycle";
import type { DevelopmentPlanStore } from "@concord/core/development-plan";
import type { DisputeStore } from "@concord/core/dispute";
import type { SubscriptionState, SubscriptionStore } from "@concord/core/edition";
import type { FigureStore } from "@concord/core/figure";
import type { GoalStore } from "@concord/core/goal";
import type { MintId, TenantId } from "@concord/core/id";
import type { IdempotencyRepository, RecordAnswer } from "@concord/core/idempotency";
import type { ImportStore, UploadTargets } from "@concord/core/import";
import type { InvitationStore } from "@concord/core/invitation";
import type { LegalHoldStore } from "@concord/core/legal-hold";
import type {
  LoginChallengeRepository,
  LoginSession,
  LoginSessionStore,
  PublicKeyRepository,
} from "@concord/core/login";
import type { LoginLimitRepository } from "@concord/core/login-limit";
import type { LoginLinkRepository } from "@concord/core/login-link";
import type { MemberStore } from "@concord/core/member";
import type { OpportunityStore } from "@concord/core/opportunity";
import type { PartnerStore } from "@concord/core/partner";
import type { PersonRepository } from "@concord/core/person";
import type { PersonErasureRepository } from "@concord/core/person-erasure";
import type { PlaybookStore } from "@concord/core/playbook";
import type { ProgramStore } from "@concord/core/program";
import type { RankingStore } from "@concord/core/ranking";
import type { Admission, RateClass, RateLimitStore } from "@concord/core/rate-limit";
import type { RatingStore } from "@concord/core/rating";
import type { ReScoringStore } from "@concord/core/re-scoring";
import type { RetentionStore } from "@concord/core/retention";
import type { ReviewStore } from "@concord/core/review";
import type { RollupStore } from "@concord/core/rollup";
import type { ScorecardStore } from "@concord/core/scorecard";
import type { SecondFactorRepository } from "@concord/core/second-factor";
import type { SecurityEventRepository } from "@concord/core/security-event";
import type { SignUpStore } from "@concord/core/sign-up";
import type { SsoLoginStore, SsoStore } from "@concord/core/single-sign-on";
import type { SourceStore } from "@concord/core/source";
import type { TargetStore } from "@concord/core/target";
import type { TenantDirectory, TenantProfileStore } from "@concord/core/tenant";
import type { DownloadTargets, ExportStore } from "@concord/core/tenant-export";
import type { TierStore } from "@concord/core/tier";
import type { TickReport, TimerRepository } from "@concord/core/timer";

/** Everything of a tenant that a route may reach. */
export interface ApiStore
  extends ActionItemStore,
    ApiKeyStore,
    ConfidentialityStore,
    ContentionStore,
    CycleStore,
    DevelopmentPlanStore,
    DisputeStore,
    TierStore,
    AuditStore,
    BillingStore,
    CadenceStore,
    CalibrationStore,
    ExportStore,
    FigureStore,
    GoalStore,
    RatingStore,
    ImportStore,
    LegalHoldStore,
    LoginSessionStore,
    InvitationStore,
    MemberStore,
    OpportunityStore,
    PartnerStore,
    PlaybookStore,
    ProgramStore,
    RankingStore,
    RetentionStore,
    TargetStore,
    ReScoringStore,
    ReviewStore,
    RosterStore,
    RollupStore,
    ScorecardStore,
    SignUpStore,
    SourceStore,
    SubscriptionStore,
    SsoStore,
    TenantProfileStore {
  readonly idempotency: IdempotencyRepository;
}

/** What routes of the app function need beside the tenant's data. */
export interface ApiPorts {
  /** Where files to import are put. */
  readonly uploads: UploadTargets;
  /** Where files of exports are fetched. */
  readonly downloads: DownloadTargets;
  /** 256 new random bits as base64url. */
  readonly newSecret: () => string;
  /** Verify the signed heads of the audit chains. */
  readonly auditKeys: readonly AuditPublicKey[];
}

/** Who the verified token names, as the membership read with this request says. */
export interface Principal {
  readonly tenantId: TenantId;
  readonly actor: Actor;
  /** The login session that the token belongs to. */
  readonly session?: LoginSession;
}

export interface Usage {
  readonly requests: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** Both doors of one request, and what went through them. Pinned, nothing of another tenant passes. */
export interface RequestStores {
  /** Once the token is verified; the only tenant of this request from here on. */
  pin(tenantId: TenantId): void;
  pinnedTo(): TenantId | undefined;
  /** Of a list, before it is signed and after it is opened. @throws Error where it points elsewhere */
  checkPosition(position: string): void;
  readonly openTenant: (
    tenantId: TenantId,
    record?: RecordAnswer,
  ) => ApiStore & RateLimitStore & SsoLoginStore;
  readonly system: {
    readonly guesses: LoginLimitRepository;
    readonly loginChallenges: LoginChallengeRepository;
    readonly loginLinks: LoginLinkRepository;
    readonly people: PersonRepository;
    readonly personErasures: PersonErasureRepository;
    readonly publicKeys: PublicKeyRepository;
    readonly secondFactors: SecondFactorRepository;
    readonly securityEvents: SecurityEventRepository;
    readonly tenants: TenantDirectory;
    readonly timers: Pick<TimerRepository, "lastTick">;
  };
  usage(): Usage;
}

/** The data side of one request; opened per request so that its cost can be told. */
export interface RequestData<Ports = unknown> {
  /** @throws DomainError unauthenticated */
  authenticate(authorization: string | undefined): Promise<Principal>;
  /** Of the tenant's subscription; remembered for a minute, so that no request reads it. */
  stateOf(tenantId: TenantId): Promise<SubscriptionState>;
  /**
   * One token of the principal's rate bucket; undefined where the table did not answer and the class
   * is one that passes then.
   */
  admit(principal: Principal, rateClass: RateClass): Promise<Admission | undefined>;
  /** What is said of the tenant's confidential information; remembered for a minute like the state. */
  confidentialityOf(tenantId: TenantId): Promise<RulesInForce>;
  /** @throws Error before `authenticate` */
  openStore(tenantId: TenantId, record?: RecordAnswer): ApiStore;
  /** @throws Error where the position of a list points into another tenant than the principal's */
  checkPosition(position: string): void;
  /** What the routes of this function have beside. */
  readonly ports: Ports;
  /** Whether the table answers and knows a key that verifies tokens. */
  isReady(): Promise<boolean>;
  /** What the last tick did; undefined before the first. */
  lastTick(): Promise<TickReport | undefined>;
  usage(): Usage;
}

export interface ApiDependencies<Ports = unknown> {
  readonly openRequest: (request: { readonly requestId: string }) => RequestData<Ports>;
  /** Origins that a browser may call from; exact, no wildcard. */
  readonly allowedOrigins: readonly string[];
  /** The business clock. */
  readonly now: () => Date;
  /** The wall clock, for what expires: cursors never, idempotency keys after a day. */
  readonly wallNow: () => Date;
  readonly mint: MintId;
  /** Signs cursors; at least 32 bytes. */
  readonly cursorSecret: Uint8Array;
  /** One line per request. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
  /** Checks every answer against its schema and fails with 500 where it differs; on in tests and locally. */
  readonly checksAnswers: boolean;
}

export interface RouteContext<Store, Ports = ApiPorts> extends RequestContext<Store> {
  readonly principal: Principal;
  readonly ports: Ports;
  /** The wall clock, for what expires. */
  readonly wallNow: Date;
  readonly header: (name: string) => string | undefined;
}
