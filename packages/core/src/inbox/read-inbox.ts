import { type ActionItemStore, listOwnActionItems } from "../action-item/index.ts";
import { type Actor, holds, requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import type { CycleStore } from "../cycle/index.ts";
import { type DevelopmentPlanStore, listWaitingPlans } from "../development-plan/index.ts";
import { type SubscriptionStore, standingOf } from "../edition/index.ts";
import type { MintId, TenantId } from "../id/index.ts";
import {
  actingAs,
  type Holder,
  type LoginSession,
  type LoginSessionStore,
  reachedBy,
} from "../login/index.ts";
import { listFactReportWork, type OpportunityStore } from "../opportunity/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { Membership, PersonRepository } from "../person/index.ts";
import { listOwnReviewWork, type ReviewStore } from "../review/index.ts";
import { type SsoStore, wantsSso } from "../single-sign-on/index.ts";
import type { TenantDirectory } from "../tenant/index.ts";
import type { InboxItem, InboxOfMembership } from "./schema.ts";

type InboxStore = ActionItemStore &
  CycleStore &
  PartnerStore &
  ReviewStore &
  DevelopmentPlanStore &
  LoginSessionStore &
  OpportunityStore &
  SsoStore &
  SubscriptionStore;

/** A person over all of their memberships. */
export interface InboxContext {
  readonly actor: Actor;
  readonly session: LoginSession;
  readonly people: PersonRepository;
  readonly tenants: TenantDirectory;
  /** Each membership gets stores of its own, which know its tenant alone. */
  readonly openTenant: (tenantId: TenantId) => InboxStore;
  readonly now: Date;
  readonly mint: MintId;
}

/** Of each kind, in each membership. */
const MOST_ITEMS = 25;
const MOST_MEMBERSHIPS = 50;

/**
 * What waits for the person over all of their memberships, each read with the rights they have there;
 * logged in by a tenant's single sign-on, in that tenant alone.
 * @throws DomainError permission-denied
 */
export async function readInbox(ctx: InboxContext): Promise<readonly InboxOfMembership[]> {
  const by = requirePermission(ctx.actor, "me:read");
  const memberships = (await reachedBy(ctx, by)).slice(0, MOST_MEMBERSHIPS);
  const tenants = await ctx.tenants.find([...new Set(memberships.map((one) => one.tenantId))]);
  const nameOf = new Map(tenants.map(({ tenantId, name }) => [tenantId, name]));
  const inboxes = await Promise.all(
    memberships.map((membership) => inboxOf(ctx, membership, nameOf.get(membership.tenantId))),
  );
  return inboxes.filter((one) => one !== undefined);
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
      OpportunityStore &
      PartnerStore &
      ReviewStore
  >,
): Promise<{ items: InboxItem[]; hasMore: boolean }> {
  const page = { limit: MOST_ITEMS };
  const none = { items: [], position: undefined };
  const [actions, plans, reports, reviews] = await Promise.all([
    holds(ctx.actor, "action-item:read") ? listOwnActionItems(ctx, page) : none,
    holds(ctx.actor, "development-plan:approve") ? listWaitingPlans(ctx, page) : none,
    holds(ctx.actor, "fact-report:resolve") ? listFactReportWork(ctx, page) : none,
    holds(ctx.actor, "review:read") ? listOwnReviewWork(ctx) : { items: [], hasMore: false },
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
    ...reviews.items.map(({ kind, cycleId, partnerId, partnerName, period, due }) => ({
      ...{ kind, cycleId, partnerId, due },
      text: `${partnerName} ${period}`,
    })),
  ];
  const isCut = [actions, plans, reports].some(({ position }) => position !== undefined);
  return {
    items: items.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)),
    hasMore: isCut || reviews.hasMore,
  };
}

/** By what is due first: dates and instants compare as text. */
function placeOf(item: InboxItem): string {
  switch (item.kind) {
    case "action-item":
      return `0 ${item.dueOn} ${item.actionItemId}`;
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
