import { randomUUID } from "node:crypto";
import type { SystemActor } from "@concord/core/actor";
import type { RequestContext } from "@concord/core/context";
import { type MintId, mintIds, type TenantId } from "@concord/core/id";
import { openTenantStore, type Table, type TenantStore } from "@concord/storage";

export const mint: MintId = mintIds(Date.now, Math.random);

/** Opens a tenant for one of the runtime's own actors, at this instant of the business clock. */
export const systemContext =
  (table: Table, now: () => Date, name: SystemActor["name"]) =>
  (tenantId: TenantId, at: Date = now()): RequestContext<TenantStore> => ({
    actor: { kind: "system", name },
    store: openTenantStore(table, tenantId, { requestId: randomUUID() }),
    now: at,
    mint,
  });
