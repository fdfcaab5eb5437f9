import type { Actor } from "../actor/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { TenantId } from "../id/index.ts";
import type { CreateTenant, Tenant, UpdateTenant } from "./schema.ts";

export type TenantEvent =
  | DomainEvent<"tenant.created", CreateTenant>
  | DomainEvent<"tenant.updated", UpdateTenant>;

export function create(
  tenantId: TenantId,
  input: CreateTenant,
  by: Actor,
  now: Date,
): { next: Tenant; event: TenantEvent } {
  const at = now.toISOString();
  return {
    next: { tenantId, ...input, version: 1, createdAt: at, updatedAt: at },
    event: eventOf("tenant.created", by, now, input),
  };
}

export function update(
  tenant: Tenant,
  changes: UpdateTenant,
  by: Actor,
  now: Date,
): { next: Tenant; event: TenantEvent } {
  const set = Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined),
  );
  return {
    next: { ...tenant, ...set, version: tenant.version + 1, updatedAt: now.toISOString() },
    event: eventOf("tenant.updated", by, now, changes),
  };
}
