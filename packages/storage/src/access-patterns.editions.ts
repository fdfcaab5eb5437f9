import { begin, changeEdition, type InvoiceChange, type Subscription } from "@concord/core/edition";
import { InvoiceId } from "@concord/core/id";
import {
  AT,
  type Exercise,
  event,
  exercise,
  idOf,
  NOW,
  type Stores,
  SYSTEM,
} from "./access-patterns.ts";

const started = begin("growth", "trial", SYSTEM, NOW);
const start = ({ tenant: { subscriptions } }: Stores) =>
  subscriptions.save(started, { changesEdition: true });
const nothing = async () => undefined;
const NONE = { partners: 0, members: 0, programs: 0 };

const invoice = (over: Partial<InvoiceChange["next"]> = {}): InvoiceChange => ({
  next: {
    invoiceId: idOf(InvoiceId),
    number: "2027-0001",
    amountMinor: 120_000,
    currency: "USD",
    status: "open",
    issuedAt: AT,
    dueAt: AT,
    paidAt: null,
    version: 1,
    ...over,
  },
  event: event("invoice.issued"),
  timers: [],
});
const issue = ({ tenant: { invoices } }: Stores) => invoices.save(invoice());
const active: Subscription = { ...started.next, state: "active", version: 2 };

export const editionExercises: readonly Exercise[] = [
  exercise("AP-310", start, ({ tenant: { subscriptions } }) => subscriptions.get()),
  exercise("AP-311", start, ({ tenant: { subscriptions } }) => subscriptions.state(NOW)),
  exercise("AP-312", start, ({ tenant: { subscriptions } }) =>
    subscriptions.save({ next: active, event: event("subscription.activated"), timers: [] }),
  ),
  exercise("AP-313", start, ({ tenant: { subscriptions } }) =>
    subscriptions.save(changeEdition(started.next, "starter", NONE, SYSTEM, NOW), {
      changesEdition: true,
    }),
  ),
  exercise("AP-314", issue, ({ tenant: { invoices } }) => invoices.get(idOf(InvoiceId))),
  exercise("AP-315", issue, ({ tenant: { invoices } }) => invoices.list()),
  exercise("AP-316", nothing, issue),
  exercise("AP-317", start, ({ tenant: { usage } }) => usage.read("2027-01-15")),
  exercise("AP-318", nothing, ({ tenant: { usage } }) => usage.countImport("2027-01-15", 5)),
];
