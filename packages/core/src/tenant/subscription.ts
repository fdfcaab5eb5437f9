import { type ActorWith, requirePermission } from "../actor/index.ts";
import { type BillingStore, isBilled } from "../billing/index.ts";
import { dateAt } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import {
  changeEdition as decideEdition,
  type EditionName,
  givenSubscription,
  type Happening,
  happen,
  type Subscription,
  type SubscriptionStore,
  type SubscriptionView,
  viewOf,
} from "../edition/index.ts";
import { raise } from "../error/index.ts";
import { type LegalHoldStore, requireNoHold } from "../legal-hold/index.ts";
import type { TenantProfileStore } from "./repository.ts";
import type { Tenant } from "./schema.ts";

type Context = RequestContext<TenantProfileStore & SubscriptionStore>;

async function current(ctx: Context): Promise<{ tenant: Tenant; subscription: Subscription }> {
  const [tenant, subscription] = await Promise.all([
    ctx.store.tenant.get(),
    ctx.store.subscriptions.get(),
  ]);
  if (!tenant) raise("tenant-not-found");
  return { tenant, subscription: subscription ?? givenSubscription(tenant.createdAt) };
}

/** What a provider bills is changed and cancelled there: nobody pays for what they have given up here. */
async function requireUnbilled({ store }: RequestContext<BillingStore>): Promise<void> {
  if (isBilled(await store.billing.get())) raise("billed-already", "POST /v1/subscription/portal");
}

const shown = (ctx: Context, tenant: Tenant, subscription: Subscription) =>
  viewOf(ctx, subscription, dateAt(ctx.now, tenant));

/** @throws DomainError permission-denied | tenant-not-found */
export async function getSubscription(ctx: Context): Promise<SubscriptionView> {
  requirePermission(ctx.actor, "subscription:read");
  const { tenant, subscription } = await current(ctx);
  return shown(ctx, tenant, subscription);
}

/**
 * At once, larger or smaller.
 * @throws DomainError permission-denied | version-stale | edition-unchanged | edition-too-small |
 *   subscription-closed | billed-already
 */
export async function changeEdition(
  ctx: Context & RequestContext<BillingStore>,
  input: { readonly ifVersion: number; readonly edition: EditionName },
): Promise<Subscription> {
  const by = requirePermission(ctx.actor, "subscription:change");
  const { subscription } = await current(ctx);
  if (subscription.version !== input.ifVersion) raise("version-stale");
  await requireUnbilled(ctx);
  const usage = await ctx.store.usage.read();
  const change = decideEdition(subscription, input.edition, usage, by, ctx.now);
  await ctx.store.subscriptions.save(change, { changesEdition: true });
  return change.next;
}

/**
 * Ends the tenant: nobody works in it any more; it may be exported, and reopened, until it is erased.
 * @throws DomainError permission-denied | version-stale | tenant-name-differs | subscription-closed | billed-already
 */
export async function closeTenant(
  ctx: Context & RequestContext<BillingStore & LegalHoldStore>,
  input: { readonly ifVersion: number; readonly tenantName: string },
): Promise<Subscription> {
  const by = requirePermission(ctx.actor, "tenant:close");
  const { tenant, subscription } = await current(ctx);
  if (subscription.version !== input.ifVersion) raise("version-stale");
  if (input.tenantName !== tenant.name) raise("tenant-name-differs");
  await requireUnbilled(ctx);
  await requireNoHold(ctx, null);
  return happened(ctx, subscription, "closed", by);
}

/** @throws DomainError permission-denied | version-stale | subscription-not-closed */
export async function reopenTenant(
  ctx: Context,
  input: { readonly ifVersion: number },
): Promise<Subscription> {
  const by = requirePermission(ctx.actor, "tenant:close");
  const { subscription } = await current(ctx);
  if (subscription.version !== input.ifVersion) raise("version-stale");
  return happened(ctx, subscription, "reopened", by);
}

async function happened(
  ctx: Context,
  subscription: Subscription,
  what: Happening,
  by: ActorWith<"tenant:close">,
): Promise<Subscription> {
  const change = happen(subscription, what, by, ctx.now);
  if (!change) return subscription;
  await ctx.store.subscriptions.save(change);
  return change.next;
}
