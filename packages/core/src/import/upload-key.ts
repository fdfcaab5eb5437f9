import { ImportId, TenantId } from "../id/index.ts";

export const UPLOADS_PREFIX = "imports/";

/** Where the file of an import lies in the object store. */
export const uploadKey = (tenantId: TenantId, importId: ImportId): string =>
  `${UPLOADS_PREFIX}${tenantId}/${importId}.csv`;

/** Whose file an object is; undefined for a key that is not of our making. */
export function ownerOfUpload(
  key: string,
): { readonly tenantId: TenantId; readonly importId: ImportId } | undefined {
  const [, tenant, id] = /^imports\/([^/]+)\/([^/]+)\.csv$/.exec(key) ?? [];
  const tenantId = TenantId.safeParse(tenant);
  const importId = ImportId.safeParse(id);
  return tenantId.success && importId.success
    ? { tenantId: tenantId.data, importId: importId.data }
    : undefined;
}
