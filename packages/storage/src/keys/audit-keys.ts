import type { PersonalHolder } from "@concord/core/event";
import { type InTenant, type Key, padded } from "./key.ts";

const EVENT_VERSION_DIGITS = 8;
const CHAIN_DIGITS = 9;

/** Events beside what they tell of, and the audit trail made of them. */
export const auditKeys = (inTenant: InTenant) => ({
  event: (pk: string, type: string, id: string, version: number): Key => ({
    pk,
    sk: `EVENT#${type}#${id}#${padded(version, EVENT_VERSION_DIGITS)}`,
  }),

  /** The audit trail of one UTC day: its entries, and the segments that link them. */
  auditDay: (day: string): string => inTenant(`AUDIT#${day}`),
  auditEntry: (day: string, entryKey: string): Key => ({
    pk: inTenant(`AUDIT#${day}`),
    sk: `ENTRY#${entryKey}`,
  }),
  auditEntryPrefix: "ENTRY#",
  auditSegment: (day: string, number: number): Key => ({
    pk: inTenant(`AUDIT#${day}`),
    sk: `SEGMENT#${padded(number, CHAIN_DIGITS)}`,
  }),
  auditSegmentPrefix: "SEGMENT#",
  auditOfObject: (type: string, id: string): string => inTenant(`AUDITOF#${type}#${id}`),
  auditOfActor: (actorId: string): string => inTenant(`AUDITBY#${actorId}`),
  auditLink: (number: number): Key => ({
    pk: inTenant("AUDITCHAIN"),
    sk: `LINK#${padded(number, CHAIN_DIGITS)}`,
  }),
  auditLinkPrefix: "LINK#",
  auditHead: (number: number): Key => ({
    pk: inTenant("AUDITCHAIN"),
    sk: `HEAD#${padded(number, CHAIN_DIGITS)}`,
  }),
  auditHeadPrefix: "HEAD#",
  personSalt: (holder: PersonalHolder): Key => ({
    pk: inTenant(`PERSONSALT#${holder}`),
    sk: "SALT",
  }),
  everyEventPrefix: "EVENT#",

  /** Sort keys of the events of one aggregate, in their partition. */
  eventPrefix: (type: string, id: string): string => `EVENT#${type}#${id}#`,

  /** A partition of this tenant by what follows its prefix, as the audit trail remembers it. */
  partitionOf: (rest: string): string => inTenant(rest),
});
