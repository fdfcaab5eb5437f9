import { randomUUID } from "node:crypto";
import type { SystemActor } from "@concord/core/actor";
import type { RequestContext } from "@concord/core/context";
import type { MintId, TenantId } from "@concord/core/id";
import type { Table } from "./dynamo-table/contract.ts";
import { guardedTable } from "./isolation/egress-guard.ts";
import { openTenantStore, type TenantStore, type TenantStoreOptions } from "./tenant-store.ts";

/** Opens a tenant for whoever acts for it alone: what it opens reaches no other. */
export const openPinnedStore = (
  table: Table,
  tenantId: TenantId,
  options?: TenantStoreOptions,
): TenantStore => openTenantStore(guardedTable(table, tenantId), tenantId, options);

/**
 * Opens tenants for one of the system's own actors, at an instant of the business clock; the events of
 * one opening name the same cause.
 */
export const systemContexts =
  ({
    table,
    now,
    mint,
  }: {
    readonly table: Table;
    readonly now: () => Date;
    readonly mint: MintId;
  }) =>
  (name: SystemActor["name"]) =>
  (tenantId: TenantId, at: Date = now()): RequestContext<TenantStore> => ({
    actor: { kind: "system", name },
    store: openPinnedStore(table, tenantId, { requestId: randomUUID() }),
    now: at,
    mint,
  });
