import type { Actor } from "../actor/index.ts";
import { eventOf } from "../event/index.ts";
import type { InvoiceId } from "../id/index.ts";
import type { InvoiceChange } from "./repository.ts";
import type { Invoice, IssueInvoice } from "./schema.ts";

export function issue(
  invoiceId: InvoiceId,
  input: IssueInvoice,
  by: Actor,
  now: Date,
): InvoiceChange {
  const next: Invoice = {
    invoiceId,
    ...input,
    status: "open",
    issuedAt: now.toISOString(),
    paidAt: null,
    version: 1,
  };
  return {
    next,
    event: eventOf("invoice.issued", by, now, { number: input.number }),
    timers: [{ kind: "invoice-due", subject: invoiceId, dueAt: input.dueAt }],
  };
}

/** An invoice of the payment provider, as an event of it has it. */
export interface ProvidedInvoice extends Pick<Invoice, "invoiceId" | "number" | "amountMinor"> {
  readonly currency: Invoice["currency"];
  readonly issuedAt: string;
  readonly dueAt: string;
  readonly isPaid: boolean;
}

/** Paid is final: what is told of it later was true before. */
export function followInvoice(
  current: Invoice | undefined,
  { isPaid, ...given }: ProvidedInvoice,
  by: Actor,
  now: Date,
): InvoiceChange | undefined {
  const status = isPaid ? "paid" : "overdue";
  if (current?.status === "paid" || current?.status === status) return undefined;
  const { invoiceId, number, amountMinor, currency, issuedAt, dueAt } = given;
  const next: Invoice = {
    ...{ invoiceId, number, amountMinor, currency, status, issuedAt, dueAt },
    paidAt: isPaid ? now.toISOString() : null,
    version: (current?.version ?? 0) + 1,
  };
  const type = isPaid ? "invoice.paid" : "invoice.overdue";
  return { next, event: eventOf(type, by, now, { number }), timers: [] };
}

/** Nothing where it is paid already. */
export function pay(invoice: Invoice, by: Actor, now: Date): InvoiceChange | undefined {
  if (invoice.status === "paid") return undefined;
  const at = now.toISOString();
  const next: Invoice = {
    ...invoice,
    status: "paid",
    paidAt: at,
    version: invoice.version + 1,
  };
  const event = eventOf("invoice.paid", by, now, { number: invoice.number });
  return { next, event, timers: [] };
}

/** Nothing where it is paid, marked already, or not due yet. */
export function fallDue(invoice: Invoice, by: Actor, now: Date): InvoiceChange | undefined {
  if (invoice.status !== "open" || now.getTime() < Date.parse(invoice.dueAt)) return undefined;
  const next: Invoice = { ...invoice, status: "overdue", version: invoice.version + 1 };
  const event = eventOf("invoice.overdue", by, now, { number: invoice.number });
  return { next, event, timers: [] };
}
