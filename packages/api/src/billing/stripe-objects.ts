import type { PaidStanding, ProviderEvent, ProviderSubscription } from "@concord/core/billing";
import { EditionName } from "@concord/core/edition";
import { z } from "zod";

/** What we read of the objects of Stripe's API; they have much more. */

const Reference = z
  .union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)])
  .nullish()
  .transform((id) => id ?? undefined);
const Metadata = z
  .record(z.string(), z.string())
  .nullish()
  .transform((data) => data ?? {});

const standings: Readonly<Record<string, PaidStanding>> = {
  incomplete: "pending",
  trialing: "paid",
  active: "paid",
  past_due: "overdue",
  unpaid: "overdue",
  paused: "overdue",
  canceled: "ended",
  incomplete_expired: "ended",
};

export const StripeSubscription = z.object({
  id: z.string(),
  customer: Reference,
  status: z.string(),
  cancel_at_period_end: z.boolean().default(false),
  cancel_at: z.number().nullish(),
  items: z.object({ data: z.array(z.object({ price: z.object({ id: z.string() }) })) }),
  metadata: Metadata,
});

export function subscriptionOf(
  object: unknown,
  prices: Readonly<Partial<Record<EditionName, string>>>,
): ProviderSubscription {
  const found = StripeSubscription.parse(object);
  const standing = standings[found.status];
  if (standing === undefined) throw new Error(`a subscription is ${found.status}`);
  const bought = found.items.data.map(({ price }) => price.id);
  return {
    subscriptionId: found.id,
    customerId: found.customer ?? "",
    standing,
    isEnding: found.cancel_at_period_end || typeof found.cancel_at === "number",
    edition: EditionName.options.find((name) => bought.includes(prices[name] ?? "")),
  };
}

const Checkout = z.object({
  customer: Reference,
  subscription: Reference,
  metadata: Metadata,
});

const Invoice = z.object({
  id: z.string(),
  number: z.string().nullish(),
  customer: Reference,
  amount_due: z.number().int(),
  currency: z.string().length(3),
  created: z.number().int(),
  due_date: z.number().int().nullish(),
  parent: z
    .object({
      subscription_details: z.object({ subscription: Reference, metadata: Metadata }).nullish(),
    })
    .nullish(),
});

const instant = (seconds: number): string => new Date(seconds * 1000).toISOString();
const tenantIn = (metadata: Readonly<Record<string, string>>) => metadata["tenantId"];

type Read = Omit<ProviderEvent, "eventId" | "type">;

function ofSubscription(object: unknown): Read {
  const { id, customer, metadata } = StripeSubscription.parse(object);
  return {
    tenantId: tenantIn(metadata),
    customerId: customer,
    subscriptionId: id,
    invoice: undefined,
  };
}

const ofInvoice =
  (isPaid: boolean) =>
  (object: unknown): Read => {
    const invoice = Invoice.parse(object);
    const details = invoice.parent?.subscription_details;
    return {
      tenantId: details ? tenantIn(details.metadata) : undefined,
      customerId: invoice.customer,
      subscriptionId: details?.subscription,
      invoice: {
        id: invoice.id,
        number: invoice.number ?? invoice.id,
        amountMinor: invoice.amount_due,
        currency: invoice.currency.toUpperCase(),
        isPaid,
        issuedAt: instant(invoice.created),
        dueAt: instant(invoice.due_date ?? invoice.created),
      },
    };
  };

const readers: Readonly<Record<string, (object: unknown) => Read>> = {
  "checkout.session.completed": (object) => {
    const { customer, subscription, metadata } = Checkout.parse(object);
    return {
      tenantId: tenantIn(metadata),
      customerId: customer,
      subscriptionId: subscription,
      invoice: undefined,
    };
  },
  "customer.subscription.created": ofSubscription,
  "customer.subscription.updated": ofSubscription,
  "customer.subscription.deleted": ofSubscription,
  "invoice.paid": ofInvoice(true),
  "invoice.payment_failed": ofInvoice(false),
};

/** @returns undefined for a type that means nothing to us */
export function eventOf(event: {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly object: unknown };
}): ProviderEvent | undefined {
  const read = Object.hasOwn(readers, event.type) ? readers[event.type] : undefined;
  return read && { eventId: event.id, type: event.type, ...read(event.data.object) };
}
