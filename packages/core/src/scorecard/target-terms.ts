import { cadenceOf, monthsIn, nextPeriod, type Period } from "../calendar/index.ts";
import { currencyDigits, exactly, measuresBehind, scaled, times } from "../metric/index.ts";
import { definitionFor, type ProgramDefinition, type PublishedProgram } from "../program/index.ts";
import { agreedFor, type TargetSet, withTargets } from "../target/index.ts";
import { shareOf } from "./length.ts";
import { measureNamesOf } from "./measure-names.ts";
import type { CardTerms } from "./schema.ts";

const isCounted = (template: ProgramDefinition): boolean =>
  measuresBehind(measureNamesOf(template.metrics), template).has("pipeline_coverage");

/** Said for a quarter; so much of it as the period is long, in minor units. */
function minorTarget(target: number, period: Period, currency: string): number {
  const share = shareOf(monthsIn(cadenceOf(period)));
  return Number(scaled(times(exactly(target), share), currencyDigits(currency)));
}

/** What the partner is to win in the period after, by the version of the program that this one is scored with. */
function nextRevenueTarget(
  targets: readonly TargetSet[],
  { programId, definition }: Pick<PublishedProgram, "programId" | "definition">,
  period: Period,
  segmentId: string | undefined,
): number | undefined {
  const template = definitionFor(definition, segmentId);
  if (!isCounted(template)) return undefined;
  const next = nextPeriod(period);
  const { metrics, currency } = withTargets(
    template,
    agreedFor(targets, { programId, period: next }),
  );
  for (const { measure, scale } of metrics) {
    if (measure !== "revenue_won" || scale.kind !== "linear") continue;
    const minor = minorTarget(scale.target, next, currency);
    if (scale.target > scale.floor && minor > 0) return minor;
  }
  return undefined;
}

/** What targets give a card of a period: those agreed with the partner, and the revenue it is to win next. */
export function targetTerms(
  targets: readonly TargetSet[],
  program: Pick<PublishedProgram, "programId" | "definition">,
  period: Period,
  { segmentId }: Pick<CardTerms, "segmentId">,
): Pick<CardTerms, "agreedTargets" | "nextRevenueTarget"> {
  const agreedTargets = agreedFor(targets, { programId: program.programId, period });
  const next = nextRevenueTarget(targets, program, period, segmentId);
  return {
    ...(agreedTargets ? { agreedTargets } : {}),
    ...(next === undefined ? {} : { nextRevenueTarget: next }),
  };
}
