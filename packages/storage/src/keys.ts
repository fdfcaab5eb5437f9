import { createHash } from "node:crypto";
import type { CadenceKey } from "@concord/core/cadence";
import type { Cadence, CalendarDate, Period, Quarter } from "@concord/core/calendar";
import type { DisputeSubject } from "@concord/core/dispute";
import type { PersonalHolder } from "@concord/core/event";
import type { GoalStatus } from "@concord/core/goal";
import type {
  ActionItemId,
  AliasId,
  ApiKeyId,
  AssignmentId,
  ContributionId,
  CycleId,
  DisputeId,
  ExportId,
  FactReportId,
  FlagId,
  GoalId,
  ImportId,
  InvitationId,
  InvoiceId,
  LegalHoldId,
  LoginLinkId,
  LoginSessionId,
  MemberId,
  OpportunityId,
  PartnerId,
  PartnerUserId,
  PersonId,
  PlanId,
  ProgramId,
  SourceId,
} from "@concord/core/id";
import { TenantId } from "@concord/core/id";
import type { GuessBucket } from "@concord/core/login-limit";
import type { EmailAddress, MembershipId } from "@concord/core/person";
import type { PeerGroup } from "@concord/core/ranking";
import type { RatingKey } from "@concord/core/rating";
import type { ReviewKey } from "@concord/core/review";
import type { SecurityEvent } from "@concord/core/security-event";
import type { TargetSetKey } from "@concord/core/target";
import { type SetTimer, TIMER_SHARDS } from "@concord/core/timer";

/** A primary key of the table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

const EVENT_VERSION_DIGITS = 8;
const CHUNK_DIGITS = 5;
const REVISION_DIGITS = 5;
const CHAIN_DIGITS = 9;

/** Keeps free text out of keys: fixed length, no `#`, no personal data in a key. */
const hashed = (text: string): string =>
  createHash("sha256").update(text).digest("base64url").slice(0, 32);

/** Orders by text and stays unique where two texts differ only in what a key cannot hold. */
const textSort = (text: string): string =>
  `${text.replaceAll("#", " ").slice(0, 200)}#${hashed(text).slice(0, 8)}`;

/** Open ones first. */
const GOAL_ORDER: Readonly<Record<GoalStatus, number>> = {
  ...{ open: 0, proposed: 1, achieved: 2, missed: 3, dropped: 4 },
};

const padded = (value: number): string => String(value).padStart(6, "0");

interface PlanStep {
  readonly revision: number;
  readonly stepNumber: number;
}
const tokensOf = ({ revision, stepNumber }: PlanStep): string =>
  `TOKEN#${padded(revision)}#${padded(stepNumber)}#`;

const UNRATED = "2#";
const TOP_SCORE = 100;
const SCORE_STEP = 0.0001;
/** Points with 4 decimals count down, so that ascending keys are descending scores. */
const rankedFrom = (score: number): string =>
  `1#${String(Math.round((TOP_SCORE - score) * 10_000)).padStart(7, "0")}#`;

const shardOf = (id: string, shards: number): number =>
  createHash("sha256").update(id).digest().readUInt16BE() % shards;

/** Rows that nothing lists lie in so many partitions of a tenant. */
const ROW_SHARDS = 16;
const everyShard = Array.from({ length: ROW_SHARDS }, (_, shard) => shard);

const cardInputs = (revision: number): string =>
  `CARDINPUTS#${String(revision).padStart(REVISION_DIGITS, "0")}#`;

/** The tenant that a partition belongs to; undefined for one that belongs to none. */
export function tenantIdOf(pk: string): TenantId | undefined {
  const [mark, tenantId] = pk.split("#");
  return mark === "T" ? TenantId.parse(tenantId) : undefined;
}

/**
 * The only file that spells a key. Opened once for a tenant: every partition key of the table and of
 * every index it makes begins with the tenant, closed by `#`.
 */
