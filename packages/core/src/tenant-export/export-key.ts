import type { ExportId, TenantId } from "../id/index.ts";

/** Where a file of an export lies. */
export const exportKey = (tenantId: TenantId, exportId: ExportId, name: string): string =>
  `exports/${tenantId}/${exportId}/${name}`;
