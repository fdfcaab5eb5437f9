import { shortDigestOf } from "@concord/core/digest";
import { ACME } from "@concord/local/testing";
import type { Item } from "@concord/storage";

export type Tampering = (
  rows: readonly Item[],
  random: (below: number) => number,
) => { readonly rows: readonly Item[]; readonly what: string };

const PLACE = ["pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk", "schemaVersion", "expiresAt"];
const trail = ["Event", "AuditEntry", "AuditSegment", "AuditLink", "AuditHead"];
const objects = [
  ...[
    "Tenant",
    "Subscription",
    "Member",
    "PartnerUser",
    "Partner",
    "Program",
    "Source",
    "Alias",
    "Contribution",
  ],
  ...["Session", "ActionItem", "DevelopmentPlan", "FactReport", "FrozenCard"],
];
/** What anybody with the table in hand may want to change. */
const isTarget = ({ pk, entity }: Item): boolean =>
  String(pk).startsWith(`T#${ACME}#`) && [...trail, ...objects].includes(String(entity));

const nameOf = ({ pk, sk }: Item): string => `${String(pk)} ${String(sk)}`;

function pick<T>(values: readonly T[], random: (below: number) => number): T {
  const value = values[random(values.length)];
  if (value === undefined) throw new Error("nothing to pick from");
  return value;
}

const replaced = (rows: readonly Item[], ...changed: readonly (readonly [Item, Item])[]) => {
  const to = new Map(changed);
  return rows.map((row) => to.get(row) ?? row);
};

/** Another value in the place of one somewhere inside. */
function edited(value: unknown, random: (below: number) => number): unknown {
  if (typeof value === "string") {
    const at = random(value.length + 1);
    return `${value.slice(0, at)}${value[at] === "1" ? "2" : "1"}${value.slice(at + 1)}`;
  }
  if (typeof value === "number") return value + 1 + random(1000);
  if (typeof value === "boolean") return !value;
  if (value === null) return "1";
  if (value instanceof Uint8Array) return Uint8Array.from([...value, 1]);
  if (Array.isArray(value)) {
    if (value.length === 0 || random(4) === 0) return [...value, value[0] ?? "1"];
    const at = random(value.length);
    return value.map((one, place) => (place === at ? edited(one, random) : one));
  }
  const entries = Object.entries(value as object);
  if (entries.length === 0) return { added: "1" };
  const [name, inner] = pick(entries, random);
  return random(5) === 0 && entries.length > 1
    ? Object.fromEntries(entries.filter(([other]) => other !== name))
    : { ...(value as object), [name]: edited(inner, random) };
}

const ofKind = (rows: readonly Item[], kind: string) =>
  rows.filter((row) => row["entity"] === kind && String(row["pk"]).startsWith(`T#${ACME}#`));

const last = (rows: readonly Item[], kind: string) =>
  Math.max(...ofKind(rows, kind).map(({ number }) => Number(number)));

const from = (rows: readonly Item[], number: number, kinds: readonly string[]) =>
  rows.filter(
    (row) =>
      !(
        kinds.includes(String(row["entity"])) &&
        String(row["pk"]).startsWith(`T#${ACME}#`) &&
        Number(row["number"]) >= number
      ),
  );

