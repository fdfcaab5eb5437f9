import { type Period, type Quarter, startsBy } from "../calendar/index.ts";
import type { ErrorPlace } from "../error/index.ts";
import type { ProgramId } from "../id/index.ts";
import {
  faultsOfScale,
  formulaOf,
  type KnownMeasure,
  knownMeasure,
  measureOfIndicator,
} from "../metric/index.ts";
import { COUNTERS } from "../rollup/index.ts";
import { openingAt } from "../timer/index.ts";
import { faultsOfFigures } from "./figure-faults.ts";
import { faultOfFormulaIn, faultsOfFormulas, isMeasure } from "./formula-faults.ts";
import { faultOfRated, faultsOfIndicators } from "./indicator-faults.ts";
import type {
  Program,
  ProgramDefinition,
  ProgramMetric,
  PublishedProgram,
  RatingBand,
  ScoringRules,
} from "./schema.ts";
import {
  faultsOfSegments,
  faultsOfWeights,
  MANY_METRICS,
  MOST_METRICS,
  repeated,
  tooMany,
  warningsOfSegments,
} from "./segment-faults.ts";
import { definitionFor } from "./segments.ts";
import { faultsOfTiers } from "./tier-faults.ts";

function faultsOfRatings(bands: readonly RatingBand[]): ErrorPlace[] {
  const faults: ErrorPlace[] = [];
  const add = (pointer: string, detail: string) =>
    faults.push({ pointer: `/ratingBands${pointer}`, detail });
  if (bands.length < 2) add("", "must be at least 2 bands");
  bands.forEach(({ from, to }, index) => {
    if (from >= to) add(`/${index}/to`, "must be above the lower bound");
    const next = bands[index + 1];
    if (next && next.from > to) add(`/${index + 1}/from`, `leaves a gap above ${to}`);
    if (next && next.from < to) add(`/${index + 1}/from`, `overlaps the band below ${to}`);
  });
  if (bands[0] && bands[0].from !== 0) add("/0/from", "must be 0");
  const top = bands.at(-1);
  if (top && top.to !== 100) add(`/${bands.length - 1}/to`, "must be 100");
  return [
    ...faults,
    ...repeated(
      bands.map(({ ratingId }) => ratingId),
      (index) => `/ratingBands/${index}/ratingId`,
    ),
  ];
}

/** Whether the rollup keeps the counter that a limit needs. */
const isCounted = (
  { parameters: { limitPercent } }: ProgramMetric,
  { inputs, limits }: KnownMeasure,
): boolean => {
  if (limitPercent === undefined) return true;
  return (
    limits?.includes(limitPercent) === true &&
    inputs.some((input) => COUNTERS.some((name) => name === input && /Bp\./.test(name)))
  );
};

/** Pointers are into the metric. */
function faultsOfMetric(
  metric: ProgramMetric,
  definition: ProgramDefinition,
  areFormulasSound: boolean,
): ErrorPlace[] {
  const faults: ErrorPlace[] = [];
  const add = (pointer: string, detail: string) => faults.push({ pointer, detail });
  const { objectives, metrics, redFlagRatingId } = definition;
  const { scale } = metric;

  if (metric.objectiveIds.length === 0) add("/objectiveIds", "must name at least one objective");
  metric.objectiveIds.forEach((id, nth) => {
    if (!objectives.some(({ objectiveId }) => objectiveId === id)) {
      add(`/objectiveIds/${nth}`, `there is no objective ${id}`);
    }
  });
  if (metric.verification === "") add("/verification", "must say how the figure is verified");
  const known = areFormulasSound && knownMeasure(metric.measure, definition);
  if (!isMeasure(metric.measure, definition)) {
    add("/measure", `there is no measure ${metric.measure}`);
  }
  const unrated = faultOfRated(metric.measure, definition);
  if (unrated) add("/measure", unrated);
  if (scale.kind === "formula") {
    const fault = faultOfFormulaIn(scale.formula, definition);
    if (fault) add("/scale/formula", fault);
    if (metric.redFlagFloor !== null) {
      add("/redFlagFloor", "needs a linear scale or bands, which say on which side it is worse");
    }
  } else {
    const range = known ? known.range : { min: null, max: null };
    for (const { pointer, detail } of faultsOfScale(scale, range)) add(`/scale${pointer}`, detail);
  }
  if (known && !isCounted(metric, known)) {
    add(
      "/parameters/limitPercent",
      known.limits ? `must be one of ${known.limits.join(", ")}` : `${metric.measure} has no limit`,
    );
  }
  if (metric.redFlagFloor !== null && !metric.critical) {
    add("/redFlagFloor", "only a critical metric can have a red-flag floor");
  }
  if (metric.redFlagFloor !== null && redFlagRatingId === null) {
    add("/redFlagFloor", "needs redFlagRatingId: the best rating a card with a red flag can have");
  }
  const paired = metric.pairedMetricId;
  if (paired !== null && (paired === metric.metricId || !hasMetric(metrics, paired))) {
    add("/pairedMetricId", `there is no other metric ${paired}`);
  }
  return faults;
}

