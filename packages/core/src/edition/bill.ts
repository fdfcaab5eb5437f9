import { type ActorWith, requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { InvoiceId } from "../id/index.ts";
import { begin, givenSubscription, type Happening, happen } from "./edition.ts";
import { fallDue, issue, pay } from "./invoice.ts";
import type { InvoiceChange, SubscriptionStore } from "./repository.ts";
import type { EditionName, Invoice, IssueInvoice, Subscription } from "./schema.ts";

type Context = RequestContext<SubscriptionStore>;
type Biller = ActorWith<"subscription:bill"> | ActorWith<"subscription:run">;

/** Changes nothing of the tenant's standing; unpaid at its date, the invoice falls overdue by itself. */
export async function issueInvoice(ctx: Context, input: IssueInvoice): Promise<Invoice> {
  const by = requirePermission(ctx.actor, "subscription:bill");
  const change = issue(ctx.mint(InvoiceId), input, by, ctx.now);
  await ctx.store.invoices.save(change);
  return change.next;
}

/**
 * Records that an invoice was paid. With the last overdue one paid the tenant is active, whatever it
 * was; a repeat changes nothing.
 * @throws DomainError permission-denied | invoice-not-found | version-stale
 */
export async function recordPayment(ctx: Context, invoiceId: InvoiceId): Promise<Invoice> {
  const by = requirePermission(ctx.actor, "subscription:bill");
  const invoice = (await ctx.store.invoices.get(invoiceId)) ?? raise("invoice-not-found");
  const paid = pay(invoice, by, ctx.now);
  if (!paid) return invoice;
  const all = await ctx.store.invoices.list();
  const isSettled = all.every(
    (other) => other.invoiceId === invoiceId || other.status !== "overdue",
  );
  await save(ctx, paid, isSettled ? "paid" : undefined, by);
  return paid.next;
}

/** What the date of an invoice brings; nothing where it is paid. @throws DomainError invoice-not-found */
export async function endPaymentTerm(ctx: Context, invoiceId: InvoiceId): Promise<void> {
  const by = requirePermission(ctx.actor, "subscription:run");
  const invoice = (await ctx.store.invoices.get(invoiceId)) ?? raise("invoice-not-found");
  const overdue = fallDue(invoice, by, ctx.now);
  if (overdue) await save(ctx, overdue, "overdue", by);
}

async function save(
  ctx: Context,
  invoice: InvoiceChange,
  what: Happening | undefined,
  by: Biller,
): Promise<void> {
  const current = await currentSubscription(ctx);
  const change = what && happen(current, what, by, ctx.now);
  if (change) await ctx.store.subscriptions.save(change, { invoice });
  else await ctx.store.invoices.save(invoice);
}

/** The subscription, or the one that is given to a tenant without a row. */
export const currentSubscription = async (ctx: Context): Promise<Subscription> =>
  (await ctx.store.subscriptions.get()) ?? givenSubscription(ctx.now.toISOString());

/**
 * Puts a tenant that had none on a subscription, as an operator agrees it with the customer.
 * @throws DomainError permission-denied | subscription-exists | edition-too-small
 */
export async function startSubscription(
  ctx: Context,
  input: { readonly edition: EditionName; readonly begins: "trial" | "active" },
): Promise<Subscription> {
  const by = requirePermission(ctx.actor, "subscription:bill");
  if (await ctx.store.subscriptions.get()) raise("subscription-exists");
  const change = begin(input.edition, input.begins, by, ctx.now);
  await ctx.store.subscriptions.save(change, { changesEdition: true });
  return change.next;
}
