import type { CalendarDate } from "@concord/core/calendar";
import type { LegalHoldId, PartnerId } from "@concord/core/id";
import { hashed, type InTenant, type Key } from "./key.ts";

/** Who may read what, who did, and how long it is kept. */
export const privacyKeys = (inTenant: InTenant) => ({
  /** What the tenant says of confidentiality, and what it says of single partners. */
  confidentiality: (): Key => ({ pk: inTenant("CONFIDENTIALITY"), sk: "RULES" }),

  /** Whether there is anything of single partners to read. */
  partnerRulesMark: (): Key => ({ pk: inTenant("CONFIDENTIALITY"), sk: "MARK" }),
  partnerConfidentiality: (partnerId: PartnerId): Key => ({
    pk: inTenant("CONFIDENTIALITY"),
    sk: `PARTNER#${partnerId}`,
  }),
  partnerConfidentialityPrefix: "PARTNER#",

  /** Who read what is confidential, by UTC day; the same within an hour is the same read. */
  confidentialRead: (at: string, what: readonly unknown[]): Key => ({
    pk: inTenant(`READS#${at.slice(0, 10)}`),
    sk: `READ#${at.slice(11, 13)}#${hashed(JSON.stringify(what))}`,
  }),
  confidentialReads: (day: string): string => inTenant(`READS#${day}`),
  confidentialReadPrefix: "READ#",
  readsOfPartner: (partnerId: PartnerId): string => inTenant(`READSOF#${partnerId}`),
  readsByActor: (actorId: string): string => inTenant(`READSBY#${actorId}`),

  /** How long what is kept, what is held, and what was removed share a partition. */
  retention: (): Key => ({ pk: inTenant("RETENTION"), sk: "RULES" }),
  holdsInForce: (): Key => ({ pk: inTenant("RETENTION"), sk: "HOLDSINFORCE" }),
  legalHold: (holdId: LegalHoldId): Key => ({ pk: inTenant("RETENTION"), sk: `HOLD#${holdId}` }),
  legalHoldPrefix: "HOLD#",
  retentionRun: (day: CalendarDate): Key => ({ pk: inTenant("RETENTION"), sk: `RUN#${day}` }),
  retentionRunPrefix: "RUN#",
});