const hasMetric = (metrics: readonly ProgramMetric[], id: string): boolean =>
  metrics.some(({ metricId }) => metricId === id);

function faultsOfRules(definition: ProgramDefinition): ErrorPlace[] {
  const { currency, decisionRights, ratingBands, redFlagRatingId, windows } = definition;
  const faults: ErrorPlace[] = [];
  const add = (pointer: string, detail: string) => faults.push({ pointer, detail });
  if (redFlagRatingId !== null && !ratingBands.some((band) => band.ratingId === redFlagRatingId)) {
    add("/redFlagRatingId", `there is no rating ${redFlagRatingId}`);
  }
  if (windows.openAtLocalTime < "04:00") {
    add("/windows/openAtLocalTime", "must be 04:00 or later: some midnights do not exist");
  }
  const { contributionWindowDays, reviewWindowDays } = windows;
  if (contributionWindowDays !== null && contributionWindowDays > reviewWindowDays) {
    add("/windows/contributionWindowDays", "must not be after the review has closed");
  }
  if (decisionRights.planBudgetLimit.currency !== currency) {
    add("/decisionRights/planBudgetLimit/currency", `must be ${currency}`);
  }
  if (decisionRights.substitutes.length === 0) {
    add("/decisionRights/substitutes", "must name who decides in place of an author");
  }
  if (decisionRights.reminderDays > decisionRights.escalationDays) {
    add("/decisionRights/reminderDays", "must not be after the escalation");
  }
  if (decisionRights.escalationDays > decisionRights.approvalStepDays) {
    add("/decisionRights/escalationDays", "must not be after the step has ended");
  }
  return faults;
}

/** Everything that keeps a draft from being published, at once; pointers are into the draft. */
export function faultsOf(definition: ProgramDefinition): ErrorPlace[] {
  const { metrics, objectives } = definition;
  const faults: ErrorPlace[] = [
    ...faultsOfFormulas(definition),
    ...faultsOfFigures(definition),
    ...faultsOfIndicators(definition),
  ];
  const areFormulasSound = faults.length === 0;
  const add = (pointer: string, detail: string) => faults.push({ pointer, detail });
  if (objectives.length === 0) add("/objectives", "must be at least one");
  if (metrics.length === 0) add("/metrics", "must be at least one");
  const own = definitionFor(definition, null).metrics;
  if (own.length > MOST_METRICS) add("/metrics", `must be at most ${MOST_METRICS}`);
  const ofMetric = (metric: ProgramMetric) => faultsOfMetric(metric, definition, areFormulasSound);
  return [
    ...faults,
    ...faultsOfWeights(metrics, "/metrics"),
    ...repeated(
      objectives.map(({ objectiveId }) => objectiveId),
      (index) => `/objectives/${index}/objectiveId`,
    ),
    ...repeated(
      metrics.map(({ metricId }) => metricId),
      (index) => `/metrics/${index}/metricId`,
    ),
    ...metrics.flatMap((metric, index) =>
      ofMetric(metric).map(({ pointer, detail }) => ({
        pointer: `/metrics/${index}${pointer}`,
        detail,
      })),
    ),
    ...faultsOfSegments(definition, ofMetric),
    ...faultsOfRatings(definition.ratingBands),
    ...faultsOfRules(definition),
    ...faultsOfTiers(definition),
  ];
}

