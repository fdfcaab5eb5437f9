import { type Actor, requirePermission } from "../actor/index.ts";
import { type ApiKeyStore, ApiKeyView } from "../api-key/index.ts";
import { type AuditEntry, AuditEvent, MOST_EXPORTED, rangeOf } from "../audit/index.ts";
import { everyItem } from "../context/index.ts";
import type { DisputeStore } from "../dispute/index.ts";
import { raise } from "../error/index.ts";
import type { Goal, GoalNote, GoalStore } from "../goal/index.ts";
import { everyDutyOf, type HandoverStore } from "../handover/index.ts";
import { MemberId, type MintId, PartnerUserId, type PersonId, type TenantId } from "../id/index.ts";
import { viewOf as invitationViewOf } from "../invitation/index.ts";
import { type LoginSession, provesPerson } from "../login/index.ts";
import type { Member, PartnerUser } from "../member/index.ts";
import type { Membership, PersonRepository } from "../person/index.ts";
import type { PersonErasureRepository, TracesStore } from "../person-erasure/index.ts";
import { type RatingStore, ratingIdOf } from "../rating/index.ts";
import type { ReviewStore } from "../review/index.ts";
import { type SecondFactorRepository, viewOf } from "../second-factor/index.ts";
import { type SecurityEventRepository, SecurityEventView } from "../security-event/index.ts";
import type { TenantDirectory } from "../tenant/index.ts";
import type { ActivityQuery, ExportedMembership, OwnActivity, PersonExport } from "./schema.ts";

type ExportedStore = TracesStore &
  HandoverStore &
  ReviewStore &
  ApiKeyStore &
  DisputeStore &
  RatingStore &
  GoalStore;

/** A person over all of their memberships. */
export interface PersonExportContext {
  readonly actor: Actor;
  readonly session: LoginSession;
  readonly people: PersonRepository;
  readonly personErasures: Pick<PersonErasureRepository, "invitationsTo">;
  readonly secondFactors: Pick<SecondFactorRepository, "get">;
  readonly securityEvents: Pick<SecurityEventRepository, "listOf">;
  readonly tenants: TenantDirectory;
  /** Each membership gets stores of its own, which know its tenant alone. */
  readonly openTenant: (tenantId: TenantId) => ExportedStore;
  readonly now: Date;
  readonly wallNow: Date;
  readonly mint: MintId;
}

const MOST_ACTIVITY = 1_000;
const TEXTS_AT_ONCE = 100;

/**
 * Everything of the person in one document, each tenant's part read through stores that know that tenant
 * alone; logged in by a tenant's single sign-on, that tenant's part.
 * @throws DomainError permission-denied
 */
export async function exportPerson(ctx: PersonExportContext): Promise<PersonExport> {
  const { person, memberships } = await ownOf(ctx);
  const tenants = await ctx.tenants.find([...new Set(memberships.map((one) => one.tenantId))]);
  const nameOf = new Map(tenants.map(({ tenantId, name }) => [tenantId, name]));
  const exported: ExportedMembership[] = [];
  for (const membership of memberships) {
    const one = await membershipIn(ctx, membership, nameOf.get(membership.tenantId) ?? "");
    if (one) exported.push(one);
  }
  const { personId, email, passwordHash, createdAt } = person;
  return {
    exportedAt: ctx.wallNow.toISOString(),
    person: { personId, email, hasPassword: passwordHash !== null, createdAt },
    ...(await securityOf(ctx, personId)),
    memberships: exported,
    invitations: await invitationsTo(ctx, email, memberships),
  };
}

/** Of a tenant's single sign-on: what happened in that tenant. */
async function securityOf(
  { secondFactors, securityEvents, session }: PersonExportContext,
  personId: PersonId,
): Promise<Pick<PersonExport, "secondFactor" | "securityEvents">> {
  const found: SecurityEventView[] = [];
  for await (const event of everyItem((page) => securityEvents.listOf(personId, page))) {
    if (found.length === MOST_ACTIVITY) break;
    const isReached = provesPerson(session) || event.membershipId === session.membershipId;
    if (isReached) found.push(SecurityEventView.parse(event));
  }
  if (!provesPerson(session)) return { secondFactor: null, securityEvents: found };
  const { confirmedAt } = viewOf(await secondFactors.get(personId));
  return {
    secondFactor: { isOn: confirmedAt !== null, since: confirmedAt },
    securityEvents: found,
  };
}

