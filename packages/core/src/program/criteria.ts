import { z } from "zod";
import { MemberRole, requirePermission } from "../actor/index.ts";
import { dateAt, Quarter, quarterOf } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { ProgramId } from "../id/index.ts";
import {
  definitionOfFigure,
  INDICATOR_DEFINITION,
  indicatorNamed,
  isBuiltIn,
  measures,
  shownMeasure,
} from "../metric/index.ts";
import { LifecycleStage, PartnerType } from "../partner/index.ts";
import { cadenceIn, cadencesOf } from "./cadences.ts";
import { FOCUS_PRESETS, FOCUS_TITLES } from "./focus.ts";
import { programFor } from "./publication.ts";
import type { ProgramStore } from "./repository.ts";
import {
  MetricLayer,
  MetricTiming,
  type ProgramDefinition,
  type ProgramMetric,
  type ProgramSegment,
  type PublishedProgram,
  RatingBand,
  ReviewDepth,
} from "./schema.ts";
import { definitionFor, stagesOf, typesOf } from "./segments.ts";
import {
  cadenceInWords,
  historyInWords,
  indicatorInWords,
  scaleInWords,
  segmentInWords,
  tiersInWords,
  unitIn,
  windowsInWords,
} from "./words.ts";

const Words = z.array(z.string());

export const PublishedCriterion = z
  .object({
    metricId: z.string(),
    name: z.string(),
    objectives: z.array(z.string()),
    weightPercent: z.number(),
    layer: MetricLayer,
    timing: MetricTiming,
    /** What is counted. */
    measured: z.string(),
    /** What it takes for how much of the score. */
    scored: z.string(),
    /** Where the figure comes from, who answers for it, and how anybody can check it. */
    source: z.string(),
    ownerRole: MemberRole,
    verification: z.string(),
    /** When it is left out, what makes it critical, what it is watched with. */
    rules: Words,
  })
  .meta({ id: "PublishedCriterion" });

/** What the partners of a segment are reviewed by. */
export const SegmentCriteria = z
  .object({
    segmentId: z.string(),
    name: z.string(),
    partnerTypes: z.array(PartnerType),
    lifecycleStages: z.array(LifecycleStage),
    depth: ReviewDepth,
    /** Whom it is for, how deep its reviews go. */
    rules: Words,
    /** What its sessions talk about beside the figures. */
    focus: Words,
    criteria: z.array(PublishedCriterion),
  })
  .meta({ id: "SegmentCriteria" });

/** What a partner is reviewed by, in words; the same for everybody of the tenant. */
export const PublishedCriteria = z
  .object({
    programId: ProgramId,
    name: z.string(),
    description: z.string(),
    version: z.number().int().positive(),
    effectiveFrom: Quarter,
    publishedAt: z.iso.datetime(),
    /** Of every partner whom no segment claims. */
    criteria: z.array(PublishedCriterion),
    segments: z.array(SegmentCriteria),
    ratings: z.array(RatingBand),
    /** How the score and the rating come about. */
    rating: Words,
    /** When what happens in a cycle. */
    windows: Words,
    /** Which figures are handed in, by whom and how often. */
    supplied: Words,
    /** What people rate from 1 to 5, what each step looks like, and how ratings count; empty where nothing is. */
    rated: Words,
    /** How what both sides write is read. */
    feedback: Words,
    /** The levels of the program, and how a partner moves between them; empty where there are none. */
    tiers: Words,
    /** How a score, or what follows from it, is disputed. */
    disputes: Words,
    /** How a development plan is approved. */
    planApproval: Words,
  })
  .meta({ id: "PublishedCriteria" });
export type PublishedCriteria = z.infer<typeof PublishedCriteria>;

/** With its article: "a program manager", "an owner". */
const someone = (role: string): string =>
  `${/^[aeiou]/.test(role) ? "an" : "a"} ${role.replaceAll("-", " ")}`;

function measuredInWords(
  { measure }: ProgramMetric,
  { figureMeasures, formulaMeasures, indicators }: ProgramDefinition,
): string {
  if (isBuiltIn(measure)) return measures[measure].definition;
  if (indicatorNamed(measure, { indicators })) return INDICATOR_DEFINITION;
  const figure = figureMeasures.find((one) => one.measure === measure);
  if (figure) return definitionOfFigure(figure);
  return formulaMeasures.find((one) => one.measure === measure)?.formula ?? measure;
}

/** Who hands in what when. */
const suppliedInWords = ({ figureMeasures }: ProgramDefinition): string[] =>
  figureMeasures.map(
    ({ name, suppliedBy, frequency, source, ownerRole }) =>
      `${name}: handed in ${frequency} by the ${suppliedBy}, from ${source}; ${someone(ownerRole)} answers for it`,
  );

