import { type AuditStore, linkDay, type SignHead, signHead } from "@concord/core/audit";
import type { RequestContext } from "@concord/core/context";
import type { TenantId } from "@concord/core/id";
import type { TimerHandler } from "../timer/run-tick.ts";

export interface LinkChangesDependencies {
  /** Opens the tenant for the system, at this instant. */
  readonly contextOf: (tenantId: TenantId, now: Date) => RequestContext<AuditStore>;
  readonly sign: SignHead;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/**
 * Links the changes of a day and signs the head. The head is logged too, so that it exists where
 * nobody who can write the table can change it.
 */
export const linkChanges =
  ({ contextOf, sign, log }: LinkChangesDependencies): TimerHandler =>
  async ({ tenantId, subject }, now) => {
    const ctx = contextOf(tenantId, now);
    await linkDay(ctx, subject);
    const head = await signHead(ctx, tenantId, sign);
    if (head) log({ level: "info", message: "audit head", tenantId, ...head });
    return "done";
  };