/**
 * What the person did through one of their memberships, day by day, however much there is.
 * @throws DomainError permission-denied | membership-not-found | request-invalid | audit-range-too-long
 */
export async function readActivity(
  ctx: PersonExportContext,
  { membershipId, ...range }: ActivityQuery,
): Promise<readonly OwnActivity[]> {
  const { memberships } = await ownOf(ctx);
  const wanted = membershipId ?? ctx.session.membershipId;
  const membership = memberships.find((one) => one.membershipId === wanted);
  if (!membership) raise("membership-not-found");
  const found = await activityOf(ctx, membership, rangeOf(range, ctx.now), MOST_EXPORTED);
  if (found.hasMore) raise("audit-range-too-long", `At most ${MOST_EXPORTED} are told at once`);
  return found.items;
}

async function ownOf(ctx: PersonExportContext) {
  const { personId } = requirePermission(ctx.actor, "me:read");
  const { person, memberships, ended } = await ctx.people.load(personId);
  if (!person) raise("unauthenticated");
  const isReached = ({ membershipId }: Membership): boolean =>
    provesPerson(ctx.session) || membershipId === ctx.session.membershipId;
  return { person, memberships: [...memberships, ...ended].filter(isReached) };
}

async function membershipIn(
  ctx: PersonExportContext,
  membership: Membership,
  tenantName: string,
): Promise<ExportedMembership | undefined> {
  const { tenantId, membershipId, partnerId } = membership;
  const store = ctx.openTenant(tenantId);
  const row = await rowOf(store, membershipId);
  if (!row || row.personId !== membership.personId) return undefined;
  const sessions = await store.loginSessions.listOf(membershipId);
  const activity = await activityOf(ctx, membership, everyDay, MOST_ACTIVITY);
  const { displayName, email, roles, status, createdAt, updatedAt } = row;
  return {
    ...{ tenantId, tenantName, membershipId, partnerId },
    ...{ displayName, email, roles, status, createdAt, updatedAt },
    loginSessions: sessions.map(({ sessionId, method, client, expiresAt, ...at }) => ({
      ...{ sessionId, method, client, createdAt: at.createdAt, lastUsedAt: at.lastUsedAt },
      expiresAt: new Date(expiresAt * 1000).toISOString(),
    })),
    ...("memberId" in row
      ? await ofMember(store, row.memberId)
      : { singleSignOn: [], apiKeys: [] }),
    duties: await everyDutyOf({ actor: ctx.actor, store, now: ctx.now, mint: ctx.mint }, row),
    activity: [...activity.items],
    hasMoreActivity: activity.hasMore,
  };
}

const everyDay = { from: "0001-01-01", to: "9999-12-31" };

async function rowOf(
  { members, partnerUsers }: ExportedStore,
  membershipId: Membership["membershipId"],
): Promise<Member | PartnerUser | undefined> {
  const memberId = MemberId.safeParse(membershipId).data;
  return memberId ? members.get(memberId) : partnerUsers.get(PartnerUserId.parse(membershipId));
}

/** What a partner's people have none of. */
async function ofMember(
  store: ExportedStore,
  memberId: MemberId,
): Promise<Pick<ExportedMembership, "singleSignOn" | "apiKeys">> {
  const apiKeys: ExportedMembership["apiKeys"] = [];
  for await (const key of everyItem((page) => store.apiKeys.list(page))) {
    if (key.issuedBy === memberId) apiKeys.push(ApiKeyView.parse(key));
  }
  const links = await store.singleSignOn.linksOf(memberId);
  const singleSignOn = links
    .filter(({ link }) => link.memberId === memberId)
    .map(({ link: { issuer, subject, linkedAt } }) => ({ issuer, subject, linkedAt }));
  return { singleSignOn, apiKeys };
}

