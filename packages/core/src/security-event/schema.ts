import { z } from "zod";
import { MemberId, PartnerUserId, PersonId, TenantId } from "../id/index.ts";

export const SecurityEventKind = z
  .enum([
    "logged-in",
    "membership-switched",
    "second-factor-failed",
    "recovery-code-used",
    "second-factor-added",
    "second-factor-removed",
    "recovery-codes-renewed",
    "password-changed",
    "session-ended",
    "all-sessions-ended",
    "refresh-token-reused",
  ])
  .meta({ id: "SecurityEventKind" });
export type SecurityEventKind = z.infer<typeof SecurityEventKind>;

/** Something that happened to the ways in which a person proves who they are; theirs, and of no tenant. */
export const SecurityEvent = z.object({
  personId: PersonId,
  /** Beside the instant, what makes it one; a repeat of the same is the same row. */
  name: z.string(),
  kind: SecurityEventKind,
  at: z.iso.datetime(),
  /** What the client said it is, shortened, as login sessions show it. */
  client: z.string(),
  /** Where the log-in leads, if it leads anywhere. */
  tenantId: TenantId.nullable(),
  membershipId: z.union([MemberId, PartnerUserId]).nullable(),
  /** Epoch seconds. */
  expiresAt: z.number().int(),
});
export type SecurityEvent = z.infer<typeof SecurityEvent>;

/** As its person sees it. */
export const SecurityEventView = SecurityEvent.omit({
  personId: true,
  name: true,
  expiresAt: true,
}).meta({ id: "SecurityEvent" });
export type SecurityEventView = z.infer<typeof SecurityEventView>;
