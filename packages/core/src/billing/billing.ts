import type { Actor } from "../actor/index.ts";
import {
  followInvoice,
  followPayment,
  type Invoice,
  type InvoiceChange,
  type Subscription,
  type SubscriptionChange,
} from "../edition/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import { deriveId, InvoiceId } from "../id/index.ts";
import type { ProviderEvent, ProviderInvoice, ProviderSubscription } from "./payment-provider.ts";
import type { BillingAccount, BillingEvent } from "./schema.ts";

export type BillingAccountEvent =
  | DomainEvent<"billing-account.bound", Pick<BillingAccount, "provider" | "customerId">>
  | DomainEvent<
      "billing-account.changed",
      Pick<BillingAccount, "subscriptionId" | "standing" | "isEnding"> & {
        readonly cause: { readonly eventId: string; readonly type: string };
      }
    >;

export interface BillingChange {
  readonly next: BillingAccount;
  readonly event: BillingAccountEvent;
  readonly taken?: BillingEvent;
  readonly subscription?: SubscriptionChange | undefined;
  readonly invoice?: InvoiceChange | undefined;
}

export function bind(customerId: string, by: Actor, now: Date): BillingChange {
  const at = now.toISOString();
  const provider = "stripe" as const;
  return {
    next: {
      ...{ provider, customerId, subscriptionId: null, standing: "pending", isEnding: false },
      ...{ version: 1, createdAt: at, updatedAt: at },
    },
    event: eventOf("billing-account.bound", by, now, { provider, customerId }),
  };
}

/** Whether the provider will go on to ask this tenant for money. */
export const isBilled = (account: BillingAccount | undefined): boolean =>
  account !== undefined &&
  (account.standing === "paid" || account.standing === "overdue") &&
  !account.isEnding;

/** One subscription at a time: a second one beside it is the operator's to end, and changes nothing here. */
export const isSecond = (
  { subscriptionId, standing }: BillingAccount,
  found: ProviderSubscription,
): boolean =>
  subscriptionId !== null &&
  subscriptionId !== found.subscriptionId &&
  (standing === "paid" || standing === "overdue");

export const invoiceIdOf = ({ id }: ProviderInvoice): InvoiceId =>
  deriveId(InvoiceId, "stripe", id);

/** Longer than the provider repeats an event, and than anybody sends one again by hand. */
const KEPT_DAYS = 90;

/**
 * What an event brings: the subscription as it is at the provider now, not as it was when the event was
 * made, so that the order in which events come does not matter.
 */
export function follow(
  account: BillingAccount,
  event: ProviderEvent,
  found: ProviderSubscription | undefined,
  current: { readonly subscription: Subscription; readonly invoice: Invoice | undefined },
  by: Actor,
  now: Date,
): BillingChange {
  const at = now.toISOString();
  const { eventId, type } = event;
  const seen = found && !isSecond(account, found) ? found : undefined;
  const next: BillingAccount = {
    ...account,
    ...(seen && {
      subscriptionId: seen.subscriptionId,
      standing: seen.standing,
      isEnding: seen.isEnding,
    }),
    version: account.version + 1,
    updatedAt: at,
  };
  const { subscriptionId, standing, isEnding } = next;
  const data = { subscriptionId, standing, isEnding, cause: { eventId, type } };
  const { invoice } = event;
  return {
    next,
    event: eventOf("billing-account.changed", by, now, data),
    taken: {
      ...{ eventId, type, takenAt: at },
      expiresAt: Math.floor(now.getTime() / 1000) + KEPT_DAYS * 86_400,
    },
    subscription: seen && followPayment(current.subscription, seen, by, now),
    invoice:
      invoice &&
      followInvoice(current.invoice, { ...invoice, invoiceId: invoiceIdOf(invoice) }, by, now),
  };
}
