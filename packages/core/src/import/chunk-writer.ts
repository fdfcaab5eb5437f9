import { type Month, monthOf } from "../calendar/index.ts";
import { untilFree } from "../contention/index.ts";
import { raise } from "../error/index.ts";
import type { ImportId, PartnerId, SourceId } from "../id/index.ts";
import {
  type IndexEntry,
  indexEntryOf,
  isSameFact,
  type Opportunity,
  opportunityIdOf,
} from "../opportunity/index.ts";
import { type MonthRollup, rollupsAfter } from "../rollup/index.ts";
import type { JobContext } from "./job.ts";
import { learn, type RowIndex } from "./row-index.ts";

/** A row on its way into a chunk. */
export interface WaitingRow {
  readonly externalId: string;
  readonly digest: string;
  /** Where the fact belongs. */
  readonly partnerId: PartnerId;
  /** What the index knows of it; undefined for a row never seen. */
  readonly known: IndexEntry | undefined;
  /** Rows of the same months are written together, so that a month is written less often. */
  readonly months: string;
  /** It is among the held rows and leaves them with this write. */
  readonly releases: boolean;
  /** The fact over the one that stands; undefined where there is nothing to make. */
  readonly make: (before: Opportunity | undefined) => Opportunity | undefined;
}

export interface ChunkWriter {
  /** Waits while too many chunks are under way. @throws what the last writes threw */
  add(row: WaitingRow): Promise<void>;
  /** Writes everything that waits. */
  finish(): Promise<void>;
  /** Waits for the chunks under way and leaves the rest. */
  stop(): Promise<void>;
  rowsWritten(): number;
}

const MAX_ITEMS = 100;
/** One manifest and at least a month or two beside them. */
const FULL_GROUP = 97;
/** Rows of a group that are gathered and ordered by month before the first of them are written. */
const GATHERED = 4 * FULL_GROUP;
const CHUNKS_AT_ONCE = 4;
const MAX_WAITING = 20_000;
const LAST_MONTH: Month = "9999-12";

interface Prepared {
  readonly row: WaitingRow;
  readonly before: Opportunity | undefined;
  readonly after: Opportunity;
  readonly isChanged: boolean;
}

/**
 * Groups rows by partner and writes each group's facts, the months they touch and the manifest in one
 * transaction. Partners are written side by side, the chunks of one partner one after another.
 * @param ordinals the next chunk number of each group of this job
 */
export function openChunkWriter(
  ctx: JobContext,
  { importId, sourceId }: { readonly importId: ImportId; readonly sourceId: SourceId },
  index: RowIndex,
  ordinals: Map<string, number>,
): ChunkWriter {
  const waiting = new Map<string, WaitingRow[]>();
  const months = new Map<PartnerId, Map<Month, MonthRollup>>();
  const tails = new Map<PartnerId, Promise<void>>();
  const underWay = new Set<Promise<void>>();
  let waitingRows = 0;
  let rowsWritten = 0;
  let failure: { readonly error: unknown } | undefined;

  const check = () => {
    if (failure) throw failure.error;
  };

  async function monthsOf(partnerId: PartnerId): Promise<Map<Month, MonthRollup>> {
    const known = months.get(partnerId);
    if (known) return known;
    const read = await ctx.store.rollups.months(partnerId, LAST_MONTH);
    const byMonth = new Map(read.map((rollup) => [rollup.month, rollup]));
    months.set(partnerId, byMonth);
    return byMonth;
  }

  /** The facts that stand; of rows never seen only where a first attempt found that they do. */
  async function factsOf(rows: readonly WaitingRow[], isRetry: boolean) {
    const keys = rows.flatMap(({ externalId, known, partnerId }) => {
      const opportunityId = opportunityIdOf(sourceId, externalId);
      if (known) return [{ partnerId: known.partnerId, opportunityId }];
      return isRetry ? [{ partnerId, opportunityId }] : [];
    });
    const facts = keys.length ? await ctx.store.opportunities.getAll(keys) : [];
    const found = new Map(facts.map((fact) => [fact.externalId, fact]));
    if (rows.some(({ externalId, known }) => known && !found.has(externalId))) {
      // A person has given it to another partner since the index was read.
      raise("source-busy", "A fact moved while this job ran");
    }
    return found;
  }

  /** @returns the rows that did not fit into the transaction */
  async function writeChunk(group: string, all: WaitingRow[]): Promise<WaitingRow[]> {
    const rows = all.slice(0, MAX_ITEMS);
    let isAgain = false;
    return untilFree(ctx.store, async () => {
      const facts = await factsOf(rows, isAgain);
      isAgain = true;
      const { taken, prepared } = fitting(rows, facts);
      const rest = all.slice(taken);
      if (prepared.length === 0) return rest;
      const changed = prepared.filter(({ isChanged }) => isChanged);
      const rollups = await rollupsOf(changed);
      const ordinal = ordinals.get(group) ?? 0;
      const entries = prepared.map(({ row, after }): [string, IndexEntry] => [
        row.externalId,
        indexEntryOf(after, row.digest),
      ]);
      const outcome = await ctx.store.imports.writeChunk({
        manifest: {
          importId,
          group,
          ordinal,
          entries,
          factsChanged: changed.length,
          changedAt: ctx.now.toISOString(),
        },
        sourceId,
        changes: changed.map(({ before, after }) => ({ before, after })),
        rollups,
        released: prepared.flatMap(({ row }) => (row.releases ? [row.externalId] : [])),
      });
      if (outcome === "committed") {
        ordinals.set(group, ordinal + 1);
        for (const rollup of rollups) months.get(rollup.partnerId)?.set(rollup.month, rollup);
        for (const [externalId, entry] of entries) learn(index, externalId, entry);
        rowsWritten += entries.length;
        return rest;
      }
      if (outcome === "repeated") raise("source-busy", "Another run of this job is under way");
      for (const partnerId of partnersOf(rows)) months.delete(partnerId);
      return undefined;
    });
  }

  async function rollupsOf(changed: readonly Prepared[]): Promise<MonthRollup[]> {
    const partners = new Set(
      changed.flatMap(({ before, after }) => [
        before?.partnerId ?? after.partnerId,
        after.partnerId,
      ]),
    );
    const rollups: MonthRollup[] = [];
    for (const partnerId of partners) {
      const own = changed.map(({ before, after }) => ({
        before: before?.partnerId === partnerId ? before : undefined,
        after: after.partnerId === partnerId ? after : undefined,
      }));
      rollups.push(...rollupsAfter(partnerId, await monthsOf(partnerId), own, ctx.now));
    }
    return rollups;
  }

  async function startGroup(group: string): Promise<void> {
    const rows = waiting.get(group) ?? [];
    waiting.delete(group);
    waitingRows -= rows.length;
    if (rows.length === 0) return;
    rows.sort((a, b) => (a.months < b.months ? -1 : a.months > b.months ? 1 : 0));
    const partners = partnersOf(rows);
    const earlier = partners.map((partnerId) => tails.get(partnerId));
    const work = Promise.all(earlier).then(async () => {
      if (failure) return;
      const rest = await writeChunk(group, rows);
      waiting.set(group, [...rest, ...(waiting.get(group) ?? [])]);
      waitingRows += rest.length;
    });
    const settled = work
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => underWay.delete(settled));
    underWay.add(settled);
    for (const partnerId of partners) tails.set(partnerId, settled);
    while (underWay.size >= CHUNKS_AT_ONCE) await Promise.race(underWay);
  }

  return {
    async add(row) {
      check();
      const group = groupOf(row);
      const rows = waiting.get(group) ?? [];
      waiting.set(group, rows);
      rows.push(row);
      waitingRows += 1;
      if (rows.length >= GATHERED) await startGroup(group);
      else if (waitingRows > MAX_WAITING) await startGroup(largest(waiting));
      check();
    },
    async finish() {
      while (waiting.size > 0 || underWay.size > 0) {
        for (const group of [...waiting.keys()]) await startGroup(group);
        await Promise.all(underWay);
        check();
        for (const [group, rows] of waiting) if (rows.length === 0) waiting.delete(group);
      }
    },
    async stop() {
      await Promise.all(underWay);
    },
    rowsWritten: () => rowsWritten,
  };
}

