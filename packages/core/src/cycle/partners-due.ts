import { type CadenceStore, turnAt, wantedCadence } from "../cadence/index.ts";
import {
  type Cadence,
  Cadence as EveryCadence,
  type Period,
  periodUpTo,
} from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { cycleIdOf, type PartnerId, type ProgramId } from "../id/index.ts";
import type { Partner } from "../partner/index.ts";
import type { OpeningRules, ProgramDefinition } from "../program/index.ts";
import type { CycleStore } from "./repository.ts";
import type { Cycle } from "./schema.ts";

/** Where the partners of a program stand at a boundary, by the lists of the cycles before it. */
export interface StandingLists {
  /** In a period that goes on. */
  readonly running: ReadonlySet<PartnerId>;
  /** The cadence of the period that has just ended. */
  readonly before: ReadonlyMap<PartnerId, Cadence>;
}

/**
 * Reads the lists of the cycles that cover the day before a boundary.
 * @param period any period that begins at the boundary
 * @param fixed makes sure that the list of such a cycle is complete
 */
export async function standingLists(
  { store: { cycles } }: RequestContext<CycleStore>,
  programId: ProgramId,
  period: Period,
  fixed: (cycle: Cycle) => Promise<Cycle>,
): Promise<StandingLists> {
  const running = new Set<PartnerId>();
  const before = new Map<PartnerId, Cadence>();
  for (const cadence of EveryCadence.options) {
    const last = periodUpTo(period, cadence);
    const cycle = await cycles.get(cycleIdOf(programId, last.period));
    if (!cycle) continue;
    const { cycleId } = await fixed(cycle);
    for await (const { partnerIds } of cycles.chunks(cycleId)) {
      for (const partnerId of partnerIds) {
        if (last.isOver) before.set(partnerId, cadence);
        else running.add(partnerId);
      }
    }
  }
  return { running, before };
}

/** The period that each of these partners begins at a boundary; none for those in one that goes on. */
export async function turnsOf(
  { store: { cadences } }: RequestContext<CadenceStore>,
  partners: readonly Partner[],
  at: {
    readonly programId: ProgramId;
    readonly definition: ProgramDefinition;
    readonly overridden: OpeningRules["overridden"];
    /** Any period that begins there, and its first day. */
    readonly period: Period;
    readonly on: string;
  },
  { running, before }: StandingLists,
): Promise<Map<PartnerId, Period>> {
  const free = partners.filter(({ partnerId }) => !running.has(partnerId));
  const ids = free.map(({ partnerId }) => partnerId);
  const overrides = at.overridden.length === 0 ? [] : await cadences.getMany(at.programId, ids);
  const decisions = new Map(overrides.map((one) => [one.partnerId, one.decisions]));
  const turns = new Map<PartnerId, Period>();
  for (const partner of free) {
    const { partnerId } = partner;
    const own = decisions.get(partnerId) ?? [];
    const { cadence } = wantedCadence(at.definition, partner, own, at.on);
    const turn = turnAt(at.period, cadence, before.get(partnerId));
    if (turn !== undefined) turns.set(partnerId, turn);
  }
  return turns;
}
