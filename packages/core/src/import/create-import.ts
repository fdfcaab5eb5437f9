import { refOf, requirePermission } from "../actor/index.ts";
import { dateAt } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { type SubscriptionStore, withinDay } from "../edition/index.ts";
import { raise } from "../error/index.ts";
import { eventOf } from "../event/index.ts";
import { ImportId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { SourceStore } from "../source/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import type { ImportStore } from "./repository.ts";
import { type CreateImport, type Import, noProgress, type UploadTarget } from "./schema.ts";
import { uploadKey } from "./upload-key.ts";

/** Grants the upload of one file. */
export interface UploadTargets {
  targetOf(request: {
    readonly key: string;
    readonly sizeBytes?: number | undefined;
    /** Lower-case hexadecimal. */
    readonly sha256?: string | undefined;
  }): Promise<UploadTarget>;
}

/** Announces a file; the job begins when it has been put where the answer says. @throws DomainError permission-denied | partner-not-found | source-not-found | edition-limit-reached */
export async function createImport(
  ctx: RequestContext<
    ImportStore & PartnerStore & SourceStore & SubscriptionStore & TenantProfileStore
  >,
  uploads: UploadTargets,
  input: CreateImport,
): Promise<Import> {
  const { partnerId = null } = input;
  const by = requirePermission(ctx.actor, "import:create", partnerId ? { partnerId } : undefined);
  if (partnerId !== null && !(await ctx.store.partners.get(partnerId))) raise("partner-not-found");
  const source = (await ctx.store.sources.get(input.sourceId)) ?? raise("source-not-found");
  const { tenantId, timeZone } = (await ctx.store.tenant.get()) ?? raise("tenant-not-found");
  const today = dateAt(ctx.now, { timeZone });
  const importId = ctx.mint(ImportId);
  const { sizeBytes, sha256 } = input;
  const next: Import = {
    importId,
    sourceId: source.sourceId,
    partnerId,
    status: "awaiting-upload",
    file: {
      name: input.fileName,
      sizeBytes: sizeBytes ?? null,
      sha256: sha256 ?? null,
    },
    scope: null,
    isDryRun: input.dryRun,
    asOf: input.asOf ?? today,
    upload: await uploads.targetOf({ key: uploadKey(tenantId, importId), sizeBytes, sha256 }),
    isRepeat: false,
    progress: noProgress,
    defects: [],
    unknownColumns: [],
    refusal: null,
    createdBy: refOf(by),
    createdAt: ctx.now.toISOString(),
    startedAt: null,
    finishedAt: null,
    version: 1,
  };
  const event = eventOf("import.requested", by, ctx.now, {
    sourceId: source.sourceId,
    partnerId,
    scope: null,
    fileName: input.fileName,
  });
  await withinDay(ctx, (limit) => ctx.store.imports.announce(next, event, { today, limit }));
  return next;
}
