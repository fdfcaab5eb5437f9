import { createHash } from "node:crypto";
import type { ActorWith } from "../actor/index.ts";
import { type Calendar, cadenceOf, type Period, periodSpan } from "../calendar/index.ts";
import { shortDigestOf } from "../digest/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import { type CycleId, cycleIdOf, type PartnerId } from "../id/index.ts";
import { type PublishedProgram, timesOf } from "../program/index.ts";
import { cycleOpenTimer, dayAfter, type Timer } from "../timer/index.ts";
import type { ChunkDone, Cycle, CycleChunk, CycleStep } from "./schema.ts";

export type CycleEvent = DomainEvent<
  | "cycle.opened"
  | "cycle.partners-fixed"
  | "cycle.kicked-off"
  | "cycle.freeze-started"
  | "cycle.frozen"
  | "cycle.closed"
  | "cycle.reviews-closed"
>;
type Change = { readonly next: Cycle; readonly event: CycleEvent };
type Runner = ActorWith<"cycle:run">;

export function open(
  version: PublishedProgram,
  period: Period,
  calendar: Calendar,
  by: Runner,
  now: Date,
): Change & { readonly timers: readonly Timer[] } {
  const { programId, definition } = version;
  const { openAtLocalTime } = definition.windows;
  const span = periodSpan(period, calendar);
  const times = timesOf(definition, period, calendar);
  const { freezesAt, closesAt } = times;
  const openedAt = now.toISOString();
  const cycleId = cycleIdOf(programId, period);
  const next: Cycle = {
    cycleId,
    programId,
    programVersion: version.version,
    period,
    span,
    currency: definition.currency,
    timeZone: calendar.timeZone,
    status: "open",
    ...times,
    openedAt,
    partnerCount: null,
    chunkCount: null,
    kickedOffAt: null,
    freezeStartedAt: null,
    frozenAt: null,
    closedAt: null,
    reviewsClosedAt: null,
    version: 1,
  };
  return {
    next,
    event: eventOf("cycle.opened", by, now, { period, programVersion: version.version }),
    timers: [
      { kind: "cycle-work", subject: cycleId, dueAt: openedAt },
      { kind: "cycle-freeze", subject: cycleId, dueAt: freezesAt },
      { kind: "cycle-close", subject: cycleId, dueAt: closesAt },
      cycleOpenTimer(
        { programId, notBefore: dayAfter(span.to), cadence: cadenceOf(period) },
        openAtLocalTime,
        calendar,
      ),
    ],
  };
}

/** The next part of the list of partners; none of them stands in an earlier part. */
export const newChunk = (
  cycleId: CycleId,
  chunk: number,
  partnerIds: readonly PartnerId[],
): CycleChunk => ({
  cycleId,
  chunk,
  partnerIds: [...partnerIds],
  digest: createHash("sha256").update(partnerIds.join("\n")).digest("hex"),
  done: {},
  version: 1,
});

export function fixPartners(
  cycle: Cycle,
  list: { readonly partnerCount: number; readonly chunkCount: number; readonly digest: string },
  by: Runner,
  now: Date,
): Change {
  const { partnerCount, chunkCount } = list;
  return {
    next: { ...cycle, partnerCount, chunkCount, version: cycle.version + 1 },
    event: eventOf("cycle.partners-fixed", by, now, list),
  };
}

/** The step that still has partners to go through, if any. Steps follow one another. */
export function stepUnderWay(cycle: Cycle): CycleStep | undefined {
  if (cycle.kickedOffAt === null) return "kick-off";
  if (cycle.status === "freezing") return "freeze";
  if (cycle.status === "closed" && cycle.reviewsClosedAt === null) return "close";
  return undefined;
}

/** When the step under way began: what its follow-ups are paced by. */
export const stepStartedAt = (cycle: Cycle): string =>
  cycle.closedAt ?? cycle.freezeStartedAt ?? cycle.openedAt;

export const markDone = (chunk: CycleChunk, step: CycleStep, done: ChunkDone): CycleChunk => ({
  ...chunk,
  done: { ...chunk.done, [step]: done },
  version: chunk.version + 1,
});

/** Digest of what the kick-off of these chunks made, by which their records are verified. */
export const openingsDigestOf = (chunks: readonly CycleChunk[]): string =>
  shortDigestOf(
    chunks.map(({ chunk, partnerIds, digest, done }) => [
      ...[chunk, partnerIds, digest],
      shortDigestOf(done["kick-off"] ?? null),
    ]),
  );

/** A step has been done for every partner of these chunks, which are all of the cycle's. */
export function finish(
  cycle: Cycle,
  step: CycleStep,
  chunks: readonly CycleChunk[],
  by: Runner,
  now: Date,
): Change {
  const at = now.toISOString();
  const version = cycle.version + 1;
  const { partnerCount } = cycle;
  switch (step) {
    case "kick-off": {
      const openingsDigest = openingsDigestOf(chunks);
      return {
        next: { ...cycle, kickedOffAt: at, version },
        event: eventOf("cycle.kicked-off", by, now, { partnerCount, openingsDigest }),
      };
    }
    case "freeze":
      return {
        next: { ...cycle, status: "frozen", frozenAt: at, version },
        event: eventOf("cycle.frozen", by, now, { partnerCount }),
      };
    case "close":
      return {
        next: { ...cycle, reviewsClosedAt: at, version },
        event: eventOf("cycle.reviews-closed", by, now, { partnerCount }),
      };
  }
}

/** The data window is over. */
export function startFreeze(cycle: Cycle, by: Runner, now: Date): Change {
  const at = now.toISOString();
  return {
    next: { ...cycle, status: "freezing", freezeStartedAt: at, version: cycle.version + 1 },
    event: eventOf("cycle.freeze-started", by, now, { freezesAt: cycle.freezesAt }),
  };
}

/** The review window is over. */
export function close(cycle: Cycle, by: Runner, now: Date): Change {
  const at = now.toISOString();
  return {
    next: { ...cycle, status: "closed", closedAt: at, version: cycle.version + 1 },
    event: eventOf("cycle.closed", by, now, { closesAt: cycle.closesAt }),
  };
}
