import { z } from "zod";
import type { StoredEvent } from "../event/index.ts";
import type { EntryCheck, Removals } from "./check-entries.ts";
import type { Findings } from "./findings.ts";
import type { AuditedObject } from "./schema.ts";

const RulesSet = z.object({ days: z.record(z.string(), z.number()) });
const Held = z.object({ partnerId: z.string().nullable() });
const Removed = z.object({
  kind: z.string(),
  days: z.number(),
  rulesVersion: z.number(),
  upTo: z.iso.date(),
  objects: z.array(
    z.object({
      type: z.string(),
      id: z.string(),
      version: z.number(),
      partnerId: z.string().nullable(),
    }),
  ),
});

interface Rules {
  readonly since: string;
  readonly days: Readonly<Record<string, number>>;
}
interface Hold {
  readonly partnerId: string | null;
  readonly from: string;
  until: string | undefined;
}
interface Removal {
  readonly version: number;
  /** UTC day on which it had been over for long enough. */
  readonly upTo: string;
  readonly place: string;
  /** The run that removed it has ended: nothing of it is there any more. */
  isDone: boolean;
}

const DAY_MS = 86_400_000;
const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00.000Z`) + days * DAY_MS).toISOString().slice(0, 10);

const nameOf = ({ type, id }: Pick<AuditedObject, "type" | "id">): string => `${type} ${id}`;

/** Reads rules, holds and removals from their events, which are in the trail like all others. */
export async function readRemovals({ audit, findings }: EntryCheck): Promise<Removals> {
  const rules = new Map<number, Rules>();
  const holds = new Map<string, Hold>();
  const told: { event: StoredEvent; data: z.infer<typeof Removed> }[] = [];
  const finished = new Set<string>();
  for await (const event of audit.retentionEvents()) {
    const { type, at, aggregate, data } = event;
    if (type === "retention.rules-set") {
      rules.set(aggregate.version, { since: at, days: RulesSet.parse(data).days });
    } else if (type === "legal-hold.placed") {
      const { partnerId } = Held.parse(data);
      holds.set(aggregate.id, { partnerId, from: at, until: undefined });
    } else if (type === "legal-hold.released") {
      const hold = holds.get(aggregate.id);
      if (hold) hold.until = at;
    } else if (type === "retention.removed") {
      told.push({ event, data: Removed.parse(data) });
    } else if (type === "retention.run-finished") {
      finished.add(aggregate.id);
    }
  }
  const removals = new Map<string, Removal>();
  for (const { event, data } of told) {
    for (const { version, ...object } of data.objects) {
      removals.set(nameOf(object), {
        ...{ version, upTo: data.upTo },
        place: `${event.aggregate.type} ${event.aggregate.id} version ${event.aggregate.version}`,
        isDone: finished.has(event.aggregate.id),
      });
    }
  }
  return {
    covers: ({ version, ...object }) => version <= (removals.get(nameOf(object))?.version ?? 0),
    standing: (object) => {
      const removal = removals.get(nameOf(object));
      return !removal ? "kept" : removal.isDone ? "gone" : "going";
    },
    check(lastChanges) {
      for (const one of told) checkRules(findings, one, rules, [...holds.values()]);
      for (const [name, { upTo, place }] of removals) {
        const changedAt = lastChanges.get(name)?.at;
        // A day more, since a tenant's day is not the one of UTC.
        if (changedAt === undefined || changedAt.slice(0, 10) <= daysAfter(upTo, 1)) continue;
        findings.add("removal-unruled", place, `${name} was changed after ${upTo}`);
      }
    },
  };
}

function checkRules(
  findings: Findings,
  { event, data }: { readonly event: StoredEvent; readonly data: z.infer<typeof Removed> },
  rules: ReadonlyMap<number, Rules>,
  holds: readonly Hold[],
): void {
  const { at, aggregate } = event;
  const place = `${aggregate.type} ${aggregate.id} version ${aggregate.version}`;
  const add = (detail: string) => findings.add("removal-unruled", place, detail);
  const { kind, days, rulesVersion, upTo, objects } = data;
  const inForce = rules.get(rulesVersion);
  const following = rules.get(rulesVersion + 1);
  const isTheirTime = inForce && inForce.since <= at && (!following || following.since >= at);
  if (!isTheirTime || inForce.days[kind] !== days) {
    add(`no rule says that ${kind} is kept for ${days} days`);
  } else if (daysAfter(upTo, days) > daysAfter(at.slice(0, 10), 1)) {
    add(`what was over on ${upTo} is kept for ${days} days`);
  }
  const holding = holds.filter(
    ({ from, until }) => from < at && (until === undefined || until > at),
  );
  for (const { type, id, partnerId } of objects) {
    const isHeld = holding.some(
      (hold) => hold.partnerId === null || partnerId === null || hold.partnerId === partnerId,
    );
    if (isHeld) add(`${type} ${id} was held`);
  }
}
