import type { TenantId } from "@concord/core/id";
import type { Table } from "../dynamo-table/contract.ts";
import { checkPosition, EgressRefused, guardedTable } from "./egress-guard.ts";

/** A table that belongs to no tenant at first, as a log-in needs it, and to one from `pin` on. */
export interface PinnableTable {
  readonly table: Table;
  /** @throws EgressRefused where it is pinned to another tenant already */
  pin(tenantId: TenantId): void;
  pinnedTo(): TenantId | undefined;
  /** @throws EgressRefused where it is not pinned, or the position points into another tenant */
  checkPosition(position: string): void;
}

/** @param tableOf the connection that serves one tenant alone, where there is such */
export function pinnableTable(
  unpinned: Table,
  tableOf: (tenantId: TenantId) => Table = () => unpinned,
): PinnableTable {
  let current = unpinned;
  let pinned: TenantId | undefined;
  return {
    table: {
      name: unpinned.name,
      pause: (...of) => current.pause(...of),
      permits: (...of) => current.permits(...of),
      get: (...of) => current.get(...of),
      getAll: (...of) => current.getAll(...of),
      query: (...of) => current.query(...of),
      put: (...of) => current.put(...of),
      remove: (...of) => current.remove(...of),
      update: (...of) => current.update(...of),
      transact: (...of) => current.transact(...of),
      metered: (meter) => current.metered(meter),
    },
    pin(tenantId) {
      if (pinned !== undefined && pinned !== tenantId) {
        throw new EgressRefused("to serve a second tenant in one request");
      }
      pinned = tenantId;
      current = guardedTable(tableOf(tenantId), tenantId);
    },
    pinnedTo: () => pinned,
    checkPosition(position) {
      if (pinned === undefined) throw new EgressRefused("a cursor of a request without a tenant");
      checkPosition(position, pinned);
    },
  };
}
