import { z } from "zod";
import { EditionName } from "../edition/index.ts";

/**
 * What the provider says of a subscription: nothing paid yet, paid up, a payment failed, or over.
 */
export const PaidStanding = z.enum(["pending", "paid", "overdue", "ended"]);
export type PaidStanding = z.infer<typeof PaidStanding>;

/** Who the tenant is at the payment provider; no other tenant is ever changed by this customer's events. */
export const BillingAccount = z.object({
  provider: z.literal("stripe"),
  customerId: z.string().min(1).max(255),
  subscriptionId: z.string().max(255).nullable(),
  standing: PaidStanding,
  /** Whether it was cancelled and runs out at the end of what is paid. */
  isEnding: z.boolean(),
  version: z.number().int().positive(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type BillingAccount = z.infer<typeof BillingAccount>;

/** An event of the provider that was taken; its id is its key, so that none is taken twice. */
export const BillingEvent = z.object({
  eventId: z.string().min(1).max(255),
  type: z.string().max(100),
  takenAt: z.iso.datetime(),
  /** Epoch seconds; longer than the provider repeats an event. */
  expiresAt: z.number().int(),
});
export type BillingEvent = z.infer<typeof BillingEvent>;

const returnTo = z
  .url()
  .max(1000)
  .optional()
  .meta({ example: "https://console.northwind.example/subscription" });

export const StartCheckout = z
  .strictObject({
    edition: EditionName,
    /** Where the browser comes back to; its origin must be one that is allowed. */
    returnTo,
  })
  .meta({ id: "StartCheckout" });
export type StartCheckout = z.infer<typeof StartCheckout>;

export const OpenPortal = z.strictObject({ returnTo }).meta({ id: "OpenPortal" });
export type OpenPortal = z.infer<typeof OpenPortal>;

/** A page of the provider, good for a short while and for this tenant alone. */
export const BillingPage = z.object({ url: z.url() }).meta({ id: "BillingPage" });
export type BillingPage = z.infer<typeof BillingPage>;