/** What is rated on which scale. */
const ratedInWords = ({ indicators }: ProgramDefinition): string[] =>
  indicators.length === 0
    ? []
    : [
        ...indicators.map(indicatorInWords),
        "Each rating comes with its evidence, which both sides read; nobody rates for somebody else",
        "Of each person of the vendor the latest rating of a period counts, and all persons count the same",
        "What the partner says of itself stands beside it and never moves the score",
      ];

function rulesOf(metric: ProgramMetric, definition: ProgramDefinition): string[] {
  const { critical, measure, pairedMetricId, parameters, redFlagFloor } = metric;
  const rules: string[] = [];
  const needsSample = isBuiltIn(measure) && measures[measure].needsSample;
  const sample = parameters.minimumSample ?? (needsSample ? definition.minimumSample : 0);
  const raters = indicatorNamed(measure, definition)?.minimumRaters ?? 0;
  const behind = raters > 0 ? "raters" : "deals";
  const needed = Math.max(sample, raters);
  if (needed > 0) rules.push(`Left out with fewer than ${needed} ${behind} behind it`);
  if (critical) rules.push("Critical: without its data there is no rating");
  if (redFlagFloor !== null) {
    const floor = shownMeasure(
      String(redFlagFloor),
      { unit: unitIn(definition, metric) },
      definition.currency,
    );
    rules.push(`A red flag on the wrong side of ${floor}`);
  }
  const paired = definition.metrics.find(({ metricId }) => metricId === pairedMetricId);
  if (paired)
    rules.push(`Watched together with ${paired.name}: one must not rise at the other's cost`);
  return rules;
}

function ratingRules(definition: ProgramDefinition): string[] {
  const { minimumCoveragePercent, ratingBands, redFlagRatingId } = definition;
  const cap = ratingBands.find(({ ratingId }) => ratingId === redFlagRatingId);
  const { calibrationPoints } = definition.decisionRights;
  return [
    "The score is the mean of the metrics that have data, by weight, and at most 100",
    "A metric without data is left out: it counts neither as 0 nor as 100, and the other weights count for more",
    `With data for less than ${minimumCoveragePercent} % of the weight there is no rating`,
    "A score on the bound of two ratings has the upper one",
    historyInWords(definition),
    "A target agreed with a partner before a period begins takes the place of the program's own",
    ...(definition.requiresAgreedTargets
      ? ["Without targets that both sides have acknowledged there is no rating"]
      : []),
    ...(calibrationPoints > 0
      ? [
          `A calibration across partners can move the score by ${calibrationPoints} points at most; the score before it stays beside it, with the reason`,
        ]
      : []),
    ...(cap ? [`With a red flag the rating is ${cap.name} at best`] : []),
  ];
}

function planRules({ decisionRights: rights }: ProgramDefinition): string[] {
  const { amount, currency } = rights.planBudgetLimit;
  const limit = shownMeasure(amount, { unit: "money" }, currency);
  return [
    "A plan is written by both sides and accepted by the partner's executive",
    `Then the partner manager decides; above a budget of ${limit} the executive sponsor decides after them`,
    "Where signatories are assigned to the partner or the program, one of them decides each step",
    `Nobody decides on a plan they wrote: ${rights.substitutes.map(someone).join(", else ")} stands in`,
    `Who has not decided is reminded after ${rights.reminderDays} days; after ${rights.escalationDays} it is escalated, after ${rights.approvalStepDays} the step ends`,
  ];
}

const criteriaIn = (definition: ProgramDefinition): PublishedCriteria["criteria"] =>
  definition.metrics.map((metric) => ({
    metricId: metric.metricId,
    name: metric.name,
    objectives: definition.objectives
      .filter(({ objectiveId }) => metric.objectiveIds.includes(objectiveId))
      .map(({ name }) => name),
    weightPercent: metric.weightPercent,
    layer: metric.layer,
    timing: metric.timing,
    measured: measuredInWords(metric, definition),
    scored: scaleInWords(metric, definition),
    source: metric.source,
    ownerRole: metric.ownerRole,
    verification: metric.verification,
    rules: rulesOf(metric, definition),
  }));

