import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { eventOf } from "../event/index.ts";
import { AliasId, deriveId, ImportId, type SourceId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import { type AddAlias, Alias, type SourceStore, textKey } from "../source/index.ts";
import type { ImportStore } from "./repository.ts";
import { reevaluation, requestedEvent } from "./request-reevaluation.ts";
import type { Scope } from "./schema.ts";

/** The job that an alias asks for: the same alias, the same job. */
export const jobOfAlias = ({ sourceId, aliasId, version }: Alias): ImportId =>
  deriveId(ImportId, sourceId, aliasId, String(version));

export const scopeOfAlias = (alias: Alias): Scope =>
  alias.kind === "product" ? { kind: "product", product: alias.text } : { kind: "held-rows" };

/**
 * Says what a spelling of the feed means. Alias and the job that applies it to all stored rows are one
 * transaction; an alias of the same spelling is replaced.
 * @throws DomainError permission-denied | source-not-found | alias-target-unknown | version-stale
 */
export async function addAlias(
  ctx: RequestContext<ImportStore & PartnerStore & SourceStore>,
  { sourceId, input }: { readonly sourceId: SourceId; readonly input: AddAlias },
): Promise<Alias> {
  const by = requirePermission(ctx.actor, "source:manage");
  if (!(await ctx.store.sources.get(sourceId))) raise("source-not-found");
  if (input.kind === "partner") {
    if (!(await ctx.store.partners.get(input.partnerId))) raise("alias-target-unknown");
  } else {
    const prices = await ctx.store.sources.prices(sourceId);
    const wanted = textKey(input.product);
    if (!prices.some(({ product }) => textKey(product) === wanted)) raise("alias-target-unknown");
  }
  const aliasId = deriveId(AliasId, sourceId, input.kind, textKey(input.text));
  const previous = await ctx.store.sources.getAlias(sourceId, aliasId);
  const version = (previous?.version ?? 0) + 1;
  const changedAt = ctx.now.toISOString();
  const alias: Alias = Alias.parse({ ...input, aliasId, sourceId, version, changedAt });
  const importId = jobOfAlias(alias);
  const job = reevaluation(importId, sourceId, scopeOfAlias(alias), by, ctx.now);
  await ctx.store.imports.request(
    alias,
    eventOf("source.alias-added", by, ctx.now, { importId }),
    job,
    requestedEvent(job, by, ctx.now),
  );
  return alias;
}
