import { requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { SourceId } from "../id/index.ts";
import { toMoney } from "../money/index.ts";
import type { SourceStore } from "./repository.ts";
import type { Alias, HeldRow, PriceView, Source } from "./schema.ts";

type Context = RequestContext<SourceStore>;

/** @throws DomainError permission-denied | source-not-found */
export async function getSource(ctx: Context, sourceId: SourceId): Promise<Source> {
  requirePermission(ctx.actor, "source:read");
  return (await ctx.store.sources.get(sourceId)) ?? raise("source-not-found");
}

/** @throws DomainError permission-denied */
export async function listSources(ctx: Context, page: PageRequest): Promise<Page<Source>> {
  requirePermission(ctx.actor, "source:read");
  return ctx.store.sources.list(page);
}

/** @throws DomainError permission-denied | source-not-found */
export async function listPrices(
  ctx: Context,
  sourceId: SourceId,
  page: PageRequest,
): Promise<Page<PriceView>> {
  const { currency } = await getSource(ctx, sourceId);
  const { items, ...rest } = await ctx.store.sources.listPrices(sourceId, page);
  return {
    ...rest,
    items: items.map(({ product, listAmountMinor }) => ({
      product,
      listPrice: toMoney(listAmountMinor, currency),
    })),
  };
}

/** @throws DomainError permission-denied | source-not-found */
export async function listAliases(
  ctx: Context,
  sourceId: SourceId,
  page: PageRequest,
): Promise<Page<Alias>> {
  await getSource(ctx, sourceId);
  return ctx.store.sources.listAliases(sourceId, page);
}

/** @throws DomainError permission-denied | source-not-found */
export async function listHeldRows(
  ctx: Context,
  sourceId: SourceId,
  page: PageRequest,
): Promise<Page<HeldRow>> {
  await getSource(ctx, sourceId);
  return ctx.store.sources.listHeldRows(sourceId, page);
}
