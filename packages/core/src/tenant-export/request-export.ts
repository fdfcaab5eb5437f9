import { refOf, requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { eventOf } from "../event/index.ts";
import { ExportId } from "../id/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import { exportKey } from "./export-key.ts";
import type { DownloadTargets, ExportStore } from "./repository.ts";
import type { TenantExport, TenantExportSummary, TenantExportView } from "./schema.ts";

type Context = RequestContext<ExportStore & TenantProfileStore>;

/** Begins an export of everything. @throws DomainError permission-denied | export-running */
export async function requestExport(ctx: Context): Promise<TenantExport> {
  const by = requirePermission(ctx.actor, "tenant:export");
  const earlier = await ctx.store.exports.list();
  if (earlier.some(({ status }) => status === "running")) raise("export-running");
  const createdAt = ctx.now.toISOString();
  const next: TenantExport = {
    exportId: ctx.mint(ExportId),
    status: "running",
    requestedBy: refOf(by),
    createdAt,
    finishedAt: null,
    parts: null,
    nextPart: 0,
    files: [],
    version: 1,
  };
  const event = eventOf("tenant-export.requested", by, ctx.now, { files: 0 });
  const timer = { kind: "tenant-export", subject: next.exportId, dueAt: createdAt } as const;
  await ctx.store.exports.save(next, event, [timer]);
  return next;
}

export const summaryOf = ({
  parts: _parts,
  nextPart: _nextPart,
  files,
  ...rest
}: TenantExport): TenantExportSummary => ({ ...rest, files: files.length });

/** @throws DomainError permission-denied */
export async function listExports(ctx: Context): Promise<readonly TenantExportSummary[]> {
  requirePermission(ctx.actor, "tenant:export");
  return (await ctx.store.exports.list()).map(summaryOf);
}

/** With an address for each file. @throws DomainError permission-denied | export-not-found */
export async function getExport(
  ctx: Context,
  downloads: DownloadTargets,
  exportId: ExportId,
): Promise<TenantExportView> {
  requirePermission(ctx.actor, "tenant:export");
  const found = (await ctx.store.exports.get(exportId)) ?? raise("export-not-found");
  const { tenantId } = (await ctx.store.tenant.get()) ?? raise("tenant-not-found");
  const { parts: _parts, nextPart: _nextPart, files, ...rest } = found;
  const shown = found.status === "completed" ? files : [];
  return {
    ...rest,
    files: await Promise.all(
      shown.map(async (file) => ({
        ...file,
        url: await downloads.urlOf(exportKey(tenantId, exportId, file.name)),
      })),
    ),
  };
}
