import { type ActionItemStore, listOwnActionItems } from "../action-item/index.ts";
import { type Actor, holds, requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import type { CycleStore } from "../cycle/index.ts";
import { type DevelopmentPlanStore, listWaitingPlans } from "../development-plan/index.ts";
import { type DisputeStore, listOpenDisputes } from "../dispute/index.ts";
import { type SubscriptionStore, standingOf } from "../edition/index.ts";
import type { MintId, TenantId } from "../id/index.ts";
import type { InvitationStore } from "../invitation/index.ts";
import {
  actingAs,
  type Holder,
  type LoginSession,
  type LoginSessionStore,
  provesPerson,
  reachableIn,
} from "../login/index.ts";
import { listFactReportWork, type OpportunityStore } from "../opportunity/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { EmailAddress, Membership, PersonRepository } from "../person/index.ts";
import type { PersonErasureRepository } from "../person-erasure/index.ts";
import type { ProgramStore } from "../program/index.ts";
import { listOwnReviewWork, type ReviewStore } from "../review/index.ts";
import { type SsoStore, wantsSso } from "../single-sign-on/index.ts";
import { listOwnTargetWork, type TargetStore } from "../target/index.ts";
import type { TenantDirectory } from "../tenant/index.ts";
import { listWaitingTiers, type TierStore } from "../tier/index.ts";
import type { Inbox, InboxItem, InboxOfMembership } from "./schema.ts";

type InboxStore = ActionItemStore &
  CycleStore &
  DevelopmentPlanStore &
  DisputeStore &
  InvitationStore &
  LoginSessionStore &
  OpportunityStore &
  PartnerStore &
  ReviewStore &
  SsoStore &
  SubscriptionStore &
  ProgramStore &
  TargetStore &
  TierStore;

/** A person over all of their memberships. */
export interface InboxContext {
  readonly actor: Actor;
  readonly session: LoginSession;
  readonly people: PersonRepository;
  readonly personErasures: Pick<PersonErasureRepository, "invitationsTo">;
  readonly tenants: TenantDirectory;
  /** Each membership gets stores of its own, which know its tenant alone. */
  readonly openTenant: (tenantId: TenantId) => InboxStore;
  readonly now: Date;
  /** Invitations expire by it. */
  readonly wallNow: Date;
  readonly mint: MintId;
}

/** Of each kind, in each membership. */
const MOST_ITEMS = 25;
const MOST_MEMBERSHIPS = 50;
const MOST_INVITATIONS = 50;

/**
 * What waits for the person over all of their memberships, each read with the rights they have there;
 * logged in by a tenant's single sign-on, in that tenant alone. Invitations are those of the person's
 * address, by every tenant.
 * @throws DomainError permission-denied
 */
export async function readInbox(ctx: InboxContext): Promise<Inbox> {
  const by = requirePermission(ctx.actor, "me:read");
  const { person, memberships: all } = await ctx.people.load(by.personId);
  const memberships = reachableIn(ctx.session, all).slice(0, MOST_MEMBERSHIPS);
  // An address is the person's own; who was let in by a tenant's provider has not proven that.
  const isProven = person !== undefined && provesPerson(ctx.session);
  const open = isProven ? await openInvitationsTo(ctx, person.email) : [];
  const tenantIds = new Set([...memberships, ...open].map((one) => one.tenantId));
  const tenants = await ctx.tenants.find([...tenantIds]);
  const nameOf = new Map(tenants.map(({ tenantId, name }) => [tenantId, name]));
  const inboxes = await Promise.all(
    memberships.map((membership) => inboxOf(ctx, membership, nameOf.get(membership.tenantId))),
  );
  return {
    items: inboxes.filter((one) => one !== undefined),
    invitations: open
      .flatMap(({ tenantId, invitation: { invitationId, to, validUntil } }) => {
        const tenantName = nameOf.get(tenantId);
        return tenantName === undefined
          ? []
          : [{ invitationId, tenantName, to: to.kind, validUntil }];
      })
      .sort((a, b) => (a.validUntil < b.validUntil ? -1 : 1)),
  };
}

/** Each as its tenant has it now; one that was answered, withdrawn or has expired waits no more. */
async function openInvitationsTo(ctx: InboxContext, email: EmailAddress) {
  const sent = await ctx.personErasures.invitationsTo(email);
  const found = await Promise.all(
    sent.slice(0, MOST_INVITATIONS).map(async ({ tenantId, invitationId }) => ({
      tenantId,
      invitation: await ctx.openTenant(tenantId).invitations.get(invitationId),
    })),
  );
  return found.flatMap(({ tenantId, invitation }) => {
    const isOpen =
      invitation?.status === "pending" &&
      invitation.email === email &&
      Date.parse(invitation.validUntil) > ctx.wallNow.getTime();
    return isOpen ? [{ tenantId, invitation }] : [];
  });
}

/** Undefined where the membership has ended. */
async function inboxOf(
  ctx: InboxContext,
  { tenantId, membershipId, partnerId, personId }: Membership,
  tenantName = "",
): Promise<InboxOfMembership | undefined> {
  const store = ctx.openTenant(tenantId);
  const { holder } = await store.loginSessions.find(membershipId, ctx.session.sessionId);
  const row = holder?.kind === "member" ? holder.member : holder?.partnerUser;
  if (!holder || row?.status !== "active" || row.personId !== personId) return undefined;
  const access = await accessTo(ctx, store, holder);
  const found =
    access === "open"
      ? await itemsOf({ actor: actingAs(holder), store, now: ctx.now, mint: ctx.mint })
      : { items: [], hasMore: false };
  return { tenantId, tenantName, membershipId, partnerId, access, ...found };
}

async function accessTo(
  { session, now }: InboxContext,
  store: InboxStore,
  holder: Holder,
): Promise<InboxOfMembership["access"]> {
  const state = await store.subscriptions.state(now);
  if (state === "erased" || standingOf(state) === "closed") return "tenant-closed";
  const isRefused = wantsSso(await store.singleSignOn.get(), holder, session.method);
  return isRefused ? "sso-required" : "open";
}

async function itemsOf(
  ctx: RequestContext<
    ActionItemStore &
      CycleStore &
      DevelopmentPlanStore &
      DisputeStore &
      OpportunityStore &
      PartnerStore &
      ProgramStore &
      ReviewStore &
      TargetStore &
      TierStore
  >,
): Promise<{ items: InboxItem[]; hasMore: boolean }> {
  const page = { limit: MOST_ITEMS };
  const none = { items: [], position: undefined };
  const [actions, plans, reports, disputes, tiers, reviews, targets] = await Promise.all([
    holds(ctx.actor, "action-item:read") ? listOwnActionItems(ctx, page) : none,
    holds(ctx.actor, "development-plan:approve") ? listWaitingPlans(ctx, page) : none,
    holds(ctx.actor, "fact-report:resolve") ? listFactReportWork(ctx, page) : none,
    holds(ctx.actor, "dispute:decide") ? listOpenDisputes(ctx, page) : none,
    holds(ctx.actor, "tier:decide") ? listWaitingTiers(ctx, page) : none,
    holds(ctx.actor, "review:read") ? listOwnReviewWork(ctx) : { items: [], hasMore: false },
    holds(ctx.actor, "target:acknowledge") ? listOwnTargetWork(ctx) : { items: [], hasMore: false },
  ]);
  const items: InboxItem[] = [
    ...actions.items.map(({ actionItemId, partnerId, text, dueOn }) => ({
      kind: "action-item" as const,
      ...{ actionItemId, partnerId, text, dueOn },
    })),
    ...plans.items.map(({ planId, partnerId, title, dueAt }) => ({
      kind: "plan-approval" as const,
      ...{ planId, partnerId, text: title, dueAt },
    })),
    ...reports.items.map(({ factReportId, partnerId, text, createdAt }) => ({
      kind: "fact-report" as const,
      ...{ factReportId, partnerId, text, reportedAt: createdAt },
    })),
    ...disputes.items.map(({ disputeId, cycleId, partnerId, partnerName, ...of }) => ({
      kind: "dispute" as const,
      ...{ disputeId, cycleId, partnerId, dueOn: of.dueOn },
      text: `${partnerName} ${of.period}: ${of.metricName ?? "the whole card"} (${of.about})`,
    })),
    ...tiers.items.flatMap(({ partnerId, programId, partnerName, recommendation }) =>
      recommendation
        ? [
            {
              kind: "tier" as const,
              ...{ programId, partnerId },
              text: `${partnerName}: ${recommendation.direction} to ${recommendation.tierName}`,
              since: recommendation.decidableFrom ?? recommendation.recommendedAt,
            },
          ]
        : [],
    ),
    ...reviews.items.map(({ kind, cycleId, partnerId, partnerName, period, due }) => ({
      ...{ kind, cycleId, partnerId, due },
      text: `${partnerName} ${period}`,
    })),
  ];
  for (const { partnerId, programId, from, partnerName, dueAt } of targets.items) {
    const text = `${partnerName} from ${from} on`;
    items.push({ kind: "target-acknowledgement", partnerId, programId, period: from, text, dueAt });
  }
  const isCut = [actions, plans, reports, disputes, tiers].some(
    ({ position }) => position !== undefined,
  );
  return {
    items: items.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)),
    hasMore: isCut || reviews.hasMore || targets.hasMore,
  };
}

/** By what is due first: dates and instants compare as text. */
function placeOf(item: InboxItem): string {
  switch (item.kind) {
    case "action-item":
      return `0 ${item.dueOn} ${item.actionItemId}`;
    case "dispute":
      return `0 ${item.dueOn} ${item.disputeId}`;
    case "target-acknowledgement":
      return `0 ${item.dueAt} ${item.partnerId} ${item.programId} ${item.period}`;
    case "tier":
      return `1 ${item.since} ${item.partnerId} ${item.programId}`;
    case "plan-approval":
      return `0 ${item.dueAt} ${item.planId}`;
    case "fact-report":
      return `1 ${item.reportedAt} ${item.factReportId}`;
    case "review-contribution":
    case "review-session":
    case "review-signature":
      return `0 ${item.due} ${item.cycleId} ${item.partnerId} ${item.kind}`;
  }
}
