import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { eventOf } from "../event/index.ts";
import { SourceId } from "../id/index.ts";
import { type PartnerStore, requireMembers } from "../partner/index.ts";
import type { SourceStore } from "./repository.ts";
import type { CreateSource, Source } from "./schema.ts";

/** @throws DomainError permission-denied | member-unknown */
export async function createSource(
  ctx: RequestContext<SourceStore & Pick<PartnerStore, "namedMembers">>,
  input: CreateSource,
): Promise<Source> {
  const by = requirePermission(ctx.actor, "source:manage");
  await requireMembers(ctx, { ownerId: input.ownerId });
  const at = ctx.now.toISOString();
  const next: Source = {
    sourceId: ctx.mint(SourceId),
    ...input,
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  await ctx.store.sources.save(next, eventOf("source.created", by, ctx.now, input));
  return next;
}
