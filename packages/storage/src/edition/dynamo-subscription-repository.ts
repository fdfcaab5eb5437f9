import type { BillingRepository } from "@concord/core/billing";
import type {
  InvoiceRepository,
  SubscriptionChange,
  SubscriptionRepository,
  UsageRepository,
} from "@concord/core/edition";
import { load, save, type TenantTable, writesOf } from "../aggregate.ts";
import { type Condition, hasVersion, isNew } from "../dynamo-table/condition.ts";
import { fromItem, toItem } from "../entity.ts";
import { every } from "../position.ts";
import { forgetStanding, standingOf } from "../standing.ts";
import { timerWrites } from "../timer/timer-item.ts";
import {
  type Also,
  billingAggregate,
  billingEventEntity,
  invoiceAggregate,
  invoiceWrites,
  subscriptionAggregate,
} from "./subscription-rows.ts";
import { limitsWrite } from "./usage-rows.ts";

export function dynamoSubscriptionRepositories(tenant: TenantTable): {
  readonly billing: BillingRepository;
  readonly invoices: InvoiceRepository;
  readonly subscriptions: SubscriptionRepository;
  readonly usage: UsageRepository;
} {
  const { table, keys } = tenant;
  const subscriptions = subscriptionAggregate(keys);
  const invoices = invoiceAggregate(keys);
  const accounts = billingAggregate(keys);
  const billingEvents = billingEventEntity(keys);

  return {
    subscriptions: {
      /** AP-310 */
      get: () => load(tenant, subscriptions, keys.subscription()),

      /** AP-311 */
      async state(now) {
        const { subscription } = await standingOf(tenant, now);
        return subscription ? fromItem(subscriptions, subscription).state : "active";
      },

      /** AP-312, AP-313 */
      async save({ next, event, timers }, { changesEdition, invoice } = {}) {
        await save(tenant, subscriptions, next, event, {
          also: [
            ...timerWrites(keys, timers),
            ...(changesEdition ? [limitsWrite(keys, next.edition)] : []),
            ...(invoice ? invoiceWrites(tenant, invoice) : []),
          ],
        });
        forgetStanding(tenant);
      },
    },

    billing: {
      /** AP-418 */
      get: () => load(tenant, accounts, keys.billing()),

      /** AP-419 */
      hasTaken: async (eventId) => (await table.get(keys.billingEvent(eventId))) !== undefined,

      /** AP-420, AP-421, AP-422 */
      async save({ next, event, taken, subscription, invoice }, standing) {
        await save(tenant, accounts, next, event, {
          also: [
            ...(taken
              ? [
                  {
                    write: { put: toItem(billingEvents, taken), condition: isNew },
                    otherwise: "billing-event-taken" as const,
                  },
                ]
              : []),
            ...(subscription
              ? subscriptionWrites(tenant, subscription)
              : [
                  {
                    write: { check: keys.subscription(), condition: unchanged(standing.version) },
                    otherwise: "version-stale" as const,
                  },
                ]),
            ...(invoice ? invoiceWrites(tenant, invoice) : []),
          ],
        });
        forgetStanding(tenant);
      },
    },

    invoices: {
      /** AP-314 */
      get: (invoiceId) => load(tenant, invoices, keys.invoice(invoiceId)),

      /** AP-315 */
      async list() {
        const { pk } = keys.subscription();
        const found = [];
        const query = { pk, sort: { prefix: keys.invoicePrefix } };
        for await (const one of every(table, invoices, query)) found.push(one);
        return found;
      },

      /** AP-316 */
      save: ({ next, event, timers }) =>
        save(tenant, invoices, next, event, { also: timerWrites(keys, timers) }),
    },

    usage: {
      /** AP-317 */
      async read(today) {
        const wanted = [keys.usage(), ...(today ? [keys.importsOfDay(today)] : [])];
        const rows = await table.getAll(wanted);
        const total = rows.find(({ entity }) => entity === "Usage");
        const day = rows.find(({ entity }) => entity === "ImportsOfDay");
        // A tenant from before there were counts may have taken away more than was counted.
        const count = (value: unknown): number => Math.max(0, Number(value ?? 0));
        return {
          partners: count(total?.["partners"]),
          members: count(total?.["members"]),
          programs: count(total?.["programs"]),
          imports: count(day?.["used"]),
        };
      },
    },
  };
}

/** Of a subscription; a tenant without one has version 0. */
const unchanged = (version: number): Condition => (version === 0 ? isNew : hasVersion(version));

/** What a payment at the provider changes: the edition that is paid for counts whatever is in use. */
const subscriptionWrites = (
  tenant: TenantTable,
  { next, event, timers }: SubscriptionChange,
): readonly Also[] => [
  ...writesOf(tenant, subscriptionAggregate(tenant.keys), next, event).map((write) => ({
    write,
    otherwise: "version-stale" as const,
  })),
  ...timerWrites(tenant.keys, timers),
  limitsWrite(tenant.keys, next.edition, true),
];
