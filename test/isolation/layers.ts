import type { TenantId } from "@concord/core/id";
import {
  createMeter,
  openRequestStores,
  openSystemStore,
  openTenantStore,
  type RequestStores,
  type Table,
} from "@concord/storage";

/** Which of the layers that keep tenants apart are there. */
export interface Layers {
  /** The door opens the tenant it is asked for; otherwise always this other one. */
  readonly door: "sound" | { readonly opens: TenantId };
  readonly guard: boolean;
  /** The connection with a tenant's own credentials; without it all share one that may do everything. */
  readonly tableOf?: ((tenantId: TenantId) => Table) | undefined;
}

/** The stores of a request as production opens them, less the layers that are taken away. */
export function openStoresWith(table: Table, layers: Layers): RequestStores {
  const { tableOf = () => table } = layers;
  const stores = layers.guard ? openRequestStores(table, { tableOf }) : unguarded(table, tableOf);
  const { door } = layers;
  if (door === "sound") return stores;
  return {
    ...stores,
    openTenant(tenantId, record) {
      const wrong = stores.openTenant(door.opens, record);
      // Who asks is known: the door is broken behind the log-in, not before it.
      const { find } = stores.openTenant(tenantId).loginSessions;
      return { ...wrong, loginSessions: { ...wrong.loginSessions, find } };
    },
  };
}

/** Without the guard: a pin does no more than to choose the connection. */
function unguarded(table: Table, tableOf: (tenantId: TenantId) => Table): RequestStores {
  const meter = createMeter();
  let pinned: TenantId | undefined;
  const current = (): Table => (pinned === undefined ? table : tableOf(pinned)).metered(meter);
  return {
    openTenant: (tenantId, record) => openTenantStore(current(), tenantId, { record }),
    system: openSystemStore(current()),
    usage: meter.usage,
    pin(tenantId) {
      pinned = tenantId;
    },
    pinnedTo: () => pinned,
    checkPosition: () => undefined,
  };
}
