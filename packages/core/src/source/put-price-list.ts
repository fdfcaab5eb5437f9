import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { type ErrorPlace, raise } from "../error/index.ts";
import { eventOf } from "../event/index.ts";
import type { SourceId } from "../id/index.ts";
import { parseMinor } from "../money/index.ts";
import { textKey } from "./catalog.ts";
import type { SourceStore } from "./repository.ts";
import type { Price, PutPriceList, Source } from "./schema.ts";

/**
 * Adds and replaces list prices, all rows or none. A changed price counts for rows received afterwards;
 * a product that is listed for the first time resolves the rows flagged for it with the next re-evaluation.
 * @throws DomainError permission-denied | source-not-found | version-stale | price-list-invalid with every wrong row
 */
export async function putPriceList(
  ctx: RequestContext<SourceStore>,
  { sourceId, ifVersion, prices }: PutPriceList & { sourceId: SourceId; ifVersion: number },
): Promise<Source> {
  const by = requirePermission(ctx.actor, "source:manage");
  const source = (await ctx.store.sources.get(sourceId)) ?? raise("source-not-found");
  if (source.version !== ifVersion) raise("version-stale");
  const changedAt = ctx.now.toISOString();
  const places: ErrorPlace[] = [];
  const seen = new Set<string>();
  const rows = prices.flatMap(({ product, listPrice }, position): Price[] => {
    const listAmountMinor = parseMinor(listPrice, source.currency);
    const key = textKey(product);
    if (seen.has(key)) {
      places.push({ pointer: `/prices/${position}/product`, detail: "is listed more than once" });
    }
    seen.add(key);
    if (listAmountMinor === undefined || listAmountMinor < 0) {
      const detail = `must be a price in ${source.currency}`;
      places.push({ pointer: `/prices/${position}/listPrice`, detail });
      return [];
    }
    return [{ sourceId, product: product.trim(), listAmountMinor, changedAt }];
  });
  if (places.length > 0) raise("price-list-invalid", undefined, places.slice(0, 100));
  await ctx.store.sources.putPrices(rows);
  const next = { ...source, version: source.version + 1, updatedAt: changedAt };
  const event = eventOf("source.price-list-changed", by, ctx.now, { products: rows.length });
  await ctx.store.sources.save(next, event);
  return next;
}
