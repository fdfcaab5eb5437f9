import { type ActorWith, requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { givenSubscription, type SubscriptionStore, standingOf } from "../edition/index.ts";
import { DomainError, raise } from "../error/index.ts";
import type { TenantId } from "../id/index.ts";
import { bind, isBilled } from "./billing.ts";
import type { PaymentProvider } from "./payment-provider.ts";
import type { BillingStore } from "./repository.ts";
import type { BillingAccount, BillingPage, StartCheckout } from "./schema.ts";

/** The tenant itself, as far as it is to be known here. */
interface PayerStore {
  readonly tenant: {
    get(): Promise<
      { readonly tenantId: TenantId; readonly name: string; readonly createdAt: string } | undefined
    >;
  };
}

export type PayContext = RequestContext<BillingStore & SubscriptionStore & PayerStore> & {
  /** Undefined where the operator bills by hand. */
  readonly provider: PaymentProvider | undefined;
};

const HOUR_MS = 3_600_000;

/**
 * A page of the provider on which an owner subscribes. Nothing changes here before it is paid; within the
 * hour a repeat gets the same page, until something has happened to the subscription.
 * @throws DomainError permission-denied | billing-by-hand | billed-already | subscription-closed |
 *   tenant-not-found | version-stale
 */
export async function startCheckout(
  ctx: PayContext,
  { edition, returnTo }: StartCheckout & { readonly returnTo: string },
): Promise<BillingPage> {
  const by = requirePermission(ctx.actor, "subscription:change");
  const provider = ctx.provider ?? raise("billing-by-hand");
  const { tenantId, name, createdAt } = (await ctx.store.tenant.get()) ?? raise("tenant-not-found");
  const subscription = (await ctx.store.subscriptions.get()) ?? givenSubscription(createdAt);
  if (standingOf(subscription.state) === "closed") raise("subscription-closed");
  const known = await ctx.store.billing.get();
  if (isBilled(known)) raise("billed-already");
  const { customerId, version } =
    known ??
    (await bound(ctx, await provider.createCustomer({ tenantId, name }), by, subscription));
  const key = `${version}-${Math.floor(ctx.now.getTime() / HOUR_MS)}`;
  return { url: await provider.checkoutUrl({ tenantId, customerId, edition, returnTo, key }) };
}

/** A twin that came first has bound the same customer. */
async function bound(
  { store, now }: PayContext,
  customerId: string,
  by: ActorWith<"subscription:change">,
  subscription: { readonly version: number },
): Promise<BillingAccount> {
  const change = bind(customerId, by, now);
  try {
    await store.billing.save(change, subscription);
    return change.next;
  } catch (error) {
    const twin = await store.billing.get();
    if (twin && error instanceof DomainError && error.code === "version-stale") return twin;
    throw error;
  }
}

/**
 * A page of the provider with invoices, means of payment, change of edition and cancellation.
 * @throws DomainError permission-denied | billing-by-hand | billing-not-begun
 */
export async function openPortal(ctx: PayContext, returnTo: string): Promise<BillingPage> {
  requirePermission(ctx.actor, "subscription:change");
  const provider = ctx.provider ?? raise("billing-by-hand");
  const { customerId } = (await ctx.store.billing.get()) ?? raise("billing-not-begun");
  return { url: await provider.portalUrl({ customerId, returnTo }) };
}
