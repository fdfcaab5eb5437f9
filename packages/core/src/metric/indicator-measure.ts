import { z } from "zod";
import { Month, monthOf, type Span } from "../calendar/index.ts";
import { VoiceId } from "../id/index.ts";
import { type Fraction, fraction } from "./fraction.ts";
import type { MeasureName } from "./measure.ts";

/** What people rate on a scale of five anchors; its measure is named after it. */
export const IndicatorId = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens")
  .max(40)
  .meta({ id: "IndicatorId", example: "collaborate" });
export type IndicatorId = z.infer<typeof IndicatorId>;

/** The step of the scale that was chosen: 1 the lowest, 5 the highest. */
export const AnchoredValue = z.number().int().min(1).max(5);

/** What a card has to know of an indicator. */
export const Indicator = z
  .strictObject({
    indicatorId: IndicatorId,
    name: z.string().trim().min(1).max(100),
    /** Below this many raters in a period there is no data. */
    minimumRaters: z.number().int().min(1).max(20).default(1),
  })
  .meta({ id: "Indicator" });
export type Indicator = z.infer<typeof Indicator>;

/** What one rater of the vendor said last of an indicator in a period. */
export const Voice = z
  .object({
    voiceId: VoiceId,
    indicatorId: IndicatorId,
    month: Month,
    value: AnchoredValue,
    /** Of the rating. */
    revision: z.number().int().positive(),
  })
  .meta({ id: "Voice" });
export type Voice = z.infer<typeof Voice>;

export const measureOfIndicator = (indicatorId: IndicatorId): MeasureName =>
  `behaviour_${indicatorId.replaceAll("-", "_")}`;

export const INDICATOR_DEFINITION =
  "100 × (mean − 1) / 4 of the ratings 1 to 5 with evidence, the latest of each rater in the period";

/** Undefined for no voice. @param values of one indicator, one a rater */
export function valueOfVoices(values: readonly number[]): Fraction | undefined {
  if (values.length === 0) return undefined;
  const points = values.reduce((total, value) => total + value - 1, 0);
  return fraction(100 * points, 4 * values.length);
}

const byIndicator = (a: Voice, b: Voice): number => {
  if (a.indicatorId !== b.indicatorId) return a.indicatorId < b.indicatorId ? -1 : 1;
  return a.voiceId < b.voiceId ? -1 : 1;
};

interface StoredVoice {
  readonly indicatorId: IndicatorId;
  readonly rater: string;
  readonly value: number;
  readonly revision: number;
}

/** The latest of each rater and indicator in the span, by indicator; who it is stays behind. */
export function voicesOfMonths(
  months: Iterable<{
    readonly month: Month;
    readonly voices?: Readonly<Record<string, StoredVoice>> | undefined;
  }>,
  span: Span,
): Voice[] {
  const latest = new Map<string, Voice>();
  for (const { month, voices = {} } of months) {
    if (month < monthOf(span.from) || month > monthOf(span.to)) continue;
    for (const [voiceId, { rater, ...voice }] of Object.entries(voices)) {
      const key = `${voice.indicatorId} ${rater}`;
      const before = latest.get(key);
      if (before && before.month > month) continue;
      latest.set(key, { voiceId: VoiceId.parse(voiceId), month, ...voice });
    }
  }
  return [...latest.values()].sort(byIndicator);
}