/** Every measure that a metric, a scale or another formula names. */
function namedMeasures({
  metrics,
  formulaMeasures,
  segments,
}: ProgramDefinition): ReadonlySet<string> {
  const scales = [...metrics, ...segments.flatMap(({ template }) => template)].flatMap(
    ({ scale }) => (scale?.kind === "formula" ? formulaOf(scale).measures : []),
  );
  return new Set([
    ...metrics.map(({ measure }) => measure),
    ...scales,
    ...formulaMeasures.flatMap((one) => formulaOf(one).measures),
  ]);
}

/** With pointers into the program that holds the draft. */
export const inDraft = (faults: readonly ErrorPlace[]): ErrorPlace[] =>
  faults.map(({ pointer, detail }) => ({ pointer: `/draft${pointer}`, detail }));

/** Everything that keeps its draft from being published. */
export const faultsOfDraft = ({ draft }: Pick<Program, "draft">): ErrorPlace[] =>
  inDraft(faultsOf(draft));

/** What a careful person would look at again; nothing here keeps a draft from being published. */
export function warningsOf(definition: ProgramDefinition): string[] {
  const { formulaMeasures, figureMeasures, indicators, metrics, objectives } = definition;
  const warnings = objectives
    .filter(({ objectiveId }) => !metrics.some((m) => m.objectiveIds.includes(objectiveId)))
    .map(({ objectiveId }) => `No metric serves the objective ${objectiveId}`);
  const named = namedMeasures(definition);
  for (const { measure } of [...formulaMeasures, ...figureMeasures]) {
    if (!named.has(measure)) warnings.push(`Nothing uses the measure ${measure}`);
  }
  for (const { indicatorId, layer } of indicators) {
    const measure = measureOfIndicator(indicatorId);
    if (!named.has(measure)) warnings.push(`Nothing uses the ratings of ${indicatorId}`);
    const other = metrics.find((one) => one.measure === measure && one.layer !== layer);
    if (other) warnings.push(`${other.name} counts as ${other.layer}, ${indicatorId} as ${layer}`);
  }
  const own = definitionFor(definition, null).metrics;
  if (own.length >= MANY_METRICS) warnings.push(`${own.length} metrics: ${tooMany}`);
  return [...warnings, ...warningsOfSegments(definition)];
}

/** The version of one program that a period is scored with: the latest that is in effect by then. */
export function versionFor<V extends { version: number; effectiveFrom: Quarter }>(
  versions: readonly V[],
  period: Period,
): V | undefined {
  return versions
    .filter(({ effectiveFrom }) => startsBy(effectiveFrom, period))
    .reduce<V | undefined>((best, v) => (best && best.version > v.version ? best : v), undefined);
}

/**
 * The version that scores a period; where several programs are in effect, of the one published last. A
 * version published after the cycle of the period has opened leaves it alone, since that cycle has pinned
 * an earlier one; before the first cycle of a program there is nothing pinned.
 */
export function programFor(
  { calendar, versions }: ScoringRules,
  { period, programId }: { readonly period: Period; readonly programId?: ProgramId | undefined },
): PublishedProgram | undefined {
  const wanted = versions.filter((one) => programId === undefined || one.programId === programId);
  const isAhead = ({ publishedAt, definition }: PublishedProgram): boolean =>
    new Date(publishedAt) <= openingAt(period, definition.windows.openAtLocalTime, calendar);
  return [...Map.groupBy(wanted, (one) => one.programId).values()]
    .flatMap((own) => versionFor(own.filter(isAhead), period) ?? versionFor(own, period) ?? [])
    .reduce<PublishedProgram | undefined>(
      (latest, one) => (latest && latest.publishedAt >= one.publishedAt ? latest : one),
      undefined,
    );
}
