import { BillingAccount, BillingEvent } from "@concord/core/billing";
import {
  Invoice,
  type InvoiceChange,
  Subscription,
  type SubscriptionChange,
} from "@concord/core/edition";
import type { ErrorCode } from "@concord/core/error";
import { type Aggregate, type TenantTable, writesOf } from "../aggregate.ts";
import { isNew } from "../dynamo-table/condition.ts";
import type { Write } from "../dynamo-table/contract.ts";
import type { Entity } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { timerWrites } from "../timer/timer-item.ts";
import { firstUsage } from "./usage-rows.ts";

export const subscriptionAggregate = (keys: TenantKeys): Aggregate<Subscription> => ({
  name: "Subscription",
  schema: Subscription,
  schemaVersion: 1,
  id: () => keys.tenantId,
  key: () => keys.subscription(),
});

export const invoiceAggregate = (keys: TenantKeys): Aggregate<Invoice> => ({
  name: "Invoice",
  schema: Invoice,
  schemaVersion: 1,
  id: ({ invoiceId }) => invoiceId,
  key: ({ invoiceId }) => keys.invoice(invoiceId),
});

export const billingAggregate = (keys: TenantKeys): Aggregate<BillingAccount> => ({
  name: "BillingAccount",
  schema: BillingAccount,
  schemaVersion: 1,
  id: () => keys.tenantId,
  key: () => keys.billing(),
});

export const billingEventEntity = (keys: TenantKeys): Entity<BillingEvent> => ({
  name: "BillingEvent",
  schema: BillingEvent,
  schemaVersion: 1,
  key: ({ eventId }) => keys.billingEvent(eventId),
  expiresAt: ({ expiresAt }) => expiresAt,
});

export interface Also {
  readonly write: Write;
  readonly otherwise: ErrorCode;
}

/** Subscription, event, timers and what is counted, in the transaction that creates the tenant. */
export const newSubscriptionWrites = (
  tenant: TenantTable,
  { next, event, timers }: SubscriptionChange,
): readonly Also[] => [
  ...writesOf(tenant, subscriptionAggregate(tenant.keys), next, event).map((write) => ({
    write,
    otherwise: "tenant-exists" as const,
  })),
  ...timerWrites(tenant.keys, timers),
  {
    write: { put: firstUsage(tenant.keys, next.edition), condition: isNew },
    otherwise: "tenant-exists",
  },
];

export const invoiceWrites = (
  tenant: TenantTable,
  { next, event, timers }: InvoiceChange,
): readonly Also[] => [
  ...writesOf(tenant, invoiceAggregate(tenant.keys), next, event).map((write) => ({
    write,
    otherwise: "version-stale" as const,
  })),
  ...timerWrites(tenant.keys, timers),
];
