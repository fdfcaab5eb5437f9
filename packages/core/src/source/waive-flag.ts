import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { eventOf } from "../event/index.ts";
import type { FlagId } from "../id/index.ts";
import type { DataQualityFlag } from "./flag.ts";
import type { SourceStore } from "./repository.ts";

/**
 * Accepts the rows that are open now, with a reason; more of them open the flag again.
 * @throws DomainError permission-denied | data-quality-flag-not-found | data-quality-flag-not-open | version-stale
 */
export async function waiveFlag(
  ctx: RequestContext<SourceStore>,
  { flagId, ifVersion, reason }: { flagId: FlagId; ifVersion: number; reason: string },
): Promise<DataQualityFlag> {
  const by = requirePermission(ctx.actor, "data-quality-flag:waive");
  const flag = (await ctx.store.flags.get(flagId)) ?? raise("data-quality-flag-not-found");
  if (flag.version !== ifVersion) raise("version-stale");
  if (flag.status !== "open") raise("data-quality-flag-not-open");
  const next: DataQualityFlag = {
    ...flag,
    status: "waived",
    waivedRows: flag.openRows,
    waivedReason: reason,
    version: flag.version + 1,
    changedAt: ctx.now.toISOString(),
  };
  const event = eventOf("data-quality-flag.waived", by, ctx.now, { reason, rows: flag.openRows });
  await ctx.store.flags.save(next, event);
  return next;
}
