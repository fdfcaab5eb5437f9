import { createHash } from "node:crypto";
import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { eventOf } from "../event/index.ts";
import type { ExportId } from "../id/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import type { ContentsPlace, ContentsStore } from "../tenant-contents/index.ts";
import { exportKey } from "./export-key.ts";
import { fileNameOf, isExported, lineOf } from "./format.ts";
import type { ExportFiles, ExportStore } from "./repository.ts";
import type { ExportFile, TenantExport } from "./schema.ts";

type Context = RequestContext<ContentsStore & ExportStore & TenantProfileStore>;

interface Ports {
  readonly files: ExportFiles;
  /** Whether the process is about to end; what is left is gone on with at the next call. */
  readonly shouldPause: () => boolean;
}

const FILE_BYTES = 8_000_000;

/**
 * Writes everything of the tenant as far as it comes: first the list of places, then the rows of one
 * part after another. A part that was broken off is written again over what it left.
 * @throws DomainError permission-denied | export-not-found | version-stale where another run was faster
 */
export async function runExport(
  ctx: Context,
  ports: Ports,
  exportId: ExportId,
): Promise<TenantExport> {
  const by = requirePermission(ctx.actor, "tenant-export:run");
  let current = (await ctx.store.exports.get(exportId)) ?? raise("export-not-found");
  if (current.status === "completed") return current;
  const { tenantId, name } = (await ctx.store.tenant.get()) ?? raise("tenant-not-found");
  const write = async (file: string, entity: string | null, lines: readonly string[]) => {
    const content = Buffer.from(lines.join(""));
    await ports.files.put(exportKey(tenantId, exportId, file), content);
    const sha256 = createHash("sha256").update(content).digest("hex");
    return { name: file, entity, rows: lines.length, bytes: content.byteLength, sha256 };
  };
  if (current.parts === null) current = await list(ctx, current);
  const parts = current.parts ?? 0;
  for (let part = current.nextPart; part < parts; part += 1) {
    const places = await ctx.store.exports.part(exportId, part);
    if (!places) throw new Error(`part ${part} of the export is missing`);
    const written = await writePart(ctx, places, part, write);
    const files = [...current.files, ...written];
    current = await progress(ctx, { ...current, files, nextPart: part + 1 });
    if (ports.shouldPause() && part + 1 < parts) return current;
  }
  const manifest = {
    format: "concord-export/1",
    ...{ tenantId, tenantName: name, exportId, createdAt: current.createdAt },
    files: current.files,
  };
  const last = await write("manifest.json", null, [`${JSON.stringify(manifest, null, 2)}\n`]);
  const next: TenantExport = {
    ...current,
    status: "completed",
    finishedAt: ctx.now.toISOString(),
    files: [last, ...current.files],
    version: current.version + 1,
  };
  const event = eventOf("tenant-export.completed", by, ctx.now, { files: next.files.length });
  await ctx.store.exports.save(next, event);
  return next;
}

async function list(ctx: Context, job: TenantExport): Promise<TenantExport> {
  let parts = 0;
  for await (const { places } of ctx.store.contents.walk()) {
    await ctx.store.exports.putPart(job.exportId, parts, places);
    parts += 1;
  }
  return progress(ctx, { ...job, parts });
}

async function progress(ctx: Context, job: TenantExport): Promise<TenantExport> {
  const next = { ...job, version: job.version + 1 };
  if (!(await ctx.store.exports.saveProgress(next))) raise("version-stale");
  return next;
}

async function writePart(
  ctx: Context,
  places: readonly ContentsPlace[],
  part: number,
  write: (name: string, entity: string, lines: readonly string[]) => Promise<ExportFile>,
): Promise<ExportFile[]> {
  const files: ExportFile[] = [];
  const open = new Map<string, { lines: string[]; bytes: number; ordinal: number }>();
  const close = async (entity: string): Promise<void> => {
    const held = open.get(entity);
    if (!held || held.lines.length === 0) return;
    files.push(await write(fileNameOf(entity, part, held.ordinal), entity, held.lines));
    open.set(entity, { lines: [], bytes: 0, ordinal: held.ordinal + 1 });
  };
  for (const place of places) {
    for await (const row of ctx.store.contents.rows(place)) {
      if (!isExported(row.entity)) continue;
      const held = open.get(row.entity) ?? { lines: [], bytes: 0, ordinal: 0 };
      const line = lineOf(row);
      held.lines.push(line);
      held.bytes += Buffer.byteLength(line);
      open.set(row.entity, held);
      if (held.bytes >= FILE_BYTES) await close(row.entity);
    }
  }
  for (const entity of open.keys()) await close(entity);
  return files;
}
