import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { eventOf } from "../event/index.ts";
import type { FlagId, MemberId, SourceId } from "../id/index.ts";
import type { DataQualityFlag } from "./flag.ts";
import type { SourceStore } from "./repository.ts";
import type { Source } from "./schema.ts";

interface NewOwner {
  readonly ifVersion: number;
  /** An active member of the tenant, which the caller has seen to. */
  readonly ownerId: MemberId;
}

/**
 * Flags raised from now on go to the new owner; those that are open follow when they are counted next.
 * @throws DomainError permission-denied | source-not-found | version-stale
 */
export async function changeSourceOwner(
  ctx: RequestContext<SourceStore>,
  { sourceId, ifVersion, ownerId }: NewOwner & { readonly sourceId: SourceId },
): Promise<Source> {
  const by = requirePermission(ctx.actor, "source:manage");
  const source = (await ctx.store.sources.get(sourceId)) ?? raise("source-not-found");
  if (source.version !== ifVersion) raise("version-stale");
  const updatedAt = ctx.now.toISOString();
  const next: Source = { ...source, ownerId, version: source.version + 1, updatedAt };
  const event = eventOf("source.owner-changed", by, ctx.now, { from: source.ownerId, ownerId });
  await ctx.store.sources.save(next, event);
  return next;
}

/**
 * The flag goes to the work list of another data steward.
 * @throws DomainError permission-denied | data-quality-flag-not-found | data-quality-flag-not-open | version-stale
 */
export async function changeFlagOwner(
  ctx: RequestContext<SourceStore>,
  { flagId, ifVersion, ownerId }: NewOwner & { readonly flagId: FlagId },
): Promise<DataQualityFlag> {
  const by = requirePermission(ctx.actor, "data-quality-flag:waive");
  const flag = (await ctx.store.flags.get(flagId)) ?? raise("data-quality-flag-not-found");
  if (flag.version !== ifVersion) raise("version-stale");
  if (flag.status !== "open") raise("data-quality-flag-not-open");
  const changedAt = ctx.now.toISOString();
  const next: DataQualityFlag = { ...flag, ownerId, version: flag.version + 1, changedAt };
  const event = eventOf("data-quality-flag.owner-changed", by, ctx.now, {
    from: flag.ownerId,
    ownerId,
  });
  await ctx.store.flags.save(next, event);
  return next;
}
