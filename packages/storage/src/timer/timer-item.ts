import { SetTimer, TickReport, type Timer } from "@concord/core/timer";
import type { Condition } from "../dynamo-table/condition.ts";
import type { Write } from "../dynamo-table/contract.ts";
import { type Entity, toItem } from "../entity.ts";
import { systemKeys, type TenantKeys } from "../keys/index.ts";

export const timerEntity: Entity<SetTimer> = {
  name: "Timer",
  schema: SetTimer,
  schemaVersion: 1,
  key: systemKeys.timer,
};

export const tickReportEntity: Entity<TickReport> = {
  name: "TickReport",
  schema: TickReport,
  schemaVersion: 1,
  key: systemKeys.lastTick,
};

/** A timer that is set already is the same row: setting it again must not fail what it is set with. */
export const isSameTimer: Condition = {
  expression: "attribute_not_exists(#pk) OR #entity = :timer",
  names: { "#pk": "pk", "#entity": "entity" },
  values: { ":timer": "Timer" },
};

/** Timers of a tenant for the transaction of the state that wants them. */
export const timerWrites = (
  { tenantId }: TenantKeys,
  timers: readonly Timer[],
): { readonly write: Write; readonly otherwise: "version-stale" }[] =>
  timers.map((timer) => ({
    write: { put: toItem(timerEntity, { ...timer, tenantId }), condition: isSameTimer },
    otherwise: "version-stale",
  }));