export const tamperings = {
  /** One value of one row. */
  editing(rows, random) {
    const row = pick(rows.filter(isTarget), random);
    const name = pick(
      Object.keys(row).filter((one) => !PLACE.includes(one)),
      random,
    );
    const after = { ...row, [name]: edited(row[name], random) };
    return { rows: replaced(rows, [row, after]), what: `${nameOf(row)} ${name}` };
  },

  /** A review that nobody changed since its kick-off, or the record of the kick-off. */
  alteringOpenings(rows, random) {
    const chunks = ofKind(rows, "CycleChunk");
    const cycles = new Set(chunks.map(({ cycleId }) => cycleId));
    const reviews = ofKind(rows, "Review").filter(({ cycleId }) => cycles.has(cycleId));
    const row = pick([...chunks, ...reviews], random);
    if (random(3) === 0) {
      return { rows: rows.filter((one) => one !== row), what: nameOf(row) };
    }
    if (row["entity"] === "Review") {
      const name = pick(
        Object.keys(row).filter((one) => !PLACE.includes(one)),
        random,
      );
      const after = { ...row, [name]: edited(row[name], random) };
      return { rows: replaced(rows, [row, after]), what: `${nameOf(row)} ${name}` };
    }
    const name = pick(["partnerIds", "digest", "done"], random);
    const done = row["done"] as Record<string, unknown>;
    const value =
      name === "done"
        ? { ...done, "kick-off": edited(done["kick-off"], random) }
        : edited(row[name], random);
    return {
      rows: replaced(rows, [row, { ...row, [name]: value }]),
      what: `${nameOf(row)} ${name}`,
    };
  },

  /** A review that no kick-off made. */
  adding(rows, random) {
    const [chunk] = ofKind(rows, "CycleChunk");
    const reviews = ofKind(rows, "Review").filter(({ cycleId }) => cycleId === chunk?.["cycleId"]);
    const review = pick(reviews, random);
    const partnerId = `${String(review["partnerId"]).slice(0, -3)}${100 + random(900)}`;
    const sort = String(review["gsi2sk"]).replace(String(review["partnerId"]), partnerId);
    const pk = String(review["pk"]).replace(String(review["partnerId"]), partnerId);
    const added = { ...review, pk, partnerId, gsi2sk: sort };
    return { rows: [...rows, added], what: nameOf(added) };
  },

  deleting(rows, random) {
    const row = pick(rows.filter(isTarget), random);
    return { rows: rows.filter((one) => one !== row), what: nameOf(row) };
  },

  /** Two rows of a kind swap what they hold, or two entries of a segment their places. */
  reordering(rows, random): ReturnType<Tampering> {
    const segments = ofKind(rows, "AuditSegment").filter(
      ({ entries }) => (entries as unknown[]).length > 1,
    );
    if (random(2) === 0) {
      const segment = pick(segments, random);
      const entries = [...(segment["entries"] as unknown[])];
      const at = random(entries.length - 1);
      [entries[at], entries[at + 1]] = [entries[at + 1], entries[at]];
      return { rows: replaced(rows, [segment, { ...segment, entries }]), what: nameOf(segment) };
    }
    const kind = pick(trail, random);
    const [a, b] = [pick(ofKind(rows, kind), random), pick(ofKind(rows, kind), random)];
    if (a === b) return tamperings.reordering(rows, random);
    const inPlaceOf = (place: Item, held: Item) =>
      Object.fromEntries([
        ...Object.entries(held).filter(([name]) => !PLACE.includes(name)),
        ...Object.entries(place).filter(([name]) => PLACE.includes(name)),
      ]);
    return {
      rows: replaced(rows, [a, inPlaceOf(a, b)], [b, inPlaceOf(b, a)]),
      what: `${nameOf(a)} and ${nameOf(b)}`,
    };
  },

  /** The chain is cut back, with or without what hangs on it. */
  truncating(rows, random) {
    const number = 1 + random(last(rows, "AuditLink"));
    const kinds = pick(
      [
        ["AuditLink"],
        ["AuditSegment"],
        ["AuditHead"],
        ["AuditLink", "AuditSegment"],
        ["AuditLink", "AuditSegment", "AuditHead"],
      ],
      random,
    );
    return { rows: from(rows, number, kinds), what: `${kinds.join(", ")} from ${number}` };
  },

  /** An event and its entry are changed alike, so that they still agree. */
  rewriting(rows, random) {
    const entry = pick(
      ofKind(rows, "AuditEntry").filter(({ row }) => (row as Item)["sort"] === undefined),
      random,
    );
    const { type, id, version } = entry["object"] as { type: string; id: string; version: number };
    const event = ofKind(rows, "Event").find(({ aggregate }) => {
      const of = aggregate as typeof entry.object & { type: string; id: string; version: number };
      return of.type === type && of.id === id && of.version === version;
    });
    if (!event) throw new Error("every entry has its event");
    const forged: Item = { ...event, data: { forged: random(1_000_000) } };
    const { at, by, data, aggregate, requestId, stateDigest } = forged;
    const eventDigest = shortDigestOf({
      ...{ type: forged["type"], at, by, data, aggregate, requestId, stateDigest },
      commitment: entry["commitment"],
    });
    return {
      rows: replaced(rows, [event, forged], [entry, { ...entry, eventDigest }]),
      what: nameOf(entry),
    };
  },

  /** The last change is undone everywhere: state, event, entry, segment, link and head. */
  rollingBack(rows) {
    const number = last(rows, "AuditLink");
    const events = ofKind(rows, "Event").filter(({ pk }) => pk === `T#${ACME}#TENANT`);
    const before = events.toSorted((a, b) => (String(a["sk"]) < String(b["sk"]) ? 1 : -1));
    const [undone, kept] = before;
    if (!undone || !kept) throw new Error("the tenant was changed twice");
    const { version } = kept["aggregate"] as { version: number };
    const left = from(rows, number, ["AuditLink", "AuditSegment", "AuditHead"]).filter(
      (row) =>
        row !== undone &&
        !(row["entity"] === "AuditEntry" && row["at"] === undone["at"] && row["pk"] !== undefined),
    );
    const state = left.find(({ pk, sk }) => pk === `T#${ACME}#TENANT` && sk === "TENANT");
    if (!state) throw new Error("the tenant is there");
    const { name } = kept["data"] as { name: string };
    return {
      rows: replaced(left, [state, { ...state, name, version }]),
      what: `version ${version + 1} of the tenant`,
    };
  },
} as const satisfies Record<string, Tampering>;
