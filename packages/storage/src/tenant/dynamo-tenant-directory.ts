import type { TenantDirectory } from "@concord/core/tenant";
import type { Table } from "../dynamo-table/contract.ts";
import { fromItem } from "../entity.ts";
import { systemKeys } from "../keys/index.ts";
import { page } from "../position.ts";
import { tenantEntryEntity } from "./dynamo-tenant-repository.ts";

export const dynamoTenantDirectory = (table: Table): TenantDirectory => ({
  /** AP-35 */
  list: (request) => {
    const pk = systemKeys.tenantDirectory();
    return page(table, tenantEntryEntity, { pk }, request, pk);
  },

  /** AP-36 */
  async find(tenantIds) {
    const rows = await table.getAll(tenantIds.map(systemKeys.tenantEntry), { consistent: false });
    return rows.map((row) => fromItem(tenantEntryEntity, row));
  },
});