function segmentCriteria(
  segment: ProgramSegment,
  definition: ProgramDefinition,
): PublishedCriteria["segments"][number] {
  const stages = stagesOf(segment);
  const presets = new Set(stages.flatMap((stage) => FOCUS_PRESETS[stage]));
  const topics = segment.focus.length > 0 ? segment.focus : [...presets];
  const [who = "", depth = ""] = segmentInWords(segment);
  const often = cadenceInWords(cadenceIn(definition, segment.segmentId));
  return {
    segmentId: segment.segmentId,
    name: segment.name,
    partnerTypes: [...typesOf(segment)],
    lifecycleStages: [...stages],
    depth: segment.depth,
    rules: [
      ...[who, depth],
      `A card ${often}`,
      "A partner that moves to another segment is reviewed there from the next cycle on",
    ],
    focus: topics.map((topic) => FOCUS_TITLES[topic]),
    criteria: criteriaIn(definitionFor(definition, segment.segmentId)),
  };
}

function tierRules(definition: ProgramDefinition): string[] {
  if (definition.tiers.length === 0) return [];
  return [
    `Tiers: ${tiersInWords(definition)}`,
    definition.automaticPromotion
      ? "A partner moves up by itself, unless a critical metric has a red flag or a figure is missing that the partner supplies"
      : "A person decides on each move up",
    "A person decides on each move down, after the appeal window and while nothing of the card is disputed",
  ];
}

function disputeRules({ windows, decisionRights: rights }: ProgramDefinition): string[] {
  return [
    `The partner can dispute each metric of a card until ${windows.appealWindowDays} days after its freeze, with a reason and evidence`,
    "The score of a metric and what follows from it are disputed separately; each is decided once for each revision of the card",
    `Somebody of the vendor who had no part in the figures decides within ${rights.disputeDays} days, and is reminded after ${rights.reminderDays}`,
    "An upheld dispute makes a new revision of the card: from the facts as they are now, without the metric, or with the right value",
  ];
}

/** How a card is read that does not cover a quarter. */
const otherLengths = (definition: ProgramDefinition): string[] =>
  cadencesOf(definition).every((cadence) => cadence === "quarterly")
    ? []
    : [
        "Targets are for a quarter: on the card of a month or of half a year, those of what adds up over time count by a third, or twice",
      ];

/** The criteria of a published version. Pure. */
export function criteriaOf(published: PublishedProgram): PublishedCriteria {
  const { definition } = published;
  const { windows } = definition;
  return {
    programId: published.programId,
    name: definition.name,
    description: definition.description,
    version: published.version,
    effectiveFrom: published.effectiveFrom,
    publishedAt: published.publishedAt,
    criteria: criteriaIn(definitionFor(definition, null)),
    segments: definition.segments.map((segment) => segmentCriteria(segment, definition)),
    ratings: definition.ratingBands,
    rating: ratingRules(definition),
    windows: [
      `A partner has a card ${cadenceInWords(definition.cadence)}, where neither its segment nor what was decided for it alone says otherwise`,
      ...otherLengths(definition),
      `A cycle opens at ${windows.openAtLocalTime}, the tenant's time, on the first day of its period`,
      `Its data can be corrected until ${windows.dataWindowDays} days after the period; then the card is frozen`,
      `The review closes ${windows.reviewWindowDays} days after that`,
      ...windowsInWords(definition),
      "A change of a fact after the freeze counts only with a new revision of the card, which gives its reason",
    ],
    supplied: suppliedInWords(definition),
    rated: ratedInWords(definition),
    feedback: [
      "What either side contributes to a review is read by both, as soon as it is posted, with its author",
      "Contributions are talked about in the session; they do not move the score",
      "Each side signs the revision of the card that it has seen",
    ],
    tiers: tierRules(definition),
    disputes: disputeRules(definition),
    planApproval: planRules(definition),
  };
}

/**
 * The criteria in effect now, or of the version named; both sides of the tenant read the same.
 * @throws DomainError program-version-not-found
 */
export async function getCriteria(
  ctx: RequestContext<ProgramStore>,
  { programId, version }: { programId: ProgramId; version?: number | undefined },
): Promise<PublishedCriteria> {
  requirePermission(ctx.actor, "program-version:read");
  const { programs } = ctx.store;
  if (version !== undefined) {
    const named = await programs.version(programId, version);
    return criteriaOf(named ?? raise("program-version-not-found"));
  }
  const rules = await programs.scoringRules(ctx.now);
  const period = quarterOf(dateAt(ctx.now, rules.calendar), rules.calendar);
  const current = programFor(rules, { period, programId });
  // Before the first period of a program its first version is what is coming.
  const own = rules.versions.filter((one) => one.programId === programId);
  const first = own.toSorted((a, b) => a.version - b.version)[0];
  return criteriaOf(current ?? first ?? raise("program-version-not-found"));
}
