import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PartnerId } from "@concord/core/id";
import { ACME, seeded, testStore } from "@concord/local/testing";
import { createMeter } from "@concord/storage";
import { importFile, sourceWith } from "../../packages/storage/src/import/import.fixture.ts";
import { cycleWorld } from "../../packages/workers/src/cycle/cycle.fixture.ts";
import { projectRankingChanges } from "../../packages/workers/src/ranking/project-ranking.ts";
import {
  monthOfDeals,
  rankingDependencies,
  recordOf,
} from "../../packages/workers/src/ranking/ranking.fixture.ts";
import { exportOf } from "./imports.ts";
import type { Ratio } from "./ratio.ts";

/** Modelled, in milliseconds: what the service and the network take. */
const model = {
  /** Lambda looks at a shard four times a second. */
  streamPoll: 250,
  invocation: 50,
  /** A request to the table or a queue, slow rather than fast. */
  request: 15,
  /** From sent to received by a function that waits for it. */
  queue: 100,
  recordsABatch: 200,
  recordsAMessage: 100,
  messagesABatch: 10,
  partnersAtOnce: 4,
  /** What a table that is new takes. */
  writesASecond: 4_000,
} as const;
const GATE_SECONDS = 5;
const IMPORTED_ROWS = 100_000;
const SINGLE_WRITES = 400;
const PROBE_ROWS = 1_500;
const PROBE_PARTNERS = 15;
const PARTNERS = 1_000;
const NOW = new Date("2026-12-20T12:00:00.000Z");

