export { dayOf, linkingAt } from "./audit.ts";
export { auditCsv, auditLines } from "./audit-export.ts";
export { checkChain, type LinkedDays } from "./check-chain.ts";
export { checkCounts } from "./check-counts.ts";
export { checkEntries } from "./check-entries.ts";
export { readRemovals } from "./check-removals.ts";
export { AuditFinding, collectFindings } from "./findings.ts";
export { linkDay, signHead } from "./link-day.ts";
export {
  AuditQuery,
  exportAuditEvents,
  listAuditEvents,
  listAuditHeads,
  MOST_EXPORTED,
  pageOfDays,
  rangeOf,
} from "./list-audit-events.ts";
export { type AuditSource, recordChange } from "./record-change.ts";
export type { AuditRepository, AuditStore } from "./repository.ts";
export {
  AuditEntry,
  AuditEvent,
  type AuditedObject,
  type AuditedRow,
  type AuditedState,
  AuditHead,
  AuditLink,
  AuditSegment,
  PersonSalt,
} from "./schema.ts";
export {
  AuditPublicKey,
  AuditSigningKey,
  headSigner,
  headVerifier,
  type SignHead,
  type VerifyHead,
} from "./signature.ts";
export { AuditVerification, verifyTrail } from "./verify-trail.ts";
