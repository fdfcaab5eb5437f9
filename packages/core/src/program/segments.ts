import { LifecycleStage, type Partner, PartnerType } from "../partner/index.ts";
import { FOCUS_PRESETS } from "./focus.ts";
import type {
  ProgramDefinition,
  ProgramMetric,
  ProgramSegment,
  SegmentPlace,
  TemplateMetric,
} from "./schema.ts";

type Placed = Pick<Partner, "type" | "lifecycleStage">;

export const typesOf = ({ partnerTypes }: ProgramSegment): readonly PartnerType[] =>
  partnerTypes.length === 0 ? PartnerType.options : partnerTypes;

export const stagesOf = ({ lifecycleStages }: ProgramSegment): readonly LifecycleStage[] =>
  lifecycleStages.length === 0 ? LifecycleStage.options : lifecycleStages;

const claims = (segment: ProgramSegment, { type, lifecycleStage }: Placed): boolean =>
  typesOf(segment).includes(type) && stagesOf(segment).includes(lifecycleStage);

/** Where a partner stands today; undefined in a program without segments. */
export function placeIn(
  { segments }: Pick<ProgramDefinition, "segments">,
  partner: Placed,
): SegmentPlace | undefined {
  if (segments.length === 0) return undefined;
  const own = segments.find((segment) => claims(segment, partner));
  const focus = own && own.focus.length > 0 ? own.focus : FOCUS_PRESETS[partner.lifecycleStage];
  return {
    segmentId: own?.segmentId ?? null,
    depth: own?.depth ?? "standard",
    focus: [...focus],
  };
}

/** A metric as the template of a segment counts it. */
export const inTemplate = (metric: ProgramMetric, entry: TemplateMetric): ProgramMetric => ({
  ...metric,
  weightPercent: entry.weightPercent,
  scale: entry.scale ?? metric.scale,
  critical: entry.critical ?? metric.critical,
  redFlagFloor: entry.redFlagFloor === undefined ? metric.redFlagFloor : entry.redFlagFloor,
});

const templates = new WeakMap<ProgramDefinition, Map<string | undefined, ProgramDefinition>>();

/**
 * The program as it measures the partners of a segment; without one, those whom no segment claims. The metrics
 * keep the order of the program, whatever the order of the template. The same program gives the same object.
 * @throws Error where there is no such segment
 */
export function definitionFor(
  definition: ProgramDefinition,
  segmentId: string | null | undefined,
): ProgramDefinition {
  const known = templates.get(definition) ?? new Map<string | undefined, ProgramDefinition>();
  templates.set(definition, known);
  const key = segmentId ?? undefined;
  const made = known.get(key) ?? madeOf(definition, key);
  known.set(key, made);
  return made;
}

function madeOf(definition: ProgramDefinition, segmentId: string | undefined): ProgramDefinition {
  const { metrics, segments } = definition;
  if (segmentId === undefined) {
    const own = metrics.filter(({ weightPercent }) => weightPercent > 0);
    return own.length === metrics.length ? definition : { ...definition, metrics: own };
  }
  const segment = segments.find((one) => one.segmentId === segmentId);
  if (!segment) throw new Error(`the program has no segment ${segmentId}`);
  const entries = new Map(segment.template.map((entry) => [entry.metricId, entry]));
  return {
    ...definition,
    metrics: metrics.flatMap((metric) => {
      const entry = entries.get(metric.metricId);
      return entry ? [inTemplate(metric, entry)] : [];
    }),
  };
}
