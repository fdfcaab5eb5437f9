import { requirePermission } from "../actor/index.ts";
import { type ContentionStore, unlessStale, untilFree } from "../contention/index.ts";
import type { RequestContext } from "../context/index.ts";
import { currentSubscription, type SubscriptionStore } from "../edition/index.ts";
import { DomainError, raise } from "../error/index.ts";
import { TenantId } from "../id/index.ts";
import { follow, invoiceIdOf, isSecond } from "./billing.ts";
import type { PaymentProvider, ProviderEvent } from "./payment-provider.ts";
import type { BillingStore } from "./repository.ts";

export interface EventContext {
  readonly provider: PaymentProvider | undefined;
  /** Opens a tenant for the provider's events. */
  readonly contextOf: (
    tenantId: TenantId,
  ) => RequestContext<BillingStore & ContentionStore & SubscriptionStore>;
  /** The wall clock: signatures expire by it. */
  readonly wallNow: Date;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/**
 * Takes an event of the payment provider, once, whatever the order. What is none of ours, or of a tenant
 * that is gone, is acknowledged, so that the provider does not ask again.
 * @throws DomainError billing-by-hand | billing-signature-invalid | billing-customer-differs | changes-contended
 */
export async function takeBillingEvent(
  { provider = raise("billing-by-hand"), contextOf, wallNow, log }: EventContext,
  body: Uint8Array,
  signature: string,
): Promise<"taken" | "taken-before" | "ignored"> {
  const event = await provider.readEvent(body, signature, wallNow);
  const tenantId = TenantId.safeParse(event?.tenantId);
  if (!event || !tenantId.success) return "ignored";
  const told = { eventId: event.eventId, eventType: event.type, tenantId: tenantId.data };
  const ctx = contextOf(tenantId.data);
  // Events of one tenant at the same time are decided on one after the other.
  return untilFree(ctx.store, () =>
    unlessStale(() =>
      take(ctx, provider, event, (message) => log({ level: "warn", message, ...told })),
    ),
  );
}

async function take(
  ctx: RequestContext<BillingStore & SubscriptionStore>,
  provider: PaymentProvider,
  event: ProviderEvent,
  warn: (message: string) => void,
): Promise<"taken" | "taken-before" | "ignored"> {
  const by = requirePermission(ctx.actor, "subscription:bill");
  const account = await ctx.store.billing.get();
  if (!account) return "ignored";
  // What an event says of a tenant is a text that somebody wrote; the customer was bound at checkout.
  if (account.customerId !== event.customerId) {
    warn("billing event of another customer");
    raise("billing-customer-differs");
  }
  if (await ctx.store.billing.hasTaken(event.eventId)) return "taken-before";
  const subscription = await currentSubscription(ctx);
  if (subscription.state === "erased") return "ignored";
  const { subscriptionId, invoice } = event;
  const found =
    subscriptionId === undefined ? undefined : await provider.subscription(subscriptionId);
  if (found && found.customerId !== account.customerId) {
    warn("subscription of another customer");
    raise("billing-customer-differs");
  }
  if (found && isSecond(account, found)) warn("second subscription of one tenant");
  if (found && found.edition === undefined) warn("price of no edition");
  const current = {
    subscription,
    invoice: invoice && (await ctx.store.invoices.get(invoiceIdOf(invoice))),
  };
  try {
    await ctx.store.billing.save(follow(account, event, found, current, by, ctx.now), subscription);
  } catch (error) {
    if (error instanceof DomainError && error.code === "billing-event-taken") return "taken-before";
    throw error;
  }
  return "taken";
}
