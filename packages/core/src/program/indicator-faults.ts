import type { ErrorPlace } from "../error/index.ts";
import { indicatorNamed, measureOfIndicator } from "../metric/index.ts";
import type { ProgramDefinition, ProgramIndicator, PublishedProgram } from "./schema.ts";

const ANCHORS = 5;

type Measures = Pick<ProgramDefinition, "indicators" | "figureMeasures" | "formulaMeasures">;

function faultsOfAnchors({ anchors }: ProgramIndicator): { pointer: string; detail: string }[] {
  if (anchors.length !== ANCHORS) {
    return [{ pointer: "/anchors", detail: "must be five: what 1, 2, 3, 4 and 5 look like" }];
  }
  return anchors.flatMap((anchor, index) => {
    const pointer = `/anchors/${index}`;
    if (anchor === "") return [{ pointer, detail: `must say what ${index + 1} looks like` }];
    return anchors.indexOf(anchor) < index ? [{ pointer, detail: "repeats another step" }] : [];
  });
}

/** Everything that is wrong with what people rate; pointers are into the draft. */
export function faultsOfIndicators(definition: Measures): ErrorPlace[] {
  const { indicators, figureMeasures, formulaMeasures } = definition;
  return indicators.flatMap((indicator, index): ErrorPlace[] => {
    const { indicatorId, raters } = indicator;
    const faults = faultsOfAnchors(indicator);
    const add = (pointer: string, detail: string) => faults.push({ pointer, detail });
    if (indicators.findIndex((one) => one.indicatorId === indicatorId) < index) {
      add("/indicatorId", `repeats ${indicatorId}`);
    }
    const measure = measureOfIndicator(indicatorId);
    if ([...figureMeasures, ...formulaMeasures].some((own) => own.measure === measure)) {
      add("/indicatorId", `${measure} is a figure or a formula already`);
    }
    if (raters.length === 0) add("/raters", "must name who rates");
    if (raters[0] !== undefined && raters[0] === raters[1]) add("/raters/1", "repeats a side");
    return faults.map(({ pointer, detail }) => ({
      pointer: `/indicators/${index}${pointer}`,
      detail,
    }));
  });
}

/** What keeps a metric from standing on an indicator; undefined where nothing does. */
export function faultOfRated(
  measure: string,
  { indicators }: Pick<ProgramDefinition, "indicators">,
): string | undefined {
  const indicator = indicators.find((one) => one === indicatorNamed(measure, { indicators }));
  return indicator && !indicator.raters.includes("vendor")
    ? `${indicator.indicatorId} is rated by the partner alone, of itself: that never counts`
    : undefined;
}

/**
 * What would read ratings otherwise than another version does, of this program or of another: people rate once
 * for all. Pointers are into the draft.
 */
export const indicatorsReadOtherwise = (
  { indicators }: Pick<ProgramDefinition, "indicators">,
  versions: readonly PublishedProgram[],
): ErrorPlace[] =>
  indicators.flatMap(({ indicatorId, anchors }, index): ErrorPlace[] => {
    const isOther = ({ definition }: PublishedProgram): boolean =>
      definition.indicators.some(
        (one) =>
          one.indicatorId === indicatorId &&
          one.anchors.some((anchor, step) => anchor !== anchors[step]),
      );
    const other = versions.find(isOther);
    if (!other) return [];
    const where = `version ${other.version} of ${other.definition.name}`;
    return [
      {
        pointer: `/indicators/${index}/anchors`,
        detail: `must be as in ${where}; another scale needs another id`,
      },
    ];
  });
