import { canonicalJson } from "../digest/index.ts";
import type { StoredEvent } from "../event/index.ts";
import { dayOf, entryKeyOf, mustBeLinked } from "./audit.ts";
import type { EntryCheck, Removals, SeenEntries, SeenObjects } from "./check-entries.ts";
import { checkOpenings } from "./check-openings.ts";
import type { AuditedState } from "./schema.ts";

export interface Seen {
  readonly entries: SeenEntries;
  readonly objects: SeenObjects;
}

/** Kinds that are not counted: mass rows, which are their own record, and links that no list holds. */
const uncounted = new Set(["ImportChunk", "Opportunity", "SsoLink"]);

/**
 * Counts the events of every object against its version, and finds the entry of each: what is missing
 * on either side is found, also where both a row and its entry are gone.
 */
export async function checkCounts(
  check: EntryCheck,
  seen: Seen,
  removals: Removals,
): Promise<{ objects: number; events: number; unrecorded: number }> {
  const { audit, findings, goesOn } = check;
  const counted = new Set<string>();
  const openings = checkOpenings(check);
  const totals = { events: 0, unrecorded: 0 };
  for await (const state of audit.everyState()) {
    const { type, id, version } = state.object;
    const name = `${type} ${id}`;
    counted.add(name);
    const standing = removals.standing(state.object);
    if (standing === "gone") {
      findings.add("state-altered", name, "it was removed when its time was over, and is there");
    }
    // One that is being removed loses its events before itself.
    if (standing === "going") continue;
    const trail: StoredEvent[] = [];
    for await (const event of audit.trail(state.partition, state.object)) trail.push(event);
    if (!goesOn(1 + trail.length)) return { objects: counted.size, ...totals };
    checkState(check, state, trail);
    if (type === "Review") openings.review(state);
    if (type === "Cycle" && !(await openings.cycle(state, trail))) {
      return { objects: counted.size, ...totals };
    }
    if (!state.isLatest) continue;
    const entered = seen.objects.get(name)?.version ?? 0;
    if (entered > version) {
      findings.add(
        "state-altered",
        name,
        `it is at version ${version}, and ${entered} was entered`,
      );
    }
    totals.events += trail.length;
    totals.unrecorded += checkTrail(check, trail, seen.entries);
  }
  openings.missing();
  for (const [name, { type, version }] of seen.objects) {
    if (counted.has(name) || uncounted.has(type)) continue;
    const id = name.slice(type.length + 1);
    if (removals.covers({ type, id, version })) continue;
    findings.add("state-missing", name, "entries tell of it, and it is not there");
  }
  return { objects: counted.size, ...totals };
}

/** The row against the event that made its version. */
function checkState(
  { findings }: EntryCheck,
  { object, stateDigest, personal, firstVersion, isEveryVersionEvented, isLatest }: AuditedState,
  trail: readonly StoredEvent[],
): void {
  const { type, id, version } = object;
  const name = `${type} ${id}`;
  const versions = trail.map(({ aggregate }) => aggregate.version);
  const last = versions.at(-1) ?? firstVersion - 1;
  const isWhole = versions.every((one, at) => one === firstVersion + at);
  if (isEveryVersionEvented) {
    if (!isWhole) {
      const missing = versions.findIndex((one, at) => one !== firstVersion + at);
      findings.add("event-missing", `${name} version ${firstVersion + missing}`, "it has no event");
    }
    if (isLatest && isWhole && last < version) {
      findings.add("event-missing", `${name} version ${last + 1}`, "it has no event");
    }
  }
  if (isLatest && last > version) {
    findings.add("state-altered", name, `it is at version ${version}, and has an event of ${last}`);
  }
  const event = trail.find(({ aggregate }) => aggregate.version === version);
  if (!event || event.stateDigest === null) return;
  if (event.stateDigest !== stateDigest) {
    findings.add("state-altered", `${name} version ${version}`, "it is not what its event left");
  } else if (event.personal && canonicalJson(event.personal) !== canonicalJson(personal)) {
    findings.add("state-altered", `${name} version ${version}`, "a person's fields differ");
  }
}

/** Each event against its entry. @returns how many have none yet */
function checkTrail(
  { findings, now }: EntryCheck,
  trail: readonly StoredEvent[],
  entries: SeenEntries,
): number {
  let unrecorded = 0;
  for (const [at, event] of trail.entries()) {
    const key = entryKeyOf(event.at, event.aggregate);
    const entry = entries.get(key);
    if (!entry) {
      unrecorded += 1;
      if (mustBeLinked(dayOf(event.at), now)) {
        findings.add("event-unrecorded", key, "the audit trail has no entry of it");
      }
      continue;
    }
    const before = trail[at - 1];
    const follows = before?.aggregate.version === event.aggregate.version - 1;
    if (follows && before && entry.before !== null && entry.before !== before.stateDigest) {
      findings.add("entry-altered", key, "it does not follow the version before");
    }
  }
  return unrecorded;
}
