import { z } from "zod";
import { InvoiceId } from "../id/index.ts";
import { Currency, Money } from "../money/index.ts";

/** What a tenant subscribes to. */
export const EditionName = z.enum(["starter", "growth", "enterprise"]).meta({ id: "EditionName" });
export type EditionName = z.infer<typeof EditionName>;

/** How much of something an edition holds; null where it sets no bound. */
const Limit = z.number().int().positive().nullable();

export const EditionLimits = z
  .object({
    partners: Limit,
    /** Active members. */
    members: Limit,
    /** Programs with a published version. */
    programs: Limit,
    /** Announced on one calendar day of the tenant's time zone. */
    importsPerDay: Limit,
    /** The longest that a tenant may have kept what it sets a time for, such as reads of confidential information. */
    retentionDays: Limit,
  })
  .meta({ id: "EditionLimits" });
export type EditionLimits = z.infer<typeof EditionLimits>;

export const Edition = z
  .object({ name: EditionName, limits: EditionLimits })
  .meta({ id: "Edition" });
export type Edition = z.infer<typeof Edition>;

/** What is counted as it comes and goes; imports are counted by the day instead. */
export const Counted = z.enum(["partners", "members", "programs"]);
export type Counted = z.infer<typeof Counted>;

export const SubscriptionState = z
  .enum(["trial", "active", "past-due", "suspended", "closed", "erased"])
  .meta({ id: "SubscriptionState" });
export type SubscriptionState = z.infer<typeof SubscriptionState>;

export const Subscription = z.object({
  edition: EditionName,
  state: SubscriptionState,
  stateSince: z.iso.datetime(),
  /** When time moves the state on; null where it does not. */
  stateEndsAt: z.iso.datetime().nullable(),
  /** Of a tenant that began with a trial. */
  trialEndsAt: z.iso.datetime().nullable(),
  /** When the end of the trial was last called to mind. */
  trialRemindedAt: z.iso.datetime().optional(),
  /** Of a closed one: what it becomes when it is reopened in time. */
  resumesAs: z.enum(["trial", "active", "suspended"]).nullable(),
  /** 0 while the tenant has the standing that is given without a row of its own. */
  version: z.number().int().nonnegative(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Subscription = z.infer<typeof Subscription>;

/** What people and programs may do in a state: everything, read, or take their data and leave. */
export const Standing = z.enum(["open", "read-only", "closed"]).meta({ id: "Standing" });
export type Standing = z.infer<typeof Standing>;

/** How much of what is counted there is. */
export const Usage = z.object({
  partners: z.number().int(),
  members: z.number().int(),
  programs: z.number().int(),
});
export type Usage = z.infer<typeof Usage>;

const UseOfLimit = z.object({ used: z.number().int(), limit: Limit });

/** What a change of the subscription answers. */
export const SubscriptionTerms = Subscription.extend({ standing: Standing }).meta({
  id: "SubscriptionTerms",
});
export type SubscriptionTerms = z.infer<typeof SubscriptionTerms>;

export const SubscriptionView = SubscriptionTerms.extend({
  usage: z.object({
    partners: UseOfLimit,
    members: UseOfLimit,
    programs: UseOfLimit,
    /** Today. */
    importsPerDay: UseOfLimit,
  }),
}).meta({ id: "Subscription" });
export type SubscriptionView = z.infer<typeof SubscriptionView>;

export const ChangeEdition = z.strictObject({ edition: EditionName }).meta({ id: "ChangeEdition" });
export type ChangeEdition = z.infer<typeof ChangeEdition>;

export const CloseTenant = z
  .strictObject({
    /** The tenant's name as it is written, so that nobody closes the wrong one. */
    tenantName: z.string().min(1).max(200),
  })
  .meta({ id: "CloseTenant" });
export type CloseTenant = z.infer<typeof CloseTenant>;

/** A demand for payment; the operator issues it and records what comes in. */
export const Invoice = z
  .object({
    invoiceId: InvoiceId,
    /** As it stands on paper. */
    number: z.string().trim().min(1).max(60),
    amountMinor: z.number().int().nonnegative(),
    currency: Currency,
    status: z.enum(["open", "overdue", "paid"]),
    issuedAt: z.iso.datetime(),
    /** Unpaid at this instant, it is overdue. */
    dueAt: z.iso.datetime(),
    paidAt: z.iso.datetime().nullable(),
    version: z.number().int().positive(),
  })
  .strip();
export type Invoice = z.infer<typeof Invoice>;

/** As the tenant sees it. */
export const InvoiceView = Invoice.omit({ amountMinor: true, currency: true, version: true })
  .extend({ amount: Money })
  .meta({ id: "Invoice" });
export type InvoiceView = z.infer<typeof InvoiceView>;

export const IssueInvoice = Invoice.pick({ number: true, amountMinor: true, currency: true })
  .extend({ dueAt: z.iso.datetime() })
  .strict();
export type IssueInvoice = z.infer<typeof IssueInvoice>;
