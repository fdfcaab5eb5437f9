import { randomBytes } from "node:crypto";
import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import type { PersonalFields, StoredEvent } from "../event/index.ts";
import { type Commitment, commitmentOf, entryOf } from "./audit.ts";
import type { AuditStore } from "./repository.ts";
import type { AuditEntry, AuditedRow } from "./schema.ts";

/** An event as its row holds it, and where that lies. */
export interface AuditSource {
  readonly row: AuditedRow;
  readonly event: StoredEvent;
}

const SALT_BYTES = 32;
const newSalt = (): string => randomBytes(SALT_BYTES).toString("base64url");

/** Writes the entry of one change; safe to repeat. @throws DomainError permission-denied */
export async function recordChange(
  ctx: RequestContext<AuditStore>,
  { row, event }: AuditSource,
): Promise<AuditEntry> {
  requirePermission(ctx.actor, "audit:record");
  const { audit } = ctx.store;
  const { aggregate, personal } = event;
  const before =
    aggregate.version > 1
      ? await audit.stateDigestAt(row.partition, { ...aggregate, version: aggregate.version - 1 })
      : null;
  const entry = entryOf(event, row, before, personal && (await commitmentTo(audit, personal)));
  await audit.addEntry(entry);
  return entry;
}

async function commitmentTo(
  audit: AuditStore["audit"],
  { holder, fields }: PersonalFields,
): Promise<Commitment> {
  let known = await audit.salt(holder);
  if (!known) {
    const made = { holder, salt: newSalt() };
    known = (await audit.addSalt(made)) ? made : await audit.salt(holder);
  }
  // Of an erased person nothing may be found out again: a salt that nobody keeps.
  return { holder, commitment: commitmentOf(known?.salt ?? newSalt(), fields) };
}
