import { type Cadence, type CalendarDate, type Period, periodStarting } from "../calendar/index.ts";
import type { Partner } from "../partner/index.ts";
import { cadenceIn, type ProgramDefinition, placeIn } from "../program/index.ts";
import type { CadenceDecision } from "./schema.ts";

/** What was decided for a partner alone, as it counts on a day; a temporary decision that has ended uncovers the one before. */
export function decisionOn(
  decisions: readonly CadenceDecision[],
  on: CalendarDate,
): (CadenceDecision & { readonly cadence: Cadence }) | undefined {
  for (const decision of decisions.toReversed()) {
    const { cadence, from, endsOn } = decision;
    if (from > on) continue;
    if (cadence === null) return undefined;
    if (endsOn === null || on <= endsOn) return { ...decision, cadence };
  }
  return undefined;
}

export type CadenceSource = "partner" | "segment" | "program";

/** How often a partner is to be scored on a day, and what says so: the partner's own before the segment's before the program's. */
export function wantedCadence(
  definition: ProgramDefinition,
  partner: Pick<Partner, "type" | "lifecycleStage">,
  decisions: readonly CadenceDecision[],
  on: CalendarDate,
): { readonly cadence: Cadence; readonly source: CadenceSource } {
  const own = decisionOn(decisions, on);
  if (own) return { cadence: own.cadence, source: "partner" };
  const segmentId = placeIn(definition, partner)?.segmentId;
  const isOfSegment = definition.segments.some(
    (segment) => segment.segmentId === segmentId && segment.cadence !== undefined,
  );
  return {
    cadence: cadenceIn(definition, segmentId),
    source: isOfSegment ? "segment" : "program",
  };
}

/**
 * The period that a partner begins at a boundary, once the one before has ended there. A wanted cadence waits until
 * a period of its own begins; meanwhile the one before goes on, so that no month is left out and none counts twice.
 * @param boundary any period that begins there
 * @param before of the period that ended there; undefined for a partner that had none
 */
export const turnAt = (
  boundary: Period,
  wanted: Cadence,
  before: Cadence | undefined,
): Period | undefined =>
  periodStarting(boundary, wanted) ?? (before && periodStarting(boundary, before));
