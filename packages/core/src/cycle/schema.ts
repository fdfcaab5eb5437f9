import { z } from "zod";
import { CalendarDate, Period, TimeZone } from "../calendar/index.ts";
import { CycleId, PartnerId, ProgramId, TenantId } from "../id/index.ts";
import { Currency } from "../money/index.ts";
import { PlaybookLinks } from "../playbook/index.ts";
import { CycleWindows, keptWindows } from "../program/index.ts";

export const CycleStatus = z.enum(["open", "freezing", "frozen", "closed"]).meta({
  id: "CycleStatus",
  description:
    "open: data comes in; freezing: cards are being frozen; frozen: the review window; closed: it is over",
});
export type CycleStatus = z.infer<typeof CycleStatus>;

const Instant = z.iso.datetime();

/** One period of a program, such as a quarter, with its windows. A cycle keeps the program version it opened with. */
export const Cycle = z
  .object({
    cycleId: CycleId,
    programId: ProgramId,
    programVersion: z.number().int().positive(),
    period: Period,
    /** Both inclusive. */
    span: z.object({ from: CalendarDate, to: CalendarDate }),
    currency: Currency,
    timeZone: TimeZone,
    status: CycleStatus,
    opensAt: Instant,
    /** When the data window closes. */
    freezesAt: Instant,
    /** When the review window ends. */
    closesAt: Instant,
    ...keptWindows,
    openedAt: Instant,
    /** Null until its list of partners is fixed. */
    partnerCount: z.number().int().nonnegative().nullable(),
    chunkCount: z.number().int().nonnegative().nullable(),
    /** When every partner had its review. */
    kickedOffAt: Instant.nullable(),
    freezeStartedAt: Instant.nullable(),
    /** When every card was frozen. */
    frozenAt: Instant.nullable(),
    closedAt: Instant.nullable(),
    /** Where partners are scored at different lengths: its list holds those whose turn it is. */
    isByCadence: z.literal(true).optional(),
    /** When every review of the closed cycle was closed. */
    reviewsClosedAt: Instant.nullable(),
    /** What the playbook said of its steps when it opened; absent where it said nothing. */
    playbook: PlaybookLinks.optional(),
    version: z.number().int().positive(),
  })
  .meta({ id: "Cycle" });
export type Cycle = z.infer<typeof Cycle>;

/** What is done once for every partner of a cycle, chunk by chunk. */
export const CycleStep = z.enum(["kick-off", "freeze", "close"]).meta({ id: "CycleStep" });
export type CycleStep = z.infer<typeof CycleStep>;

export const ChunkDone = z.object({
  doneAt: Instant,
  /** Partners for which the step changed something. */
  changed: z.number().int().nonnegative(),
  /** Partners whose rollups a freeze found to differ from the facts, and repaired; without those of an attempt that died. */
  repaired: z.number().int().nonnegative(),
  /**
   * Of a kick-off: digests of the reviews as it made them, in the order of the partners; null where
   * there is none. They have no event of their own. Chunks that were done earlier do not hold it.
   */
  openings: z.array(z.string().nullable()).max(100).optional(),
});
export type ChunkDone = z.infer<typeof ChunkDone>;

export const PARTNERS_PER_CHUNK = 100;

/** Part of a cycle's list of partners and what has been done for all of them: the record of mass rows. */
export const CycleChunk = z.object({
  cycleId: CycleId,
  /** From 0. */
  chunk: z.number().int().nonnegative(),
  partnerIds: z.array(PartnerId).min(1).max(PARTNERS_PER_CHUNK),
  /** SHA-256 of the list, in its order. */
  digest: z.string(),
  done: z.partialRecord(CycleStep, ChunkDone),
  version: z.number().int().positive(),
});
export type CycleChunk = z.infer<typeof CycleChunk>;

/** Work on a cycle, handed over by a queue that may deliver it never, once or several times. */
export const CycleMessage = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("advance-cycle"), tenantId: TenantId, cycleId: CycleId }),
  ...(["kick-off-chunk", "freeze-chunk", "close-chunk"] as const).map((kind) =>
    z.object({
      kind: z.literal(kind),
      tenantId: TenantId,
      cycleId: CycleId,
      chunk: z.number().int().nonnegative(),
    }),
  ),
]);
export type CycleMessage =
  | {
      readonly kind: "advance-cycle";
      readonly tenantId: TenantId;
      readonly cycleId: CycleId;
    }
  | {
      readonly kind: `${CycleStep}-chunk`;
      readonly tenantId: TenantId;
      readonly cycleId: CycleId;
      readonly chunk: number;
    };

/** How far the steps of a cycle are; counted in partners. */
export const CycleProgress = z
  .object({
    partners: z.number().int().nonnegative(),
    reviewsOpened: z.number().int().nonnegative(),
    cardsFrozen: z.number().int().nonnegative(),
    reviewsClosed: z.number().int().nonnegative(),
    rollupsRepaired: z.number().int().nonnegative(),
  })
  .meta({ id: "CycleProgress" });
export type CycleProgress = z.infer<typeof CycleProgress>;

export const CycleWithProgress = Cycle.extend({
  windows: CycleWindows,
  /** Null for partner users. */
  progress: CycleProgress.nullable(),
}).meta({ id: "CycleWithProgress" });
export type CycleWithProgress = z.infer<typeof CycleWithProgress>;
