import { onlyPartnerOf, requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { ImportId } from "../id/index.ts";
import type { ImportStore } from "./repository.ts";
import type { Import, RowError } from "./schema.ts";

type Context = RequestContext<ImportStore>;

/** @throws DomainError permission-denied | import-not-found */
export async function getImport(ctx: Context, importId: ImportId): Promise<Import> {
  const job = await ctx.store.imports.get(importId);
  const partnerId = job?.partnerId ?? undefined;
  requirePermission(ctx.actor, "import:read", partnerId ? { partnerId } : undefined);
  if (!job) raise("import-not-found");
  return onlyPartnerOf(ctx.actor) !== undefined ? withoutSource(job) : job;
}

/** Flags and defects are of the whole source, and so of other partners too. */
const withoutSource = (job: Import): Import => ({
  ...job,
  progress: { ...job.progress, flags: 0 },
  defects: [],
});

/** @throws DomainError permission-denied */
export async function listImports(ctx: Context, page: PageRequest): Promise<Page<Import>> {
  requirePermission(ctx.actor, "import:read");
  return ctx.store.imports.list(page);
}

/** @throws DomainError permission-denied | import-not-found */
export async function listRowErrors(
  ctx: Context,
  importId: ImportId,
  page: PageRequest,
): Promise<Page<RowError>> {
  await getImport(ctx, importId);
  return ctx.store.imports.listRowErrors(importId, page);
}
