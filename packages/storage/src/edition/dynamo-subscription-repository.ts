import type {
  InvoiceRepository,
  SubscriptionRepository,
  SubscriptionState,
  UsageRepository,
} from "@concord/core/edition";
import { load, save, type TenantTable } from "../aggregate.ts";
import type { Condition } from "../condition.ts";
import { every } from "../position.ts";
import { timerWrites } from "../timer/timer-item.ts";
import { invoiceAggregate, invoiceWrites, subscriptionAggregate } from "./subscription-rows.ts";
import { limitsWrite } from "./usage-rows.ts";

const REMEMBERED_MS = 60_000;
const MOST_TENANTS = 5_000;

/** Per table and tenant: every request asks, and once a minute is soon enough for what takes weeks. */
const remembered = new Map<string, { readonly at: number; readonly state: SubscriptionState }>();

function remember(key: string, at: number, state: SubscriptionState): void {
  remembered.delete(key);
  remembered.set(key, { at, state });
  const [oldest] = remembered.keys();
  if (remembered.size > MOST_TENANTS && oldest !== undefined) remembered.delete(oldest);
}

export function dynamoSubscriptionRepositories(tenant: TenantTable): {
  readonly invoices: InvoiceRepository;
  readonly subscriptions: SubscriptionRepository;
  readonly usage: UsageRepository;
} {
  const { table, keys } = tenant;
  const subscriptions = subscriptionAggregate(keys);
  const invoices = invoiceAggregate(keys);
  const cacheKey = `${table.name} ${keys.prefix}`;

  return {
    subscriptions: {
      /** AP-310 */
      get: () => load(tenant, subscriptions, keys.subscription()),

      /** AP-311 */
      async state(now) {
        const known = remembered.get(cacheKey);
        const age = now.getTime() - (known?.at ?? 0);
        if (known && age >= 0 && age < REMEMBERED_MS) return known.state;
        const found = await load(tenant, subscriptions, keys.subscription());
        const state = found?.state ?? "active";
        remember(cacheKey, now.getTime(), state);
        return state;
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
        remembered.delete(cacheKey);
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

      /** AP-318 */
      async countImport(today, limit) {
        const failed = await table.transact([
          {
            update: keys.importsOfDay(today),
            expression:
              "SET #used = if_not_exists(#used, :zero) + :one, #entity = :entity, #schemaVersion = :one, #expiresAt = :expiresAt",
            condition: hasRoom(today, limit),
          },
        ]);
        return failed.length === 0;
      },
    },
  };
}

const KEPT_DAYS = 7;

const hasRoom = (today: string, limit: number | null): Condition => ({
  expression:
    limit === null
      ? "attribute_not_exists(#used) OR #used >= :zero"
      : "attribute_not_exists(#used) OR #used < :limit",
  names: {
    "#used": "used",
    "#entity": "entity",
    "#schemaVersion": "schemaVersion",
    "#expiresAt": "expiresAt",
  },
  values: {
    ":one": 1,
    ":zero": 0,
    ":entity": "ImportsOfDay",
    ":expiresAt": Date.parse(today) / 1000 + KEPT_DAYS * 86_400,
    ...(limit === null ? {} : { ":limit": limit }),
  },
});
