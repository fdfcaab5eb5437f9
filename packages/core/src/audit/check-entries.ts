import { shortDigestOf } from "../digest/index.ts";
import type { PersonalHolder, StoredEvent } from "../event/index.ts";
import { commitmentOf, eventDigestOf, mustBeLinked } from "./audit.ts";
import type { LinkedDays } from "./check-chain.ts";
import type { Findings } from "./findings.ts";
import type { AuditRepository } from "./repository.ts";
import type { AuditEntry, AuditedObject } from "./schema.ts";

export interface EntryCheck {
  readonly audit: AuditRepository;
  readonly now: Date;
  readonly findings: Findings;
  /** Whether to go on; false where a bounded verification has read enough. */
  readonly goesOn: (rows: number) => boolean;
}

/** What is known of an entry that was seen, by its key. */
export type SeenEntries = ReadonlyMap<string, { readonly before: string | null }>;
/** The objects that entries tell of, with the last version they name. */
export type SeenObjects = ReadonlyMap<
  string,
  { readonly version: number; readonly type: string; readonly at: string }
>;

/** What retention has removed, by the name of the object. */
export interface Removals {
  /** Whether the object, or an event of it up to this version, is rightly gone. */
  covers(object: AuditedObject): boolean;
  /** Of an object that is there: whether it was removed, and by a run that has ended. */
  standing(object: Pick<AuditedObject, "type" | "id">): "kept" | "going" | "gone";
  /** What was removed against the rules of its time, once the entries have been read. */
  check(lastChanges: ReadonlyMap<string, { readonly at: string }>): void;
}

const BATCH = 100;
const nameOf = ({ type, id, version }: AuditedObject): string => `${type} ${id} ${version}`;

/** Reads every entry of the linked days with its event: each as it was linked, and telling of what is there. */
export async function checkEntries(
  check: EntryCheck,
  days: LinkedDays,
  removals: Removals,
): Promise<{ entries: SeenEntries; objects: SeenObjects; unlinked: number }> {
  const { audit, now, findings, goesOn } = check;
  const entries = new Map<string, { before: string | null }>();
  const objects = new Map<string, { version: number; type: string; at: string }>();
  const salts = new Map<PersonalHolder, string | null>();
  let unlinked = 0;
  for (const [day, linked] of [...days].sort(([a], [b]) => (a < b ? -1 : 1))) {
    let batch: AuditEntry[] = [];
    const flush = async () => {
      const events = new Map<string, StoredEvent>();
      for (const event of await audit.eventsOf(batch)) {
        events.set(nameOf(event.aggregate), event);
      }
      for (const entry of batch) {
        const event = events.get(nameOf(entry.object));
        if (!event && removals.covers(entry.object)) continue;
        await checkEvent({ ...check, salts }, entry, event);
      }
      batch = [];
    };
    for await (const entry of audit.everyEntry(day)) {
      if (!goesOn(2)) return { entries, objects, unlinked };
      const digest = linked.get(entry.key);
      entries.set(entry.key, { before: entry.before });
      const { type, id, version } = entry.object;
      const known = objects.get(`${type} ${id}`);
      if (version > (known?.version ?? 0)) {
        objects.set(`${type} ${id}`, { type, version, at: entry.at });
      }
      if (digest === undefined) {
        unlinked += 1;
        if (mustBeLinked(day, now)) findings.add("entry-unlinked", entry.key, "no link holds it");
      } else if (digest !== shortDigestOf(entry)) {
        findings.add("entry-altered", entry.key, "it is not what was linked");
      }
      batch.push(entry);
      if (batch.length === BATCH) await flush();
    }
    await flush();
    for (const key of linked.keys()) {
      if (!entries.has(key)) findings.add("entry-missing", key, `it was linked on ${day}`);
    }
  }
  return { entries, objects, unlinked };
}

async function checkEvent(
  { audit, findings, salts }: EntryCheck & { readonly salts: Map<PersonalHolder, string | null> },
  entry: AuditEntry,
  event: StoredEvent | undefined,
): Promise<void> {
  if (!event) return findings.add("event-missing", entry.key, "the event it tells of is gone");
  if (eventDigestOf(event, entry.commitment) !== entry.eventDigest) {
    return findings.add("event-altered", entry.key, "the event is not what the entry tells of");
  }
  const { holder, commitment } = entry;
  if (event.personal && (holder === null || commitment === null)) {
    return findings.add("event-altered", entry.key, "fields of a person were added to the event");
  }
  if (holder === null || commitment === null) return;
  let salt = salts.get(holder);
  if (salt === undefined) {
    const row = await audit.salt(holder);
    if (!row) return findings.add("event-altered", entry.key, "the salt of the person is gone");
    salt = row.salt;
    salts.set(holder, salt);
  }
  if (salt === null) {
    if (event.personal) {
      findings.add("event-altered", entry.key, "the fields of an erased person are still there");
    }
  } else if (!event.personal || event.personal.holder !== holder) {
    findings.add("event-altered", entry.key, "the fields of a person are gone, who was not erased");
  } else if (commitmentOf(salt, event.personal.fields) !== commitment) {
    findings.add(
      "event-altered",
      entry.key,
      "the fields of a person are not what was committed to",
    );
  }
}