export const tenantKeys = (tenantId: TenantId) => {
  const inTenant = (rest: string): string => `T#${tenantId}#${rest}`;
  const partner = (partnerId: PartnerId): string => inTenant(`PARTNER#${partnerId}`);
  /** Everything of one review: its row, scorecard revisions with their inputs, session, contributions. */
  const review = (cycleId: CycleId, partnerId: PartnerId): string =>
    inTenant(`REVIEW#${cycleId}#${partnerId}`);
  /** A membership and its login sessions: read together with every request. */
  const membership = (membershipId: MembershipId): string => inTenant(`MEMBERSHIP#${membershipId}`);

  /** Of a subject of an identity provider, which may be any text. */
  const ssoLinkId = (issuer: string, subject: string): string =>
    hashed(JSON.stringify([issuer, subject]));
  const source = (sourceId: SourceId): string => inTenant(`SOURCE#${sourceId}`);

  return {
    tenantId,
    /** What every partition key of this tenant begins with. */
    prefix: inTenant(""),

    event: (pk: string, type: string, id: string, version: number): Key => ({
      pk,
      sk: `EVENT#${type}#${id}#${String(version).padStart(EVENT_VERSION_DIGITS, "0")}`,
    }),

    /** A known number of partitions, so that all of them can be found again. */
    idempotency: (keyHash: string): Key => ({
      pk: inTenant(`IDEMPOTENCY#${padded(shardOf(keyHash, ROW_SHARDS))}`),
      sk: `MARKER#${keyHash}`,
    }),
    idempotencyShards: (): readonly string[] =>
      everyShard.map((shard) => inTenant(`IDEMPOTENCY#${padded(shard)}`)),

    actionItem: (actionItemId: ActionItemId): Key => ({
      pk: inTenant(`ACTION#${actionItemId}`),
      sk: "ACTION",
    }),
    actionItemList: (partnerId: PartnerId): string => inTenant(`LIST#ACTION#${partnerId}`),
    /** Open ones first, by due date. */
    actionItemListSort: (isOpen: boolean, dueOn: string, actionItemId: ActionItemId): string =>
      `${isOpen ? "0" : "1"}#${dueOn}#${actionItemId}`,

    /** A goal with its notes and the rows of its owners. */
    goal: (goalId: GoalId): Key => ({ pk: inTenant(`GOAL#${goalId}`), sk: "GOAL" }),
    goalList: (partnerId: PartnerId): string => inTenant(`LIST#GOAL#${partnerId}`),
    goalListPrefix: (status: GoalStatus): string => `${GOAL_ORDER[status]}#`,
    goalListSort: (status: GoalStatus, dueOn: string, goalId: GoalId): string =>
      `${GOAL_ORDER[status]}#${dueOn}#${goalId}`,
    goalDuty: (goalId: GoalId, side: string): Key => ({
      pk: inTenant(`GOAL#${goalId}`),
      sk: `OWNER#${side}`,
    }),
    goalNote: (goalId: GoalId, version: number): Key => ({
      pk: inTenant(`GOAL#${goalId}`),
      sk: `NOTE#${padded(version)}`,
    }),
    goalNotePrefix: "NOTE#",

    /** What one person still has to do of one kind, by due date. */
    workList: (kind: string, personOnSide: MemberId | PartnerUserId): string =>
      inTenant(`WORK#${personOnSide}#${kind}`),
    workListSort: (due: string, id: string): string => `${due}#${id}`,

    rankingEntry: (partnerId: PartnerId, period: Period): Key => ({
      pk: partner(partnerId),
      sk: `RANKING#${period}`,
    }),
    /** Each group of peers is a list of its own, so that no period is one hot partition. */
    rankingGroup: (period: Period, { segment, region }: PeerGroup): string =>
      inTenant(`RANK#${period}#${segment}#${hashed(region)}`),
    /** From the best score down, then those without a rating; equal ones by name. */
    rankingPlace: (score: number | null, nameKey: string, partnerId: PartnerId): string =>
      `${score === null ? UNRATED : rankedFrom(score)}${nameKey.replaceAll("#", " ").slice(0, 200)}#${partnerId}`,
    /** Sort keys of every place with a score above the one and below the other. */
    rankingBetween: ({ above, below }: { above: number; below: number }) => ({
      from: below > TOP_SCORE ? "0" : rankedFrom(below - SCORE_STEP),
      to: rankedFrom(above),
    }),
    /** Sort keys from a place on, that place included. */
    rankingFrom: (place = "0"): { from: string; to: string } => ({ from: place, to: "3" }),
    rankingSummary: (period: Period): string => inTenant(`RANKSUM#${period}`),
    rankingSummaryPart: (period: Period, { segment, region }: PeerGroup): Key => ({
      pk: inTenant(`RANKSUM#${period}`),
      sk: `GROUP#${segment}#${hashed(region)}`,
    }),

    cycle: (cycleId: CycleId): Key => ({ pk: inTenant(`CYCLE#${cycleId}`), sk: "CYCLE" }),
    cycleList: (): string => inTenant("LIST#CYCLE"),
    cycleListSort: (opensAt: string, cycleId: CycleId): string => `${opensAt}#${cycleId}`,
    cycleChunk: (cycleId: CycleId, chunk: number): Key => ({
      pk: inTenant(`CYCLE#${cycleId}`),
      sk: `CHUNK#${String(chunk).padStart(CHUNK_DIGITS, "0")}`,
    }),
    calibration: (cycleId: CycleId): Key => ({
      pk: inTenant(`CYCLE#${cycleId}`),
      sk: "CALIBRATION",
    }),
    cycleChunkPrefix: "CHUNK#",

    review: ({ cycleId, partnerId }: ReviewKey): Key => ({
      pk: review(cycleId, partnerId),
      sk: "REVIEW",
    }),
    reviewList: (cycleId: CycleId): string => inTenant(`LIST#REVIEW#${cycleId}`),
    contribution: ({ cycleId, partnerId }: ReviewKey, at: string, id: ContributionId): Key => ({
      pk: review(cycleId, partnerId),
      sk: `CONTRIBUTION#${at}#${id}`,
    }),
    contributionSort: (at: string, id: ContributionId): string => `CONTRIBUTION#${at}#${id}`,
    contributionPrefix: "CONTRIBUTION#",
    dispute: ({ cycleId, partnerId }: ReviewKey, disputeId: DisputeId): Key => ({
      pk: review(cycleId, partnerId),
      sk: `DISPUTE#${disputeId}`,
    }),
    disputeSort: (disputeId: DisputeId): string => `DISPUTE#${disputeId}`,
    disputePrefix: "DISPUTE#",
    /** One matter of a card, so that it is disputed once at a time. */
    disputedSubject: (
      { cycleId, partnerId }: ReviewKey,
      { about, metricId }: DisputeSubject,
    ): Key => ({
      pk: review(cycleId, partnerId),
      sk: `DISPUTED#${about}#${metricId ?? ""}`,
    }),
    cycleDisputes: (cycleId: CycleId): string => inTenant(`LIST#DISPUTE#${cycleId}`),
    openDisputes: (): string => inTenant("LIST#OPENDISPUTE"),
    /** By when they were filed, or by the last day to decide. */
    disputeListSort: (on: string, disputeId: DisputeId): string => `${on}#${disputeId}`,
    sessionSort: "SESSION",
    session: ({ cycleId, partnerId }: ReviewKey): Key => ({
      pk: review(cycleId, partnerId),
      sk: "SESSION",
    }),

    /** A plan, its events, whom it waits for and the tokens of its workflow. */
    plan: (planId: PlanId): Key => ({ pk: inTenant(`PLAN#${planId}`), sk: "PLAN" }),
    planList: (partnerId: PartnerId): string => inTenant(`LIST#PLAN#${partnerId}`),
    planListSort: (createdAt: string, planId: PlanId): string => `${createdAt}#${planId}`,
    waitingPlan: (planId: PlanId, memberId: MemberId): Key => ({
      pk: inTenant(`PLAN#${planId}`),
      sk: `WAITING#${memberId}`,
    }),
    waitingPlanList: (): string => inTenant("LIST#WAITINGPLAN"),
    stepToken: (planId: PlanId, step: PlanStep, tokenHash: string): Key => ({
      pk: inTenant(`PLAN#${planId}`),
      sk: `${tokensOf(step)}${tokenHash}`,
    }),
    stepTokenPrefix: (step: PlanStep): string => tokensOf(step),

    /** The audit trail of one UTC day: its entries, and the segments that link them. */
    auditDay: (day: string): string => inTenant(`AUDIT#${day}`),
    auditEntry: (day: string, entryKey: string): Key => ({
      pk: inTenant(`AUDIT#${day}`),
      sk: `ENTRY#${entryKey}`,
    }),
    auditEntryPrefix: "ENTRY#",
    auditSegment: (day: string, number: number): Key => ({
      pk: inTenant(`AUDIT#${day}`),
      sk: `SEGMENT#${String(number).padStart(CHAIN_DIGITS, "0")}`,
    }),
    auditSegmentPrefix: "SEGMENT#",
    auditOfObject: (type: string, id: string): string => inTenant(`AUDITOF#${type}#${id}`),
    auditOfActor: (actorId: string): string => inTenant(`AUDITBY#${actorId}`),
    auditLink: (number: number): Key => ({
      pk: inTenant("AUDITCHAIN"),
      sk: `LINK#${String(number).padStart(CHAIN_DIGITS, "0")}`,
    }),
    auditLinkPrefix: "LINK#",
    auditHead: (number: number): Key => ({
      pk: inTenant("AUDITCHAIN"),
      sk: `HEAD#${String(number).padStart(CHAIN_DIGITS, "0")}`,
    }),
    auditHeadPrefix: "HEAD#",
    personSalt: (holder: PersonalHolder): Key => ({
      pk: inTenant(`PERSONSALT#${holder}`),
      sk: "SALT",
    }),
    everyEventPrefix: "EVENT#",
    /** Sort keys of the events of one aggregate, in their partition. */
    eventPrefix: (type: string, id: string): string => `EVENT#${type}#${id}#`,
    /** A partition of this tenant by what follows its prefix, as the audit trail remembers it. */
    partitionOf: (rest: string): string => inTenant(rest),

    /** What the tenant says of confidentiality, and what it says of single partners. */
    confidentiality: (): Key => ({ pk: inTenant("CONFIDENTIALITY"), sk: "RULES" }),
    /** Whether there is anything of single partners to read. */
    partnerRulesMark: (): Key => ({ pk: inTenant("CONFIDENTIALITY"), sk: "MARK" }),
    partnerConfidentiality: (partnerId: PartnerId): Key => ({
      pk: inTenant("CONFIDENTIALITY"),
      sk: `PARTNER#${partnerId}`,
    }),
    partnerConfidentialityPrefix: "PARTNER#",
    /** Who read what is confidential, by UTC day; the same within an hour is the same read. */
    confidentialRead: (at: string, what: readonly unknown[]): Key => ({
      pk: inTenant(`READS#${at.slice(0, 10)}`),
      sk: `READ#${at.slice(11, 13)}#${hashed(JSON.stringify(what))}`,
    }),
    confidentialReads: (day: string): string => inTenant(`READS#${day}`),
    confidentialReadPrefix: "READ#",
    readsOfPartner: (partnerId: PartnerId): string => inTenant(`READSOF#${partnerId}`),
    readsByActor: (actorId: string): string => inTenant(`READSBY#${actorId}`),

    /** How long what is kept, what is held, and what was removed share a partition. */
    retention: (): Key => ({ pk: inTenant("RETENTION"), sk: "RULES" }),
    holdsInForce: (): Key => ({ pk: inTenant("RETENTION"), sk: "HOLDSINFORCE" }),
    legalHold: (holdId: LegalHoldId): Key => ({ pk: inTenant("RETENTION"), sk: `HOLD#${holdId}` }),
    legalHoldPrefix: "HOLD#",
    retentionRun: (day: CalendarDate): Key => ({ pk: inTenant("RETENTION"), sk: `RUN#${day}` }),
    retentionRunPrefix: "RUN#",

    sentMail: (mailId: string): Key => ({
      pk: inTenant(`MAIL#${padded(shardOf(mailId, ROW_SHARDS))}`),
      sk: `MAIL#${mailId}`,
    }),
    sentMailShards: (): readonly string[] =>
      everyShard.map((shard) => inTenant(`MAIL#${padded(shard)}`)),

    /** Facts of one partner, beside nothing else. */
    fact: (partnerId: PartnerId, opportunityId: OpportunityId): Key => ({
      pk: inTenant(`FACTS#${partnerId}`),
      sk: `OPP#${opportunityId}`,
    }),
    factPartition: (partnerId: PartnerId): string => inTenant(`FACTS#${partnerId}`),
    factPrefix: "OPP#",
    /** The live numbers of one partner. */
    rollupMonth: (partnerId: PartnerId, month: string): Key => ({
      pk: inTenant(`LIVE#${partnerId}`),
      sk: `ROLLUP#${month}`,
    }),
    /** Handed-in figures of one partner. */
    figure: (partnerId: PartnerId, month: string, measure: string): Key => ({
      pk: inTenant(`FIGURES#${partnerId}`),
      sk: `FIGURE#${month}#${measure}`,
    }),
    figures: (partnerId: PartnerId): string => inTenant(`FIGURES#${partnerId}`),
    /** Sort keys of these months, both inclusive. */
    figuresBetween: (from: string, to: string): { from: string; to: string } => ({
      from: `FIGURE#${from}`,
      to: `FIGURE#${to}~`,
    }),
    figurePrefix: "FIGURE#",
    /** What people said of one partner on anchored scales. */
    rating: ({ partnerId, month, indicatorId, rater }: RatingKey): Key => ({
      pk: inTenant(`RATINGS#${partnerId}`),
      sk: `RATING#${month}#${indicatorId}#${rater}`,
    }),
    ratings: (partnerId: PartnerId): string => inTenant(`RATINGS#${partnerId}`),
    /** Sort keys of these months, both inclusive. */
    ratingsBetween: (from: string, to: string): { from: string; to: string } => ({
      from: `RATING#${from}`,
      to: `RATING#${to}~`,
    }),
    ratingPrefix: "RATING#",
    liveNumbers: (partnerId: PartnerId): string => inTenant(`LIVE#${partnerId}`),
    /** Sorts between the events of the partition and the months, which are read together with it. */
    targetSet: ({ partnerId, programId, from }: TargetSetKey): Key => ({
      pk: inTenant(`LIVE#${partnerId}`),
      sk: `EXPECTED#${programId}#${from}`,
    }),
    targetSetPrefix: "EXPECTED#",
    waitingTargetList: (): string => inTenant("LIST#WAITINGTARGETS"),
    /** The next to begin first. */
    waitingTargetSort: ({ partnerId, programId, from }: TargetSetKey): string =>
      `${from}#${partnerId}#${programId}`,
    /** Sort keys of those of this quarter and later. */
    waitingTargetsFrom: (from: Quarter): { from: string; to: string } => ({ from, to: "~" }),
    factReport: (partnerId: PartnerId, factReportId: FactReportId): Key => ({
      pk: inTenant(`FACTREPORTS#${partnerId}`),
      sk: `REPORT#${factReportId}`,
    }),
    factReports: (partnerId: PartnerId): string => inTenant(`FACTREPORTS#${partnerId}`),
    factReportPrefix: "REPORT#",

    source: (sourceId: SourceId): Key => ({ pk: source(sourceId), sk: "SOURCE" }),
    sourceList: (): string => inTenant("LIST#SOURCE"),
    sourceState: (sourceId: SourceId): Key => ({ pk: source(sourceId), sk: "STATE" }),
    price: (sourceId: SourceId, productKey: string): Key => ({
      pk: source(sourceId),
      sk: `PRICE#${textSort(productKey)}`,
    }),
    pricePrefix: "PRICE#",
    alias: (sourceId: SourceId, aliasId: AliasId): Key => ({
      pk: source(sourceId),
      sk: `ALIAS#${aliasId}`,
    }),
    aliasPrefix: "ALIAS#",
    heldRow: (sourceId: SourceId, externalId: string): Key => ({
      pk: source(sourceId),
      sk: `HELD#${textSort(externalId)}`,
    }),
    heldRowPrefix: "HELD#",
    indexPage: (sourceId: SourceId, generation: number, index: number): Key => ({
      pk: source(sourceId),
      sk: `INDEX#${padded(generation)}#${padded(index)}`,
    }),
    indexPatch: (sourceId: SourceId, externalId: string): Key => ({
      pk: source(sourceId),
      sk: `PATCH#${textSort(externalId)}`,
    }),
    indexPatchPrefix: "PATCH#",
    flagOfSource: (sourceId: SourceId, flagId: FlagId): Key => ({
      pk: source(sourceId),
      sk: `FLAG#${flagId}`,
    }),
    flagOfSourcePrefix: "FLAG#",
    flag: (flagId: FlagId): Key => ({ pk: inTenant(`FLAG#${flagId}`), sk: "FLAG" }),
    flagRows: (flagId: FlagId, index: number): Key => ({
      pk: inTenant(`FLAG#${flagId}`),
      sk: `ROWS#${padded(index)}`,
    }),
    flagList: (status: string): string => inTenant(`LIST#FLAG#${status}`),

    import: (importId: ImportId): Key => ({ pk: inTenant(`IMPORT#${importId}`), sk: "IMPORT" }),
    importList: (): string => inTenant("LIST#IMPORT"),
    importChunk: (importId: ImportId, group: string, ordinal: number): Key => ({
      pk: inTenant(`IMPORT#${importId}`),
      sk: `CHUNK#${group}#${padded(ordinal)}`,
    }),
    importChunkPrefix: "CHUNK#",
    rowErrors: (importId: ImportId, index: number): Key => ({
      pk: inTenant(`IMPORT#${importId}`),
      sk: `ERRORS#${padded(index)}`,
    }),

    /** Apart from the membership: what is read with each request must not be what each writes. */
    rateBucket: (principal: string, rateClass: string): Key => ({
      pk: inTenant(`RATE#${principal}`),
      sk: `BUCKET#${rateClass}`,
    }),

    tenant: (): Key => ({ pk: inTenant("TENANT"), sk: "TENANT" }),
    signUp: (): Key => ({ pk: inTenant("SIGNUP"), sk: "SIGNUP" }),
    /** Apart from the tenant: what is counted is written with every new partner. */
    subscription: (): Key => ({ pk: inTenant("SUBSCRIPTION"), sk: "SUBSCRIPTION" }),
    usage: (): Key => ({ pk: inTenant("USAGE"), sk: "USAGE" }),
    importsOfDay: (day: CalendarDate): Key => ({ pk: inTenant("USAGE"), sk: `IMPORTS#${day}` }),
    invoice: (invoiceId: InvoiceId): Key => ({
      pk: inTenant("SUBSCRIPTION"),
      sk: `INVOICE#${invoiceId}`,
    }),
    invoicePrefix: "INVOICE#",
    billing: (): Key => ({ pk: inTenant("SUBSCRIPTION"), sk: "BILLING" }),
    billingEvent: (eventId: string): Key => ({
      pk: inTenant("SUBSCRIPTION"),
      sk: `BILLINGEVENT#${hashed(eventId)}`,
    }),
    /** All exports of everything share a partition: a handful of rows, and their lists of places. */
    tenantExports: (): string => inTenant("EXPORTS"),
    tenantExport: (exportId: ExportId): Key => ({
      pk: inTenant("EXPORTS"),
      sk: `EXPORT#${exportId}`,
    }),
    tenantExportPrefix: "EXPORT#",
    exportPart: (exportId: ExportId, part: number): Key => ({
      pk: inTenant("EXPORTS"),
      sk: `PART#${exportId}#${padded(part)}`,
    }),
    membership: (membershipId: MembershipId): Key => ({
      pk: membership(membershipId),
      sk: "MEMBERSHIP",
    }),
    moderatorProposalSort: "MODERATOR",
    moderatorProposal: (memberId: MemberId): Key => ({
      pk: membership(memberId),
      sk: "MODERATOR",
    }),
    loginSession: (membershipId: MembershipId, sessionId: LoginSessionId): Key => ({
      pk: membership(membershipId),
      sk: `SESSION#${sessionId}`,
    }),
    sso: (): Key => ({ pk: inTenant("SSO"), sk: "CONNECTION" }),
    ssoLink: (issuer: string, subject: string): Key => ({
      pk: inTenant(`SSOLINK#${ssoLinkId(issuer, subject)}`),
      sk: "LINK",
    }),
    ssoLinkId,
    /** Beside the member, so that two subjects of one issuer never are the same member. */
    ssoLinkOfMember: (issuer: string, memberId: MemberId): Key => ({
      pk: membership(memberId),
      sk: `SSOLINK#${hashed(issuer)}`,
    }),
    ssoLinkOfMemberPrefix: "SSOLINK#",
    ssoLinkPartition: (linkId: string): string => inTenant(`SSOLINK#${linkId}`),
    ssoLinkRow: (linkId: string): Key => ({ pk: inTenant(`SSOLINK#${linkId}`), sk: "LINK" }),
    ssoLogin: (stateHash: string): Key => ({
      pk: inTenant(`SSOLOGIN#${padded(shardOf(stateHash, ROW_SHARDS))}`),
      sk: `LOGIN#${stateHash}`,
    }),
    ssoHandover: (codeHash: string): Key => ({
      pk: inTenant(`SSOLOGIN#${padded(shardOf(codeHash, ROW_SHARDS))}`),
      sk: `HANDOVER#${codeHash}`,
    }),
    ssoLoginShards: (): readonly string[] =>
      everyShard.map((shard) => inTenant(`SSOLOGIN#${padded(shard)}`)),
    apiKey: (apiKeyId: ApiKeyId): Key => ({ pk: inTenant(`APIKEY#${apiKeyId}`), sk: "APIKEY" }),
    apiKeyList: (): string => inTenant("LIST#APIKEY"),
    apiKeyListSort: (createdAt: string, apiKeyId: ApiKeyId): string => `${createdAt}#${apiKeyId}`,
    loginSessions: (membershipId: MembershipId): { pk: string; prefix: string } => ({
      pk: membership(membershipId),
      prefix: "SESSION#",
    }),
    invitation: (invitationId: InvitationId): Key => ({
      pk: inTenant(`INVITATION#${invitationId}`),
      sk: "INVITATION",
    }),
    /** To the tenant itself, or to one partner. */
    invitationList: (partnerId: PartnerId | null): string =>
      inTenant(partnerId ? `LIST#INVITATION#${partnerId}` : "LIST#INVITATION"),
    /** Those nobody has answered, by the instant they expire. */
    pendingInvitations: (): string => inTenant("LIST#PENDINGINVITATION"),
    invitationSort: (instant: string, invitationId: InvitationId): string =>
      `${instant}#${invitationId}`,
    /** Sort keys of those that expire after the instant. */
    invitationsAfter: (instant: string): { from: string; to: string } => ({
      from: `${instant}$`,
      to: "~",
    }),
    invitedAddress: (email: EmailAddress): string => inTenant(`INVITED#${hashed(email)}`),
    /** What an address is invited to once at a time: the tenant, or one partner. */
    invitedTo: (email: EmailAddress, partnerId: PartnerId | null): Key => ({
      pk: inTenant(`INVITED#${hashed(email)}`),
      sk: partnerId ? `PARTNER#${partnerId}` : "MEMBER",
    }),

    /** Who has which duty at a partner or in a program, and who had it. */
    roster: (scopeId: PartnerId | ProgramId): Key => ({
      pk: inTenant(`ROSTER#${scopeId}`),
      sk: "ROSTER",
    }),
    pastAssignment: (
      scopeId: PartnerId | ProgramId,
      until: string,
      assignmentId: AssignmentId,
    ): Key => ({ pk: inTenant(`ROSTER#${scopeId}`), sk: `PAST#${until}#${assignmentId}` }),
    pastAssignmentPrefix: "PAST#",

    memberList: () => inTenant("LIST#MEMBER"),
    partnerUserList: (partnerId: PartnerId) => inTenant(`LIST#PARTNERUSER#${partnerId}`),
    /** Lists by name; the id makes the order total. */
    nameSort: (nameKey: string, id: string): string =>
      `${nameKey.replaceAll("#", " ").slice(0, 200)}#${id}`,

    tier: (partnerId: PartnerId, programId: ProgramId): Key => ({
      pk: partner(partnerId),
      sk: `TIER#${programId}`,
    }),
    tierPrefix: "TIER#",
    waitingTiers: (): string => inTenant("LIST#WAITINGTIER"),
    waitingTierSort: (since: string, partnerId: PartnerId, programId: ProgramId): string =>
      `${since}#${partnerId}#${programId}`,

    partner: (partnerId: PartnerId): Key => ({ pk: partner(partnerId), sk: "PARTNER" }),
    partnerName: (nameKey: string): Key => ({
      pk: inTenant(`PARTNERNAME#${hashed(nameKey)}`),
      sk: "CLAIM",
    }),
    partnerList: () => inTenant("LIST#PARTNER"),
    partnerListSort: (nameKey: string, partnerId: PartnerId): string =>
      `${nameKey.replaceAll("#", " ").slice(0, 200)}#${partnerId}`,

    /** The playbook with its versions and their texts: a handful of rows for each version. */
    playbook: (): Key => ({ pk: inTenant("PLAYBOOK"), sk: "PLAYBOOK" }),
    playbookVersion: (number: number): Key => ({
      pk: inTenant("PLAYBOOK"),
      sk: `VERSION#${String(number).padStart(REVISION_DIGITS, "0")}`,
    }),
    playbookVersionPrefix: "VERSION#",
    playbookText: (slug: string, number: number): Key => ({
      pk: inTenant("PLAYBOOK"),
      sk: `TEXT#${slug}#${String(number).padStart(REVISION_DIGITS, "0")}`,
    }),

    /** All programs of a tenant, with their versions, share a partition: a handful of rows. */
    programs: (): string => inTenant("PROGRAMS"),
    program: (programId: ProgramId): Key => ({
      pk: inTenant("PROGRAMS"),
      sk: `PROGRAM#${programId}`,
    }),
    programPrefix: "PROGRAM#",
    programVersion: (programId: ProgramId, version: number): Key => ({
      pk: inTenant("PROGRAMS"),
      sk: `VERSION#${programId}#${String(version).padStart(REVISION_DIGITS, "0")}`,
    }),
    /** Among the versions of its program. */
    overriddenCadence: (programId: ProgramId, cadence: Cadence): Key => ({
      pk: inTenant("PROGRAMS"),
      sk: `VERSION#${programId}#CADENCE#${cadence}`,
    }),
    cadenceOverride: ({ partnerId, programId }: CadenceKey): Key => ({
      pk: partner(partnerId),
      sk: `CADENCE#${programId}`,
    }),
    cadencePrefix: "CADENCE#",
    reScoring: (programId: ProgramId, version: number): Key => ({
      pk: inTenant("PROGRAMS"),
      sk: `RESCORING#${programId}#${String(version).padStart(REVISION_DIGITS, "0")}`,
    }),
    /** Of one program, or of all. */
    programVersionPrefix: (programId?: ProgramId): string =>
      programId === undefined ? "VERSION#" : `VERSION#${programId}#`,

    card: ({ cycleId, partnerId }: ReviewKey, revision: number): Key => ({
      pk: review(cycleId, partnerId),
      sk: `CARD#${String(revision).padStart(REVISION_DIGITS, "0")}`,
    }),
    cardPrefix: "CARD#",
    /** Apart from the cards, so that reading these never reads the facts behind them. */
    cardInputs: (
      { cycleId, partnerId }: ReviewKey,
      revision: number,
      inputsDigest: string,
      chunk: number,
    ): Key => ({
      pk: review(cycleId, partnerId),
      sk: `${cardInputs(revision)}${inputsDigest.slice(0, 16)}#${String(chunk).padStart(CHUNK_DIGITS, "0")}`,
    }),
    cardInputsPrefix: (revision: number): string => cardInputs(revision),
    cardInputsEnd: (revision: number): string => `${cardInputs(revision)}~`,
  };
};
export type TenantKeys = ReturnType<typeof tenantKeys>;

