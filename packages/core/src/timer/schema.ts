import { z } from "zod";
import { TenantId } from "../id/index.ts";

export const TimerKind = z.enum([
  /** Subject: the program, and the date on or after which the next period starts. */
  "cycle-open",
  /** Subject: a cycle whose steps have work left. */
  "cycle-work",
  "cycle-freeze",
  "cycle-close",
  /** Subject: an open dispute, of which somebody is to be reminded or which is overdue. */
  "dispute",
  /** Subject: a partner whose ranking could not be brought up to date. */
  "ranking-recount",
  /** Subject: a published version that live scores are to follow. */
  "re-score",
  /** The state of a tenant's subscription ends. */
  "subscription",
  /** Subject: so many days before the end of a trial. */
  "trial-ending",
  /** Subject: an invoice that is to be paid by then. */
  "invoice-due",
  /** Subject: a UTC day whose changes are to be linked into the audit chain. */
  "audit-link",
  /** Subject: an export of everything that is not complete. */
  "tenant-export",
  /** An erased tenant has rows left. */
  "tenant-erasure",
  /** What is past its time is to be removed. */
  "retention",
  /** Subject: a membership that was erased, and whose traces may be left. */
  "membership-erasure",
  /** Subject: a person of whom something may be left; it is only kept with the tenant. */
  "person-erasure",
]);
export type TimerKind = z.infer<typeof TimerKind>;

/** Something of a tenant that is to happen at an instant, and stays due until it has happened. */
export const Timer = z.object({
  kind: TimerKind,
  subject: z.string().min(1).max(200),
  dueAt: z.iso.datetime(),
});
export type Timer = z.infer<typeof Timer>;

/** A timer as those who fire it see it. The same tenant, kind, subject and instant are the same timer. */
export const SetTimer = Timer.extend({ tenantId: TenantId });
export type SetTimer = z.infer<typeof SetTimer>;

/** What a tick did, and what it left. */
export const TickReport = z
  .object({
    /** The instant it ran for. */
    at: z.iso.datetime(),
    fired: z.number().int(),
    /** Not yet possible; due again at the next tick. */
    waiting: z.number().int(),
    failed: z.number().int(),
    /** The instant since which the longest overdue of the timers it left has been due. */
    oldestOverdueAt: z.iso.datetime().nullable(),
    /** For each shard, how long the first timer it left has been due; 0 where it left none. */
    lagSeconds: z.array(z.number().int()),
  })
  .meta({ id: "TickReport" });
export type TickReport = z.infer<typeof TickReport>;