/** Rows that move from one partner to another change the numbers of both. */
const groupOf = ({ known, partnerId }: WaitingRow): string =>
  known && known.partnerId !== partnerId ? `${partnerId}+${known.partnerId}` : partnerId;

const partnersOf = (rows: readonly WaitingRow[]): PartnerId[] => [
  ...new Set(rows.flatMap(({ known, partnerId }) => [partnerId, known?.partnerId ?? partnerId])),
];

const largest = (waiting: ReadonlyMap<string, readonly WaitingRow[]>): string =>
  [...waiting].reduce((a, b) => (b[1].length > a[1].length ? b : a))[0];

/** By the month a fact counts in last, then by the one it counts in first. */
export const monthsOfValues = ({
  engagedOn,
  closedOn,
}: Pick<Opportunity, "engagedOn" | "closedOn">): string =>
  [engagedOn ?? "", closedOn ?? ""].map((on) => on.slice(0, 7)).join(" ");

/** As many of the first rows as one transaction holds, with what they change. */
function fitting(
  rows: readonly WaitingRow[],
  facts: ReadonlyMap<string, Opportunity>,
): { taken: number; prepared: Prepared[] } {
  const prepared: Prepared[] = [];
  const touched = new Set<string>();
  let items = 1;
  for (const [position, row] of rows.entries()) {
    const before = facts.get(row.externalId);
    const made = row.make(before);
    if (made === undefined) continue;
    const isChanged = before === undefined || !isSameFact(before, made);
    if (!isChanged && row.digest === row.known?.digest && !row.releases) continue;
    const isMove = before !== undefined && before.partnerId !== made.partnerId;
    const months = isChanged ? monthsTouched(before, made) : [];
    const added = months.filter((month) => !touched.has(month)).length;
    const needed = (isChanged ? (isMove ? 2 : 1) : 0) + (row.releases ? 1 : 0) + added;
    if (items + needed > MAX_ITEMS) return { taken: position, prepared };
    items += needed;
    for (const month of months) touched.add(month);
    prepared.push({ row, before, after: isChanged ? made : before, isChanged });
  }
  return { taken: rows.length, prepared };
}

/** The months, with their partner, in which a fact counted or counts. */
const monthsTouched = (before: Opportunity | undefined, after: Opportunity): string[] =>
  [before, after].flatMap((fact) =>
    fact
      ? [fact.engagedOn, fact.closedOn].flatMap((on) =>
          on === null ? [] : [`${fact.partnerId}${monthOf(on)}`],
        )
      : [],
  );
