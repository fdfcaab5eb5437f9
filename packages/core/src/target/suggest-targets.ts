import { z } from "zod";
import { requirePermission } from "../actor/index.ts";
import { lastPeriods, monthOf, periodSpan, Quarter } from "../calendar/index.ts";
import { classified } from "../classification/index.ts";
import type { RequestContext } from "../context/index.ts";
import { PartnerId, ProgramId } from "../id/index.ts";
import {
  compare,
  decimalOf,
  dividedBy,
  exactly,
  figuresOfMonths,
  HUNDRED,
  inShownUnit,
  type Measurer,
  MeasureUnit,
  measurer,
  minus,
  plus,
  risesWithMeasure,
  roundedTowards,
  STORED_DECIMALS,
  scaled,
  storedMeasure,
  sumsOfMonths,
  times,
  unitDecimals,
  voicesOfMonths,
} from "../metric/index.ts";
import type { ProgramDefinition, ProgramMetric } from "../program/index.ts";
import type { RollupStore } from "../rollup/index.ts";
import { definitionAhead, partnerOf, type TargetContext, templateOf } from "./manage-targets.ts";
import type { TargetSetKey } from "./repository.ts";
import { judged } from "./target-faults.ts";

const Figure = classified("scorecard.amounts", z.string().nullable());

export const SuggestedTarget = z
  .object({
    metricId: z.string(),
    name: z.string(),
    unit: MeasureUnit,
    /** Of the year before, in the unit shown; null without data. */
    value: Figure,
    target: Figure,
    floor: Figure,
    /** Why there is no target to suggest; null where there is one. */
    reason: z.string().nullable(),
  })
  .meta({ id: "SuggestedTarget" });
export type SuggestedTarget = z.infer<typeof SuggestedTarget>;

/** What could be proposed; nothing of it is kept. */
export const TargetSuggestion = z
  .object({
    partnerId: PartnerId,
    programId: ProgramId,
    from: Quarter,
    /** The same quarter a year before. */
    yearBefore: Quarter,
    growthPercent: z.number(),
    targets: z.array(SuggestedTarget),
  })
  .meta({ id: "TargetSuggestion" });
export type TargetSuggestion = z.infer<typeof TargetSuggestion>;

const QUARTERS_A_YEAR = 4;
const yearBefore = (quarter: Quarter): Quarter =>
  lastPeriods(quarter, 1 + QUARTERS_A_YEAR).at(-1) ?? quarter;

/** By so much better: more where more is better, less where less is. */
export function suggested(
  metric: ProgramMetric,
  definition: ProgramDefinition,
  from: Measurer,
  growthPercent: number,
): SuggestedTarget {
  const { metricId, name, measure, scale } = metric;
  const { currency } = definition;
  const { unit, isWhole, range } = from.known(measure);
  const { value: inner, noData } = from.measured(measure);
  const none = { metricId, name, unit, target: null, floor: null };
  if (!inner) return { ...none, value: null, reason: noData?.detail ?? "no data" };
  const value = storedMeasure(inner, unit, currency);
  if (scale.kind !== "linear") {
    return { ...none, value, reason: "the metric is not scored on a line to a target" };
  }
  const rises = risesWithMeasure(scale);
  const share = exactly(growthPercent);
  const factor = dividedBy(rises ? plus(HUNDRED, share) : minus(HUNDRED, share), HUNDRED);
  const grown = times(inShownUnit(inner, unit, currency), factor);
  const decimals = isWhole ? unitDecimals(unit, currency) : STORED_DECIMALS;
  // Rounded to the better side, so that reaching it is growth enough.
  const rounded = roundedTowards(grown, rises ? 1 : -1, decimals);
  const most = range.max === null ? undefined : exactly(range.max);
  const held = most && compare(rounded, most) > 0 ? most : rounded;
  const target = Number(decimalOf(scaled(held)));
  const proportional =
    scale.target === 0
      ? scale.floor
      : Number(
          decimalOf(scaled(dividedBy(times(held, exactly(scale.floor)), exactly(scale.target)))),
        );
  // The program's floor where it fits, else one as far from the target as the program's is from its own.
  for (const floor of [scale.floor, proportional]) {
    if ("target" in judged({ metricId, target, floor }, definition)) {
      return { ...none, value, target: String(target), floor: String(floor), reason: null };
    }
  }
  return { ...none, value, reason: "nothing lies between the figure and where a score begins" };
}

/**
 * Targets for a quarter from what the partner did in the same quarter a year before; for somebody to look at,
 * and to propose as they are or otherwise.
 * @throws DomainError permission-denied | partner-not-found | target-program-missing | target-quarter-begun
 */
export async function suggestTargets(
  ctx: RequestContext<TargetContext["store"] & Pick<RollupStore, "rollups">>,
  key: TargetSetKey & { readonly growthPercent: number },
): Promise<TargetSuggestion> {
  requirePermission(ctx.actor, "target:propose");
  const { partnerId, programId, from, growthPercent } = key;
  const partner = await partnerOf(ctx, partnerId);
  const rules = await ctx.store.programs.scoringRules(ctx.now);
  const definition = templateOf(definitionAhead(rules, key, ctx.now), partner);
  const before = yearBefore(from);
  const span = periodSpan(before, rules.calendar);
  const months = await ctx.store.rollups.months(partnerId, monthOf(span.to));
  const grounds = {
    sums: sumsOfMonths(months, span),
    figures: figuresOfMonths(months, span),
    voices: voicesOfMonths(months, span),
  };
  const measured = measurer(grounds, definition, definition.currency);
  const targets = definition.metrics.map((metric) =>
    suggested(metric, definition, measured, growthPercent),
  );
  return { partnerId, programId, from, yearBefore: before, growthPercent, targets };
}
