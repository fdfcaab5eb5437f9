import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { toMoney } from "../money/index.ts";
import type { SubscriptionStore } from "./repository.ts";
import type { InvoiceView } from "./schema.ts";

/** Every invoice, oldest first: a tenant gets a handful a year. @throws DomainError permission-denied */
export async function listInvoices(
  ctx: RequestContext<SubscriptionStore>,
): Promise<readonly InvoiceView[]> {
  requirePermission(ctx.actor, "subscription:read");
  const invoices = await ctx.store.invoices.list();
  return invoices.map(({ amountMinor, currency, version: _version, ...rest }) => ({
    ...rest,
    amount: toMoney(amountMinor, currency),
  }));
}
