import { z } from "zod";
import { TenantId } from "../id/index.ts";

export const TimerKind = z.enum([
  /** Subject: the program, and the date on or after which the next period starts. */
  "cycle-open",
  /** Subject: a cycle whose steps have work left. */
  "cycle-work",
  "cycle-freeze",
  "cycle-close",
  /** Subject: a partner whose ranking could not be brought up to date. */
  "ranking-recount",
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

/** What the last tick did. */
export const TickReport = z.object({
  /** The instant it ran for. */
  at: z.iso.datetime(),
  fired: z.number().int(),
  /** Not yet possible; due again at a later tick. */
  waiting: z.number().int(),
  failed: z.number().int(),
});
export type TickReport = z.infer<typeof TickReport>;
