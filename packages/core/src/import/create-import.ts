import { refOf, requirePermission } from "../actor/index.ts";
import { dateAt } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { eventOf } from "../event/index.ts";
import { ImportId, type TenantId } from "../id/index.ts";
import type { SourceStore } from "../source/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import type { ImportStore } from "./repository.ts";
import { type CreateImport, type Import, noProgress } from "./schema.ts";

/** Where a client puts the file, once, within the time given. */
export interface UploadTarget {
  readonly method: "PUT";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** ISO 8601 instant. */
  readonly expiresAt: string;
}

export interface UploadTargets {
  targetOf(importId: ImportId, tenantId: TenantId): Promise<UploadTarget>;
}

/** @throws DomainError permission-denied | source-not-found */
export async function createImport(
  ctx: RequestContext<ImportStore & SourceStore & TenantProfileStore>,
  input: CreateImport,
): Promise<Import> {
  const by = requirePermission(ctx.actor, "import:create");
  const source = (await ctx.store.sources.get(input.sourceId)) ?? raise("source-not-found");
  const timeZone = (await ctx.store.tenant.get())?.timeZone ?? "UTC";
  const next: Import = {
    importId: ctx.mint(ImportId),
    sourceId: source.sourceId,
    status: "awaiting-upload",
    file: {
      name: input.fileName,
      sizeBytes: input.sizeBytes ?? null,
      sha256: input.sha256 ?? null,
    },
    scope: null,
    isDryRun: input.dryRun,
    asOf: input.asOf ?? dateAt(ctx.now, { timeZone }),
    isRepeat: false,
    progress: noProgress,
    unknownColumns: [],
    refusal: null,
    createdBy: refOf(by),
    createdAt: ctx.now.toISOString(),
    startedAt: null,
    finishedAt: null,
    version: 1,
  };
  await ctx.store.imports.save(
    next,
    eventOf("import.requested", by, ctx.now, {
      sourceId: source.sourceId,
      scope: null,
      fileName: input.fileName,
    }),
  );
  return next;
}
