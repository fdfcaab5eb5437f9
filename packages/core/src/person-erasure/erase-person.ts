import { type Actor, type ActorRef, requirePermission } from "../actor/index.ts";
import { everyItem } from "../context/index.ts";
import { standingOf } from "../edition/index.ts";
import { raise } from "../error/index.ts";
import { MemberId, PartnerUserId, type PersonId, type TenantId } from "../id/index.ts";
import { type LoginSession, provesPerson } from "../login/index.ts";
import { type LinkProof, takeLoginLink } from "../login-link/index.ts";
import {
  eraseMember as decideMember,
  erasePartnerUser as decidePartnerUser,
  type Member,
} from "../member/index.ts";
import {
  type HashPassword,
  isPasswordOf,
  type Membership,
  type Person,
  type PersonRepository,
} from "../person/index.ts";
import { laterThan, rostersWithout } from "./erase-membership.ts";
import { eraseInvitation, eraseTraces, membershipOf, type TracesContext } from "./erase-traces.ts";
import type { PersonErasureRepository, TracesStore } from "./repository.ts";
import type { ErasePerson } from "./schema.ts";

/** What works over all tenants of one person. */
export interface PersonErasureContext {
  readonly people: PersonRepository;
  readonly personErasures: PersonErasureRepository;
  /** Each tenant gets stores of its own. */
  readonly openTenant: (tenantId: TenantId) => TracesStore;
  readonly now: Date;
}

export interface OwnErasureContext extends PersonErasureContext, LinkProof {
  readonly actor: Actor;
  readonly session: LoginSession;
  readonly hashPassword: HashPassword;
}

const MOST_TIMERS = 10;

/**
 * Erases the person who asks, in every tenant. No tenant can hold it up, whatever duties are open: they
 * stay with a membership that names nobody, and can be handed over. Only an owner without another stays.
 * @throws DomainError permission-denied | login-proves-one-tenant | password-wrong | login-link-invalid |
 *   member-last-owner | version-stale
 */
export async function eraseOwnPerson(ctx: OwnErasureContext, proof: ErasePerson): Promise<void> {
  const { personId } = requirePermission(ctx.actor, "me:erase");
  const { person, memberships } = await ctx.people.load(personId);
  if (!person) raise("unauthenticated");
  await requireProof(ctx, person, proof);
  for (const { tenantId, membershipId } of memberships) {
    const row = await membershipOf(ctx.openTenant(tenantId), membershipId);
    if (row && "memberId" in row) await ownerBeside(ctx, tenantId, row);
  }
  if (person.erasure !== "requested") {
    const marked = { ...person, erasure: "requested" as const, version: person.version + 1 };
    const timer = laterThan(ctx.now, { kind: "person-erasure", subject: personId });
    // With several tenants, since one that is erased itself takes its timers along.
    const tenantIds = [...new Set(memberships.map(({ tenantId }) => tenantId))];
    const timers = tenantIds.slice(0, MOST_TIMERS).map((tenantId) => ({ ...timer, tenantId }));
    await ctx.personErasures.begin(marked, timers);
  }
  await erasePerson(ctx, personId);
}

/** Goes on with the erasure of a person who asked for it. @throws DomainError permission-denied */
export async function finishPersonErasure(
  ctx: PersonErasureContext & { readonly actor: Actor },
  personId: PersonId,
): Promise<void> {
  requirePermission(ctx.actor, "person:erase");
  const { person } = await ctx.people.load(personId);
  if (person?.erasure === "requested") await erasePerson(ctx, personId);
}

/** A password, or a link that was mailed for this: what one tenant's provider says does not do. */
async function requireProof(
  ctx: OwnErasureContext,
  person: Person,
  { password, linkToken }: ErasePerson,
): Promise<void> {
  if (linkToken !== undefined) {
    await takeLoginLink(ctx, linkToken, person.personId);
    return;
  }
  if (!provesPerson(ctx.session)) raise("login-proves-one-tenant");
  if (password === undefined) raise("password-wrong");
  const given = await ctx.hashPassword(password, person.personId);
  if (!isPasswordOf(person, given)) raise("password-wrong");
}

/**
 * First every membership ends, so that the person acts nowhere any more; then their traces go; then what
 * belongs to no tenant. Safe to repeat and to break off anywhere.
 */
async function erasePerson(ctx: PersonErasureContext, personId: PersonId): Promise<void> {
  const { person, memberships, ended } = await ctx.people.load(personId);
  const all = [...memberships, ...ended];
  for (const membership of all) await endAndErase(ctx, membership);
  for (const membership of all) {
    await eraseTraces(tracesOf(ctx, membership), membership.membershipId, { isWhole: true });
    const { tenantId, membershipId } = membership;
    await ctx.personErasures.forgetMembership(personId, tenantId, membershipId);
  }
  for (const { tenantId, invitationId } of person
    ? await ctx.personErasures.invitationsTo(person.email)
    : []) {
    const traces = tracesIn(ctx, tenantId, { kind: "system", name: "person-erasure" });
    await eraseInvitation(traces, invitationId, (person as Person).email);
  }
  await ctx.personErasures.forget(personId, true);
}

const tracesIn = (
  { openTenant, personErasures, now }: PersonErasureContext,
  tenantId: TenantId,
  by: ActorRef,
): TracesContext => ({ store: openTenant(tenantId), personErasures, tenantId, now, by });

const tracesOf = (ctx: PersonErasureContext, membership: Membership): TracesContext =>
  tracesIn(ctx, membership.tenantId, selfOf(membership));

/** Whoever erases themselves acts as each of their memberships. */
function selfOf({ membershipId, partnerId }: Membership): ActorRef {
  return partnerId === null
    ? { kind: "member", memberId: MemberId.parse(membershipId) }
    : { kind: "partner-user", partnerUserId: PartnerUserId.parse(membershipId), partnerId };
}

async function endAndErase(ctx: PersonErasureContext, membership: Membership): Promise<void> {
  const { tenantId, membershipId } = membership;
  const store = ctx.openTenant(tenantId);
  const by = selfOf(membership);
  const row = await membershipOf(store, membershipId);
  if (!row || row.erasedAt !== undefined) return;
  const wasActive = row.status === "active";
  const rosters = await rostersWithout({ store, now: ctx.now }, row, by);
  const timer = laterThan(ctx.now, { kind: "membership-erasure", subject: membershipId });
  if ("memberId" in row) {
    const whileOwner = wasActive ? await ownerBeside(ctx, tenantId, row) : undefined;
    const { next, event } = decideMember(row, by, ctx.now);
    await store.members.erase(next, event, { wasActive, rosters, timer, whileOwner });
  } else {
    const { next, event } = decidePartnerUser(row, by, ctx.now);
    await store.partnerUsers.erase(next, event, { wasActive, rosters, timer });
  }
}

/**
 * Another owner of the tenant, where the member is one and the tenant goes on.
 * @throws DomainError member-last-owner where there is none
 */
async function ownerBeside(
  { openTenant, now }: PersonErasureContext,
  tenantId: TenantId,
  { memberId, roles, status }: Member,
): Promise<MemberId | undefined> {
  if (status !== "active" || !roles.includes("owner")) return undefined;
  const { members, subscriptions } = openTenant(tenantId);
  const state = await subscriptions.state(now);
  if (state === "erased" || standingOf(state) === "closed") return undefined;
  for await (const other of everyItem((page) => members.list(page))) {
    const isOwner = other.status === "active" && other.roles.includes("owner");
    if (isOwner && other.memberId !== memberId) return other.memberId;
  }
  raise("member-last-owner");
}