/** What the deployment states: read from it, so that the model follows it. */
function deployed(): { windowMilliseconds: number; consumersAtOnce: number } {
  const root = join(import.meta.dirname, "../..");
  const number = (file: string, pattern: RegExp): number => {
    const found = Number(pattern.exec(readFileSync(join(root, file), "utf8"))?.[1]);
    if (!(found > 0)) throw new Error(`${pattern} is not in ${file}`);
    return found;
  };
  return {
    windowMilliseconds: 1000 * number("infra/stream.ts", /maximumBatchingWindowInSeconds = (\d+)/),
    consumersAtOnce: number("stacks/cycles.ts", /consumeChanges\("ProjectRanking", (\d+)/),
  };
}

interface Measured {
  readonly unitsAChunk: number;
  /** Rows of a chunk that move a ranking. */
  readonly monthsAChunk: number;
  readonly chunks: number;
  /** Of bringing one partner's entry up to date. */
  readonly requestsAPartner: number;
  readonly cpuMillisecondsAPartner: number;
}

/** Counted on the real code: what an import writes, and what a projection asks. */
async function measure(): Promise<Measured> {
  const test = await testStore();
  const partners = Array.from({ length: PROBE_PARTNERS }, (_, n) => `Partner ${n}`);
  const source = await sourceWith(test, { partners });
  const { writeUnits } = await test.costOf(async (ctx) => {
    const system = ctx({ kind: "system", name: "queue" }, ACME);
    const file = exportOf(PROBE_ROWS, partners);
    await importFile(test.asMember(ACME, "admin"), system, source, file);
  });
  const rows = await test.dump();
  const chunks = rows.filter(({ entity }) => entity === "ImportChunk").length;
  const months = rows
    .filter(({ entity }) => entity === "RollupMonth")
    .reduce((sum, { version }) => sum + Number(version), 0);
  return {
    unitsAChunk: writeUnits / chunks,
    monthsAChunk: months / chunks,
    chunks,
    ...(await projection()),
  };
}

async function projection() {
  const world = await cycleWorld();
  const { partnerIds } = await world.addTenant(ACME, 8);
  const { rollups } = world.test.openTenant(ACME);
  const project = async (ids: readonly PartnerId[], version: number) => {
    const deals = { won: 20 + version, lost: 10, amountMinor: 250_000 };
    await rollups.replace(ids.map((id) => monthOfDeals(id, "2026-11", deals, version)));
    const meter = createMeter();
    const table = world.test.table.metered(meter);
    const contextOf = () => world.contextOf(ACME, NOW, table);
    const Records = ids.map((partnerId) =>
      recordOf(ACME, { entity: "RollupMonth", partnerId, month: "2026-11" }),
    );
    const before = process.cpuUsage();
    await projectRankingChanges(rankingDependencies(world, NOW, { contextOf }), { Records });
    const { user, system } = process.cpuUsage(before);
    return { requests: meter.usage().requests, cpu: (user + system) / 1000 };
  };
  await project(partnerIds, 1);
  const { requests, cpu } = await project(partnerIds, 2);
  return {
    requestsAPartner: requests / partnerIds.length,
    cpuMillisecondsAPartner: cpu / partnerIds.length,
  };
}

interface Written {
  readonly at: number;
  readonly partner: number;
}

/** When each write is seen, by one shard, one queue and the consumers that the deployment allows. */
function seenAfter(writes: readonly Written[], measured: Measured): number[] {
  const { windowMilliseconds, consumersAtOnce } = deployed();
  const waiting = writes.toSorted((a, b) => a.at - b.at);
  const messages: { at: number; records: Written[] }[] = [];
  let reader = 0;
  for (let from = 0; from < waiting.length; ) {
    const first = (waiting[from]?.at ?? 0) + model.streamPoll;
    const opened = Math.max(first, reader);
    let to = from;
    const isIn = (at: number) => (waiting[at]?.at ?? Infinity) <= opened + windowMilliseconds;
    while (to - from < model.recordsABatch && isIn(to)) to += 1;
    const isFull = to - from === model.recordsABatch;
    const begun = isFull ? Math.max(opened, waiting[to - 1]?.at ?? 0) : opened + windowMilliseconds;
    reader = begun + model.invocation + model.request;
    for (let at = from; at < to; at += model.recordsAMessage) {
      const records = waiting.slice(at, Math.min(to, at + model.recordsAMessage));
      messages.push({ at: reader + model.queue, records });
    }
    from = to;
  }
  const free = Array.from({ length: consumersAtOnce }, () => 0);
  const delays: number[] = [];
  for (let from = 0; from < messages.length; ) {
    const at = Math.max(messages[from]?.at ?? 0, Math.min(...free));
    let to = from;
    while (to - from < model.messagesABatch && (messages[to]?.at ?? Infinity) <= at) to += 1;
    const records = messages.slice(from, to).flatMap((message) => message.records);
    const partners = new Set(records.map(({ partner }) => partner)).size;
    const rounds = Math.ceil(partners / model.partnersAtOnce);
    const busy =
      rounds * measured.requestsAPartner * model.request +
      partners * measured.cpuMillisecondsAPartner;
    const ended = at + model.invocation + busy;
    free[free.indexOf(Math.min(...free))] = ended;
    for (const record of records) delays.push(ended - record.at);
    from = to;
  }
  return delays;
}

const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;

/** Writes of people, at any moment of these minutes. */
function singleWrites(milliseconds: number): Written[] {
  const random = seeded(13);
  return Array.from({ length: SINGLE_WRITES }, () => ({
    at: random() * milliseconds,
    partner: PARTNERS + Math.floor(random() * PARTNERS),
  }));
}

/** An import as fast as its table takes it, chunk by chunk; each of its months is a record of its own. */
function importWrites({ unitsAChunk, monthsAChunk, chunks }: Measured): Written[] {
  const apart = (unitsAChunk / model.writesASecond) * 1000;
  const count = Math.ceil((IMPORTED_ROWS / PROBE_ROWS) * chunks);
  return Array.from({ length: count }, (_, chunk) =>
    Array.from({ length: Math.ceil(monthsAChunk) + 1 }, () => ({
      at: chunk * apart,
      partner: chunk % PARTNERS,
    })),
  ).flat();
}

/** B13 of the targets: the clock is simulated, what takes time on it is in `model`. */
export async function freshnessRatios(): Promise<readonly Ratio[]> {
  const measured = await measure();
  const imported = importWrites(measured);
  const length = imported.at(-1)?.at ?? 0;
  const alone = singleWrites(10 * 60_000);
  const during = [...imported, ...singleWrites(length)];
  const row = (what: string, writes: readonly Written[]): Ratio => {
    const seconds = p95(seenAfter(writes, measured)) / 1000;
    return {
      ...{ id: "B13", what, unit: "s (p95)", ours: seconds, reference: GATE_SECONDS },
      ...{ ratio: seconds / GATE_SECONDS, gate: 1, isCeiling: true },
    };
  };
  return [
    row("a write until it is in the ranking, modelled delays", alone),
    row(
      `the same during an import of ${IMPORTED_ROWS} rows (${Math.round(length / 1000)} s)`,
      during,
    ),
  ];
}
