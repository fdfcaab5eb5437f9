import { z } from "zod";
import { AssignedDuty, requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { ProgramId } from "../id/index.ts";
import { shownMeasure } from "../metric/index.ts";
import { isSame, paired } from "./pairs.ts";
import type { ProgramStore } from "./repository.ts";
import type { ProgramDefinition, ProgramFigure, ProgramMetric } from "./schema.ts";
import { segmentChanges } from "./segment-changes.ts";
import {
  cadenceInWords,
  historyInWords,
  indicatorInWords,
  scaleInWords,
  tiersInWords,
  unitIn,
  windowsInWords,
} from "./words.ts";

export const ProgramChange = z
  .object({
    about: z.enum([
      "program",
      "objective",
      "measure",
      "metric",
      "rating",
      "window",
      "decision",
      "segment",
    ]),
    /** Of the objective, measure, metric, rating or segment; null where it is about the program. */
    id: z.string().nullable(),
    kind: z.enum(["added", "removed", "changed"]),
    /** In words that a partner understands. */
    text: z.string(),
  })
  .meta({ id: "ProgramChange" });
export type ProgramChange = z.infer<typeof ProgramChange>;

export const ProgramChanges = z
  .object({
    /** Null for the draft, or before the first version. */
    fromVersion: z.number().int().positive().nullable(),
    toVersion: z.number().int().positive().nullable(),
    changes: z.array(ProgramChange),
  })
  .meta({ id: "ProgramChanges" });
export type ProgramChanges = z.infer<typeof ProgramChanges>;

type About = ProgramChange["about"];

const direction = (was: number, is: number): string => (is > was ? "rises" : "falls");

const summary = (metric: ProgramMetric, definition: ProgramDefinition): string =>
  `weight ${metric.weightPercent} %, ${scaleInWords(metric, definition)}`;

const figureInWords = ({ name, unit, aggregation, ...figure }: ProgramFigure): string =>
  `${name} (${unit}, ${aggregation}), handed in ${figure.frequency} by the ${figure.suppliedBy} from ${figure.source}, answered for by the ${figure.ownerRole}`;

/** What changed about a metric that is in both; each cause is a line of its own. */
function metricTexts(
  [was, is]: readonly [ProgramMetric, ProgramMetric],
  [before, after]: readonly [ProgramDefinition, ProgramDefinition],
): string[] {
  const texts: string[] = [];
  const { name } = is;
  const floorIn = (metric: ProgramMetric, of: ProgramDefinition) =>
    metric.redFlagFloor === null
      ? "none"
      : shownMeasure(String(metric.redFlagFloor), { unit: unitIn(of, metric) }, of.currency);
  if (was.name !== name) texts.push(`${was.name} is now called ${name}`);
  if (was.measure !== is.measure) {
    texts.push(`${name} is now measured as ${is.measure} instead of ${was.measure}`);
  }
  if (was.weightPercent !== is.weightPercent) {
    texts.push(
      `The weight of ${name} ${direction(was.weightPercent, is.weightPercent)} from ${was.weightPercent} % to ${is.weightPercent} %`,
    );
  }
  if (!isSame(was.scale, is.scale)) {
    texts.push(`${name}: ${scaleInWords(is, after)}; before: ${scaleInWords(was, before)}`);
  }
  if (!isSame(was.parameters, is.parameters)) {
    const shown = ({ parameters: { minimumSample, limitPercent } }: ProgramMetric) =>
      [
        minimumSample === undefined ? undefined : `at least ${minimumSample} deals`,
        limitPercent === undefined ? undefined : `a limit of ${limitPercent} %`,
      ]
        .filter((part) => part !== undefined)
        .join(" and ") || "the program's own rules";
    texts.push(`${name} is measured with ${shown(is)} instead of ${shown(was)}`);
  }
  if (was.critical !== is.critical) {
    texts.push(
      is.critical
        ? `${name} is critical now: without its data there is no rating`
        : `${name} is no longer critical`,
    );
  }
  if (was.redFlagFloor !== is.redFlagFloor) {
    texts.push(
      `The red-flag floor of ${name} is ${floorIn(is, after)}; before: ${floorIn(was, before)}`,
    );
  }
  if (was.layer !== is.layer || was.timing !== is.timing) {
    texts.push(`${name} counts as ${is.timing} ${is.layer} instead of ${was.timing} ${was.layer}`);
  }
  if (was.pairedMetricId !== is.pairedMetricId) {
    texts.push(`${name} is watched together with ${is.pairedMetricId ?? "no other metric"}`);
  }
  if (!isSame(was.objectiveIds, is.objectiveIds)) {
    texts.push(`${name} serves ${is.objectiveIds.join(", ") || "no objective"}`);
  }
  if (was.source !== is.source || was.ownerRole !== is.ownerRole) {
    texts.push(`${name} comes from ${is.source}, answered for by the ${is.ownerRole}`);
  }
  if (was.verification !== is.verification)
    texts.push(`${name} is verified so: ${is.verification}`);
  return texts;
}

function rulesTexts(was: ProgramDefinition, is: ProgramDefinition): [About, string][] {
  const texts: [About, string][] = [];
  const ratingIn = ({ ratingBands }: ProgramDefinition, id: string | null) =>
    id === null
      ? "as its score says"
      : `${ratingBands.find((b) => b.ratingId === id)?.name ?? id} at best`;
  if (was.name !== is.name) texts.push(["program", `The program is now called ${is.name}`]);
  if (was.description !== is.description) texts.push(["program", `It is about: ${is.description}`]);
  if (was.minimumCoveragePercent !== is.minimumCoveragePercent) {
    texts.push([
      "program",
      `A rating needs data for ${is.minimumCoveragePercent} % of the weight instead of ${was.minimumCoveragePercent} %`,
    ]);
  }
  if (was.minimumSample !== is.minimumSample) {
    texts.push([
      "program",
      `A win rate needs ${is.minimumSample} closed deals instead of ${was.minimumSample}`,
    ]);
  }
  if (was.redFlagRatingId !== is.redFlagRatingId) {
    texts.push([
      "program",
      `A card with a red flag is rated ${ratingIn(is, is.redFlagRatingId)} instead of ${ratingIn(was, was.redFlagRatingId)}`,
    ]);
  }
  if (was.requiresAgreedTargets !== is.requiresAgreedTargets) {
    texts.push([
      "program",
      is.requiresAgreedTargets
        ? "Without targets that both sides have acknowledged there is no rating any more"
        : "A partner is rated whether or not targets were agreed with it",
    ]);
  }
  if (was.cadence !== is.cadence) {
    texts.push([
      "program",
      `Partners are scored ${cadenceInWords(is.cadence)} instead of ${cadenceInWords(was.cadence)}, from the first boundary on at which no running period is cut`,
    ]);
  }
  if (!isSame(was.history, is.history)) texts.push(["program", historyInWords(is)]);
  if (!isSame(was.tiers, is.tiers)) {
    texts.push(["program", `The tiers are now ${tiersInWords(is)}; before: ${tiersInWords(was)}`]);
  }
  if (was.automaticPromotion !== is.automaticPromotion) {
    texts.push([
      "program",
      is.automaticPromotion
        ? "A partner moves to a higher tier without a person"
        : "A person decides on each move to a higher tier",
    ]);
  }
  const windows = [
    ["dataWindowDays", "The data window", "days after the end of the period"],
    ["reviewWindowDays", "The review window", "days after the freeze"],
    ["appealWindowDays", "The appeal window", "days after the freeze"],
    ["openAtLocalTime", "A cycle opens", "local time"],
  ] as const;
  for (const [field, what, unit] of windows) {
    const [then, now] = [was.windows[field], is.windows[field]];
    if (then === now) continue;
    const verb = field === "openAtLocalTime" ? "at" : "closes";
    texts.push(["window", `${what} ${verb} ${now} ${unit} instead of ${then}`]);
  }
  const windowsBefore = windowsInWords(was);
  windowsInWords(is).forEach((text, index) => {
    const before = windowsBefore[index];
    if (text !== before) texts.push(["window", `${text}; before: ${before}`]);
  });
  const [then, now] = [was.decisionRights, is.decisionRights];
  if (!isSame(then.planBudgetLimit, now.planBudgetLimit)) {
    const shown = ({ planBudgetLimit: { amount, currency } }: typeof now) =>
      shownMeasure(amount, { unit: "money" }, currency);
    texts.push([
      "decision",
      `A plan needs the executive sponsor above ${shown(now)} instead of ${shown(then)}`,
    ]);
  }
  if (!isSame(then.substitutes, now.substitutes)) {
    texts.push([
      "decision",
      `In place of an author decides: ${now.substitutes.join(", then ")}; before: ${then.substitutes.join(", then ")}`,
    ]);
  }
  for (const duty of AssignedDuty.options) {
    const [before, after] = [then.mostAssigned[duty], now.mostAssigned[duty]];
    if (before === after) continue;
    const text = `At most ${after} people are ${duty.replaceAll("-", " ")} of a partner instead of ${before}`;
    texts.push(["decision", text]);
  }
  const days = [
    ["approvalStepDays", "An approval step ends after"],
    ["reminderDays", "An approver is reminded after"],
    ["escalationDays", "A waiting approval is escalated after"],
    ["disputeDays", "A dispute is decided within"],
  ] as const;
  if (then.calibrationPoints !== now.calibrationPoints) {
    const text = `A calibration moves a score by ${now.calibrationPoints} points at most instead of ${then.calibrationPoints}`;
    texts.push(["decision", text]);
  }
  for (const [field, what] of days) {
    if (then[field] !== now[field]) {
      texts.push(["decision", `${what} ${now[field]} days instead of ${then[field]}`]);
    }
  }
  return texts;
}

/** Every difference between two definitions of a program, in words that a partner understands. */
export function changesBetween(was: ProgramDefinition, is: ProgramDefinition): ProgramChange[] {
  const changes: ProgramChange[] = [];
  const add = (about: About, id: string | null, kind: ProgramChange["kind"], text: string) =>
    changes.push({ about, id, kind, text });

  for (const [about, text] of rulesTexts(was, is)) add(about, null, "changed", text);
  for (const one of paired(was.objectives, is.objectives, ({ objectiveId }) => objectiveId)) {
    if (!one.was && one.is) add("objective", one.id, "added", `New objective: ${one.is.name}`);
    else if (one.was && !one.is) {
      add("objective", one.id, "removed", `No longer an objective: ${one.was.name}`);
    } else if (one.was && one.is && !isSame(one.was, one.is)) {
      const { name, description } = one.is;
      add(
        "objective",
        one.id,
        "changed",
        `The objective ${one.was.name} reads now: ${name}. ${description}`.trim(),
      );
    }
  }
  for (const one of paired(was.formulaMeasures, is.formulaMeasures, ({ measure }) => measure)) {
    if (!one.was && one.is) {
      add("measure", one.id, "added", `New measure ${one.is.name}: ${one.is.formula}`);
    } else if (one.was && !one.is) {
      add("measure", one.id, "removed", `No longer a measure: ${one.was.name}`);
    } else if (one.was && one.is && !isSame(one.was, one.is)) {
      const text = `${one.is.name} (${one.is.unit}) is now ${one.is.formula}; before (${one.was.unit}): ${one.was.formula}`;
      add("measure", one.id, "changed", text);
    }
  }
  for (const one of paired(was.figureMeasures, is.figureMeasures, ({ measure }) => measure)) {
    if (!one.was && one.is) {
      add("measure", one.id, "added", `New figure ${figureInWords(one.is)}`);
    } else if (one.was && !one.is) {
      add("measure", one.id, "removed", `No longer handed in: ${one.was.name}`);
    } else if (one.was && one.is && !isSame(one.was, one.is)) {
      const text = `${figureInWords(one.is)}; before: ${figureInWords(one.was)}`;
      add("measure", one.id, "changed", text);
    }
  }
  for (const one of paired(was.indicators, is.indicators, ({ indicatorId }) => indicatorId)) {
    if (!one.was && one.is) {
      add("measure", one.id, "added", `New to be rated: ${indicatorInWords(one.is)}`);
    } else if (one.was && !one.is) {
      add("measure", one.id, "removed", `No longer rated: ${one.was.name}`);
    } else if (one.was && one.is && !isSame(one.was, one.is)) {
      const text = `${indicatorInWords(one.is)}; before: ${indicatorInWords(one.was)}`;
      add("measure", one.id, "changed", text);
    }
  }
  for (const one of paired(was.metrics, is.metrics, ({ metricId }) => metricId)) {
    if (!one.was && one.is) {
      add("metric", one.id, "added", `New metric ${one.is.name}: ${summary(one.is, is)}`);
    } else if (one.was && !one.is) {
      add(
        "metric",
        one.id,
        "removed",
        `${one.was.name} no longer counts; it had ${summary(one.was, was)}`,
      );
    } else if (one.was && one.is) {
      for (const text of metricTexts([one.was, one.is], [was, is])) {
        add("metric", one.id, "changed", text);
      }
    }
  }
  for (const one of paired(was.ratingBands, is.ratingBands, ({ ratingId }) => ratingId)) {
    const span = ({ from, to }: { from: number; to: number }) => `${from} to ${to}`;
    if (!one.was && one.is) {
      add("rating", one.id, "added", `New rating ${one.is.name}: ${span(one.is)}`);
    } else if (one.was && !one.is) {
      add("rating", one.id, "removed", `There is no rating ${one.was.name} any more`);
    } else if (one.was && one.is && !isSame(one.was, one.is)) {
      const named = one.was.name === one.is.name ? "" : `, called ${one.was.name} before`;
      const text = `The rating ${one.is.name} is for ${span(one.is)} instead of ${span(one.was)}${named}`;
      add("rating", one.id, "changed", text);
    }
  }
  return [...changes, ...segmentChanges(was, is)];
}

/**
 * What a published version changed over another, by default the one before it. Version 1 changed nothing that
 * anybody was reviewed by.
 * @throws DomainError program-version-not-found
 */
export async function getVersionChanges(
  ctx: RequestContext<ProgramStore>,
  {
    programId,
    version,
    since,
  }: { programId: ProgramId; version: number; since?: number | undefined },
): Promise<ProgramChanges> {
  requirePermission(ctx.actor, "program-version:read");
  const { programs } = ctx.store;
  const is = (await programs.version(programId, version)) ?? raise("program-version-not-found");
  const from = since ?? (version > 1 ? version - 1 : undefined);
  if (from === undefined) return { fromVersion: null, toVersion: version, changes: [] };
  const was = (await programs.version(programId, from)) ?? raise("program-version-not-found");
  return {
    fromVersion: from,
    toVersion: version,
    changes: changesBetween(was.definition, is.definition),
  };
}

/**
 * What publishing the draft would change over the version published last.
 * @throws DomainError permission-denied | program-not-found
 */
export async function getDraftChanges(
  ctx: RequestContext<ProgramStore>,
  programId: ProgramId,
): Promise<ProgramChanges> {
  requirePermission(ctx.actor, "program:read");
  const { programs } = ctx.store;
  const { draft, published } = (await programs.get(programId)) ?? raise("program-not-found");
  if (!published) return { fromVersion: null, toVersion: null, changes: [] };
  const was = await programs.version(programId, published.version);
  if (!was) throw new Error(`version ${published.version} of ${programId} is missing`);
  return {
    fromVersion: published.version,
    toVersion: null,
    changes: changesBetween(was.definition, draft),
  };
}