/** Partitions that belong to no tenant; each is behind its own port and used by system actors only. */
export const systemKeys = {
  /** Two keys live here: the public set that verifies tokens, and nothing else. */
  signingKeys: (): Key => ({ pk: "SYSTEM#SIGNING-KEYS", sk: "PUBLIC" }),

  tenantDirectory: (): string => "SYSTEM#TENANTS",
  tenantEntry: (tenantId: TenantId): Key => ({ pk: "SYSTEM#TENANTS", sk: `TENANT#${tenantId}` }),

  loginAddress: (email: EmailAddress): Key => ({
    pk: `SYSTEM#LOGIN#${hashed(email)}`,
    sk: "PERSON",
  }),
  /** What is guessed at is hashed: an address or a network is no part of a key. */
  guessBucket: ({ kind, isKnown, subject }: GuessBucket): Key => ({
    pk: `SYSTEM#GUESS#${kind}${isKnown ? "#KNOWN" : ""}#${hashed(subject)}`,
    sk: "BUCKET",
  }),
  loginLink: (linkId: LoginLinkId): Key => ({ pk: `SYSTEM#LOGINLINK#${linkId}`, sk: "LINK" }),
  /** Apart from the person's own partition, which tenants write their memberships to. */
  secondFactor: (personId: PersonId): Key => ({
    pk: `SYSTEM#FACTOR#${personId}`,
    sk: "FACTOR",
  }),
  /** Apart from the person, who is read whole with each log-in. */
  securityEvents: (personId: PersonId): string => `SYSTEM#SECURITY#${personId}`,
  securityEvent: ({
    personId,
    at,
    kind,
    name,
  }: Pick<SecurityEvent, "at" | "kind" | "name" | "personId">): Key => ({
    pk: `SYSTEM#SECURITY#${personId}`,
    sk: `${at}#${kind}#${name}`,
  }),
  loginChallenge: (challengeHash: string): Key => ({
    pk: `SYSTEM#CHALLENGE#${challengeHash}`,
    sk: "CHALLENGE",
  }),
  /** A person and their ways into tenants share a partition. */
  person: (personId: PersonId): Key => ({ pk: `SYSTEM#PERSON#${personId}`, sk: "PERSON" }),
  membership: (personId: PersonId, tenantId: TenantId, partnerId: PartnerId | null): Key => ({
    pk: `SYSTEM#PERSON#${personId}`,
    sk: partnerId ? `MEMBERSHIP#${tenantId}#PARTNER#${partnerId}` : `MEMBERSHIP#${tenantId}#MEMBER`,
  }),
  /** Opens nothing; what a person's own export and erasure find the membership by. */
  endedMembership: (personId: PersonId, tenantId: TenantId, membershipId: MembershipId): Key => ({
    pk: `SYSTEM#PERSON#${personId}`,
    sk: `MEMBERSHIP#${tenantId}#ENDED#${membershipId}`,
  }),
  /** Every invitation of an address, in all tenants, whoever has it. */
  invitationsTo: (email: EmailAddress): string => `SYSTEM#INVITED#${hashed(email)}`,
  invitationTo: (email: EmailAddress, tenantId: TenantId, invitationId: InvitationId): Key => ({
    pk: `SYSTEM#INVITED#${hashed(email)}`,
    sk: `INVITATION#${tenantId}#${invitationId}`,
  }),
  invitationsIn: (tenantId: TenantId): string => `INVITATION#${tenantId}#`,

  erasure: (tenantId: TenantId): Key => ({ pk: `SYSTEM#ERASURE#${tenantId}`, sk: "ERASURE" }),
  erasurePart: (tenantId: TenantId, part: number): Key => ({
    pk: `SYSTEM#ERASURE#${tenantId}`,
    sk: `PART#${padded(part)}`,
  }),

  timersOf: (tenantId: TenantId): string => systemKeys.timers(shardOf(tenantId, TIMER_SHARDS)),
  timers: (shard: number): string => `SYSTEM#TIMER#${String(shard).padStart(2, "0")}`,
  /** All timers of a tenant are in one shard, by the instant they are due. */
  timer: ({ tenantId, kind, subject, dueAt }: SetTimer): Key => ({
    pk: systemKeys.timers(shardOf(tenantId, TIMER_SHARDS)),
    sk: `${dueAt}#${kind}#${tenantId}#${subject}`,
  }),
  /** Sort keys of what is due at the instant or before. */
  timersUntil: (at: string): { from: string; to: string } => ({ from: "0", to: `${at}$` }),
  lastTick: (): Key => ({ pk: "SYSTEM#TICK", sk: "LAST" }),
};
