import type { Cadence, Period } from "../calendar/index.ts";
import { startsBy } from "../calendar/index.ts";
import type { ProgramId } from "../id/index.ts";
import { programFor } from "./publication.ts";
import type { ProgramDefinition, PublishedProgram, ScoringRules } from "./schema.ts";

/** Every cadence that a program gives somebody by itself. */
export const cadencesOf = ({ cadence, segments }: ProgramDefinition): Cadence[] => [
  ...new Set([cadence, ...segments.flatMap((segment) => segment.cadence ?? [])]),
];

/** How often the partners of a segment are scored, or those whom none claims. */
export const cadenceIn = (
  { cadence, segments }: ProgramDefinition,
  segmentId: string | null | undefined,
): Cadence => segments.find((one) => one.segmentId === segmentId)?.cadence ?? cadence;

const isOf =
  (programId: ProgramId) =>
  (one: PublishedProgram): boolean =>
    one.programId === programId;

/** Every cadence that anybody may ever have had in a program: by a version of it or by an override. */
export const cadencesEver = (
  { versions, overridden }: Pick<ScoringRules, "versions" | "overridden">,
  programId: ProgramId,
): Cadence[] => [
  ...new Set([
    ...versions.filter(isOf(programId)).flatMap(({ definition }) => cadencesOf(definition)),
    ...(overridden?.get(programId) ?? []),
  ]),
];

/** Whether everybody of a program has been scored by the quarter all along: nothing has to be looked up then. */
export const isByQuarters = (
  rules: Pick<ScoringRules, "versions" | "overridden">,
  programId: ProgramId,
): boolean => cadencesEver(rules, programId).every((cadence) => cadence === "quarterly");

/** The cadences that a program gives by itself in a period or later. */
export function cadencesFrom(
  rules: ScoringRules,
  programId: ProgramId,
  period: Period,
): ReadonlySet<Cadence> {
  const current = programFor(rules, { programId, period });
  const later = rules.versions
    .filter(isOf(programId))
    .filter(({ effectiveFrom }) => !startsBy(effectiveFrom, period));
  return new Set(
    [...(current ? [current] : []), ...later].flatMap(({ definition }) => cadencesOf(definition)),
  );
}
