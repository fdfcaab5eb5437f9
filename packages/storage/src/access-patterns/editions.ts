import { type BillingChange, bind, follow, type ProviderEvent } from "@concord/core/billing";
import { begin, changeEdition, type InvoiceChange, type Subscription } from "@concord/core/edition";
import { ExportId, InvoiceId, PersonId } from "@concord/core/id";
import type { TenantExport } from "@concord/core/tenant-export";
import {
  AT,
  drain,
  type Exercise,
  event,
  exercise,
  idOf,
  LATER,
  NOW,
  type Stores,
  SYSTEM,
} from "./access-patterns.ts";
import { newMember } from "./people-values.ts";

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

const bound: BillingChange = bind("cus_NffrFeUfNV2Hib", SYSTEM, NOW);
const bindCustomer = ({ tenant: { billing } }: Stores) => billing.save(bound, { version: 0 });
const customerOfStarted = async (stores: Stores) => {
  await start(stores);
  await stores.tenant.billing.save(bound, { version: 1 });
};
const paid = {
  ...{ subscriptionId: "sub_1MowQVLkdIwHu7ixeRlqHVzs", customerId: bound.next.customerId },
  ...{ standing: "paid" as const, isEnding: false, edition: "growth" as const },
};
const told = (isPaid?: true): ProviderEvent => ({
  ...{ eventId: "evt_1NG8Du2eZvKYlo2CUI79vXWy", type: "invoice.paid", tenantId: undefined },
  ...{ customerId: paid.customerId, subscriptionId: paid.subscriptionId },
  invoice: isPaid && {
    ...{ id: "in_1", number: "2027-0001", amountMinor: 49_900, currency: "USD" },
    ...{ isPaid, issuedAt: AT, dueAt: AT },
  },
});
const takeEvent = ({ tenant: { billing } }: Stores) =>
  billing.save(
    follow(
      bound.next,
      told(),
      { ...paid, standing: "pending" },
      { subscription: started.next, invoice: undefined },
      SYSTEM,
      NOW,
    ),
    started.next,
  );

export const signUp = ({ tenantId, tenant }: Stores) =>
  tenant.signUp.create({
    tenantId,
    email: "ada@northwind.example",
    displayName: "Ada",
    tenant: { name: "Acme", timeZone: "UTC", fiscalYearStartMonth: 1, currency: "USD" },
    edition: "growth",
    tokenHash: "hash",
    createdAt: AT,
    expiresAt: LATER,
  });

const addMember = ({ tenant: { members } }: Stores) => members.add(newMember());
const erase = ({ tenantId, system: { erasures } }: Stores) =>
  erasures.save({
    tenantId,
    erasedAt: AT,
    parts: null,
    nextPart: 0,
    rowsRemoved: 0,
    peopleRemoved: 0,
    finishedAt: null,
  });
const job: TenantExport = {
  exportId: idOf(ExportId),
  status: "running",
  requestedBy: SYSTEM,
  createdAt: AT,
  finishedAt: null,
  parts: null,
  nextPart: 0,
  files: [],
  version: 1,
};
const request = ({ tenant: { exports } }: Stores) =>
  exports.save(job, event("tenant-export.requested"), [
    { kind: "tenant-export", subject: job.exportId, dueAt: AT },
  ]);
const listed = ({ tenantId, system: { erasures } }: Stores) =>
  erasures.putPart(tenantId, 0, { places: ["T#x#TENANT"], people: [], pointers: [] });

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
  exercise("AP-319", signUp, ({ tenant }) => tenant.signUp.get()),
  exercise("AP-320", nothing, signUp),
  exercise("AP-321", nothing, ({ tenant: { contents } }) => drain(contents.walk())),
  exercise("AP-322", signUp, ({ tenantId, tenant: { contents } }) =>
    drain(contents.rows(`T#${tenantId}#SIGNUP`)),
  ),
  exercise("AP-323", signUp, ({ tenantId, tenant: { contents } }) =>
    contents.removeAll(`T#${tenantId}#SIGNUP`),
  ),
  exercise("AP-324", erase, ({ tenantId, system: { erasures } }) => erasures.get(tenantId)),
  exercise("AP-325", nothing, erase),
  exercise("AP-326", nothing, listed),
  exercise("AP-327", listed, ({ tenantId, system: { erasures } }) => erasures.part(tenantId, 0)),
  exercise("AP-328", listed, ({ tenantId, system: { erasures } }) =>
    erasures.dropParts(tenantId, 1),
  ),
  exercise("AP-329", addMember, ({ tenantId, system: { erasures } }) =>
    erasures.forgetPerson(tenantId, idOf(PersonId)),
  ),
  exercise("AP-330", start, ({ tenantId, system: { erasures } }) =>
    erasures.forgetTenant(tenantId),
  ),
  exercise("AP-331", request, ({ tenant: { exports } }) => exports.get(job.exportId)),
  exercise("AP-332", request, ({ tenant: { exports } }) => exports.list()),
  exercise("AP-333", nothing, request),
  exercise("AP-334", request, ({ tenant: { exports } }) =>
    exports.saveProgress({ ...job, parts: 1, version: 2 }),
  ),
  exercise("AP-335", nothing, ({ tenant: { exports } }) =>
    exports.putPart(job.exportId, 0, ["T#x#TENANT"]),
  ),
  exercise(
    "AP-336",
    ({ tenant: { exports } }) => exports.putPart(job.exportId, 0, ["T#x#TENANT"]),
    ({ tenant: { exports } }) => exports.part(job.exportId, 0),
  ),
  exercise("AP-418", bindCustomer, ({ tenant: { billing } }) => billing.get()),
  exercise(
    "AP-419",
    async (stores) => {
      await customerOfStarted(stores);
      await takeEvent(stores);
    },
    ({ tenant: { billing } }) => billing.hasTaken(told().eventId),
  ),
  exercise("AP-420", nothing, bindCustomer),
  exercise("AP-421", customerOfStarted, takeEvent),
  exercise("AP-422", customerOfStarted, ({ tenant: { billing } }) =>
    billing.save(
      follow(
        bound.next,
        told(true),
        paid,
        { subscription: started.next, invoice: undefined },
        SYSTEM,
        NOW,
      ),
      started.next,
    ),
  ),
];
