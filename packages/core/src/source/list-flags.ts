import { requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { FlagId } from "../id/index.ts";
import type { DataQualityFlag, FlaggedRow } from "./flag.ts";
import type { SourceStore } from "./repository.ts";

type Context = RequestContext<SourceStore>;

/** @throws DomainError permission-denied */
export async function listFlags(
  ctx: Context,
  status: DataQualityFlag["status"],
  page: PageRequest,
): Promise<Page<DataQualityFlag>> {
  requirePermission(ctx.actor, "data-quality-flag:read");
  return ctx.store.flags.list(status, page);
}

/** @throws DomainError permission-denied | data-quality-flag-not-found */
export async function getFlag(ctx: Context, flagId: FlagId): Promise<DataQualityFlag> {
  requirePermission(ctx.actor, "data-quality-flag:read");
  return (await ctx.store.flags.get(flagId)) ?? raise("data-quality-flag-not-found");
}

/** @throws DomainError permission-denied | data-quality-flag-not-found */
export async function listFlaggedRows(
  ctx: Context,
  flagId: FlagId,
  page: PageRequest,
): Promise<Page<FlaggedRow>> {
  await getFlag(ctx, flagId);
  return ctx.store.flags.listRows(flagId, page);
}