async function activityOf(
  { openTenant }: PersonExportContext,
  { tenantId, membershipId }: Membership,
  days: { readonly from: string; readonly to: string },
  most: number,
): Promise<{ readonly items: readonly OwnActivity[]; readonly hasMore: boolean }> {
  const store = openTenant(tenantId);
  const entries: AuditEntry[] = [];
  let hasMore = false;
  for await (const entry of everyItem((page) =>
    store.audit.listOfActor(membershipId, days, page),
  )) {
    hasMore = entries.length === most;
    if (hasMore) break;
    entries.push(entry);
  }
  const { contributions, disputes, ratings } = await textsOf(store, entries);
  const { goals, notes } = await goalsOf(store, entries);
  const items = entries.map((entry) => {
    const contribution = contributions.get(entry.object.id);
    const dispute = disputes.get(entry.object.id);
    const rating = ratings.get(entry.object.id);
    const goal = goals.get(entry.object.id);
    const goalNote = notes.get(noteKey(entry.object.id, entry.object.version));
    return {
      ...AuditEvent.parse(entry),
      ...(contribution ? { contribution } : {}),
      ...(dispute ? { dispute } : {}),
      ...(rating ? { rating } : {}),
      ...(goal ? { goal } : {}),
      ...(goalNote ? { goalNote } : {}),
    };
  });
  return { items, hasMore };
}

type Told = Parameters<ExportedStore["contributions"]["toldBy"]>[0];

/** What entries of a kind tell of, by the id that they name it by; several entries may tell of one. */
async function toldOf<T>(
  entries: readonly AuditEntry[],
  type: string,
  read: (some: Told) => Promise<readonly T[]>,
  idOf: (one: T) => string,
): Promise<ReadonlyMap<string, T>> {
  const found = new Map<string, T>();
  const all = entries.filter(({ object }) => object.type === type);
  const told = [...new Map(all.map((entry) => [entry.object.id, entry])).values()];
  for (let at = 0; at < told.length; at += TEXTS_AT_ONCE) {
    for (const one of await read(told.slice(at, at + TEXTS_AT_ONCE))) found.set(idOf(one), one);
  }
  return found;
}

/** What the person wrote, by the id of what it is in. */
async function textsOf(store: ExportedStore, entries: readonly AuditEntry[]) {
  return {
    contributions: await toldOf(
      entries,
      "Contribution",
      (some) => store.contributions.toldBy(some),
      ({ contributionId }) => contributionId,
    ),
    disputes: await toldOf(
      entries,
      "Dispute",
      (some) => store.disputes.toldBy(some),
      ({ disputeId }) => disputeId,
    ),
    ratings: await toldOf(
      entries,
      "IndicatorRating",
      (some) => store.indicatorRatings.toldBy(some),
      ratingIdOf,
    ),
  };
}

const noteKey = (goalId: string, version: number): string => `${goalId} ${version}`;
/** A goal and a note are read for each. */
const GOALS_AT_ONCE = 50;

/** Goals that the person had a hand in, and the notes they wrote. */
async function goalsOf(store: ExportedStore, entries: readonly AuditEntry[]) {
  const goals = new Map<string, Goal>();
  const notes = new Map<string, GoalNote>();
  const told = entries.filter(({ object }) => object.type === "Goal");
  for (let at = 0; at < told.length; at += GOALS_AT_ONCE) {
    const some = await store.goals.toldBy(told.slice(at, at + GOALS_AT_ONCE));
    for (const goal of some.goals) goals.set(goal.goalId, goal);
    for (const note of some.notes) notes.set(noteKey(note.goalId, note.version), note);
  }
  return { goals, notes };
}

async function invitationsTo(
  { personErasures, openTenant, session, wallNow }: PersonExportContext,
  email: PersonExport["person"]["email"],
  memberships: readonly Membership[],
): Promise<PersonExport["invitations"]> {
  const found = [];
  for (const { tenantId, invitationId } of await personErasures.invitationsTo(email)) {
    const isReached = provesPerson(session) || memberships.some((one) => one.tenantId === tenantId);
    const invitation = isReached && (await openTenant(tenantId).invitations.get(invitationId));
    if (!invitation || invitation.email !== email) continue;
    const { invitedBy: _, ...view } = invitationViewOf(invitation, wallNow);
    found.push({ ...view, tenantId });
  }
  return found;
}
