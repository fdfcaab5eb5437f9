import { requirePermission } from "../actor/index.ts";
import { everyItem, type RequestContext } from "../context/index.ts";
import { DomainError } from "../error/index.ts";
import { deriveId, ImportId, type SourceId } from "../id/index.ts";
import type { Partner } from "../partner/index.ts";
import { type SourceStore, textKey } from "../source/index.ts";
import type { ImportStore } from "./repository.ts";
import { reevaluation, requestedEvent } from "./request-reevaluation.ts";

type Context = RequestContext<ImportStore & SourceStore>;

/**
 * Asks for the held rows that wait for this new partner to be looked at again. One job for each source
 * and partner: repeating it asks for nothing more.
 * @returns how many jobs were asked for
 * @throws DomainError permission-denied
 */
export async function releaseHeldRows(
  ctx: Context,
  { partnerId, name }: Pick<Partner, "partnerId" | "name">,
): Promise<number> {
  const by = requirePermission(ctx.actor, "source:manage");
  let asked = 0;
  for await (const { sourceId } of everyItem((page) => ctx.store.sources.list(page))) {
    if (!(await isAwaited(ctx, sourceId, name))) continue;
    const importId = deriveId(ImportId, "held-rows", sourceId, partnerId);
    const job = reevaluation(importId, sourceId, { kind: "held-rows" }, by, ctx.now);
    try {
      await ctx.store.imports.save(job, requestedEvent(job, by, ctx.now));
      asked += 1;
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== "version-stale") throw error;
    }
  }
  return asked;
}

async function isAwaited(ctx: Context, sourceId: SourceId, name: string): Promise<boolean> {
  for await (const { partner } of ctx.store.sources.heldRows(sourceId)) {
    if (textKey(partner) === textKey(name)) return true;
  }
  return false;
}
