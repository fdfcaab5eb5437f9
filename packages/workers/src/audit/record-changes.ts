import { type AuditSource, type AuditStore, linkingAt, recordChange } from "@concord/core/audit";
import type { RequestContext } from "@concord/core/context";
import type { TenantId } from "@concord/core/id";
import type { SetTimer } from "@concord/core/timer";
import { type ChangeFeed, consumeAdded } from "../change-feed/consume-changes.ts";

export interface RecordChangesDependencies extends ChangeFeed {
  /** Opens the tenant for the system, at this instant of the business clock. */
  readonly contextOf: (tenantId: TenantId) => RequestContext<AuditStore>;
  readonly setTimer: (timer: SetTimer) => Promise<void>;
  /** The event that an added row tells of. */
  readonly sourceOf: (row: Readonly<Record<string, unknown>>) => AuditSource;
  /** Kinds of rows that tell of a change. */
  readonly entities: readonly string[];
}

const MOST_REMEMBERED = 10_000;

/**
 * Writes one audit entry for each added row that tells of a change, and sees to it that its day is
 * linked. Safe to repeat: the entry has a natural key, and so has the timer, which is set before the
 * entry is written, so that no entry waits for a timer that nobody set.
 */
export function changeRecorder(deps: RecordChangesDependencies) {
  /** Timers this process has set already: one for each tenant, day and instant. */
  const isSet = new Set<string>();

  async function willBeLinked(tenantId: TenantId, day: string, now: Date): Promise<void> {
    const dueAt = linkingAt(day, now).toISOString();
    const name = `${tenantId} ${day} ${dueAt}`;
    if (isSet.has(name)) return;
    await deps.setTimer({ tenantId, kind: "audit-link", subject: day, dueAt });
    if (isSet.size >= MOST_REMEMBERED) isSet.clear();
    isSet.add(name);
  }

  return (batch: unknown): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> =>
    consumeAdded(
      deps,
      batch,
      async ({ tenantId, row }) => {
        const ctx = deps.contextOf(tenantId);
        const source = deps.sourceOf(row);
        await willBeLinked(tenantId, source.event.at.slice(0, 10), ctx.now);
        await recordChange(ctx, source);
      },
      deps.entities,
    );
}
