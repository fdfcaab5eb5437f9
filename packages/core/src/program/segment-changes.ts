import { isSame, paired } from "./pairs.ts";
import type { ProgramDefinition, ProgramMetric, ProgramSegment } from "./schema.ts";
import { inTemplate } from "./segments.ts";
import { metricRulesInWords, segmentInWords } from "./words.ts";

/** What a segment counts, by metric; what the program does not know is left out. */
function templateIn(
  { template }: ProgramSegment,
  { metrics }: ProgramDefinition,
): Map<string, ProgramMetric> {
  const known = new Map(metrics.map((metric) => [metric.metricId, metric]));
  return new Map(
    template.flatMap((entry) => {
      const metric = known.get(entry.metricId);
      return metric ? [[entry.metricId, inTemplate(metric, entry)] as const] : [];
    }),
  );
}

/** What a segment itself says of a metric, where it says more than its weight. */
const saidOf = ({ template }: ProgramSegment, id: string): unknown => {
  const { metricId: _, ...said } = template.find(({ metricId }) => metricId === id) ?? {};
  return said;
};

function changesOfSegment(
  [was, is]: readonly [ProgramSegment, ProgramSegment],
  [before, after]: readonly [ProgramDefinition, ProgramDefinition],
): string[] {
  const texts: string[] = [];
  if (was.name !== is.name) texts.push(`The segment ${was.name} is now called ${is.name}`);
  const [then, now] = [segmentInWords(was), segmentInWords(is)];
  now.forEach((text, index) => {
    if (text !== then[index]) texts.push(`${is.name}: ${text}; before: ${then[index]}`);
  });
  const [old, fresh] = [templateIn(was, before), templateIn(is, after)];
  for (const id of new Set([...fresh.keys(), ...old.keys()])) {
    const [gone, here] = [old.get(id), fresh.get(id)];
    if (!here && gone) texts.push(`${is.name}: ${gone.name} no longer counts`);
    if (here && !gone) {
      texts.push(`${is.name}: ${here.name} counts: ${metricRulesInWords(here, after)}`);
    }
    // A change of the program's own metric is told there.
    if (here && gone && !isSame(saidOf(was, id), saidOf(is, id))) {
      const [old, fresh] = [metricRulesInWords(gone, before), metricRulesInWords(here, after)];
      const text =
        old === fresh ? "says of itself what the program said" : `${fresh}; before: ${old}`;
      texts.push(`${is.name}: ${here.name}: ${text}`);
    }
  }
  const named = (segment: ProgramSegment) => segment.template.map(({ metricId }) => metricId);
  if (texts.length === 0 && !isSame([...named(was)].sort(), [...named(is)].sort())) {
    texts.push(`${is.name}: counts ${named(is).join(", ")}`);
  }
  return texts;
}

interface SegmentChange {
  readonly about: "segment";
  readonly id: string;
  readonly kind: "added" | "removed" | "changed";
  readonly text: string;
}

/** What changed about the segments of a program. */
export function segmentChanges(was: ProgramDefinition, is: ProgramDefinition): SegmentChange[] {
  const about = "segment" as const;
  return paired(was.segments, is.segments, ({ segmentId }) => segmentId).flatMap(
    ({ id, was: old, is: fresh }): SegmentChange[] => {
      if (old && fresh) {
        const texts = changesOfSegment([old, fresh], [was, is]);
        return texts.map((text) => ({ about, id, kind: "changed", text }));
      }
      if (fresh) {
        const metrics = [...templateIn(fresh, is).values()].map(
          (metric) => `${metric.name} ${metric.weightPercent} %`,
        );
        const text = `New segment ${fresh.name}: ${segmentInWords(fresh).join("; ")}; counts ${metrics.join(", ")}`;
        return [{ about, id, kind: "added", text }];
      }
      return old
        ? [{ about, id, kind: "removed", text: `There is no segment ${old.name} any more` }]
        : [];
    },
  );
}
