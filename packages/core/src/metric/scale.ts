import { z } from "zod";
import { FormulaText } from "./formula-measure.ts";
import {
  clamp,
  compare,
  dividedBy,
  exactly,
  type Fraction,
  fraction,
  HUNDRED,
  minus,
  times,
  ZERO,
} from "./fraction.ts";

/** A number a person writes down: at most 4 decimals, so that its decimal spelling is exact. */
export const WrittenNumber = z
  .number()
  .min(-1e12)
  .max(1e12)
  .refine((value) => /^-?\d+(\.\d{1,4})?$/.test(String(value)), "must have at most 4 decimals");

export const LinearScale = z
  .strictObject({
    kind: z.literal("linear"),
    /** Scores 0. */
    floor: WrittenNumber,
    /** Scores 100. Below the floor, less is better. */
    target: WrittenNumber,
    /** How far over-achievement may lift the score. */
    cap: z.number().int().min(100).max(120).default(100),
  })
  .meta({ id: "LinearScale" });

export const ScaleBand = z
  .strictObject({
    /** Inclusive; null for no lower end. */
    from: WrittenNumber.nullable(),
    /** Exclusive, but inclusive in the topmost band; null for no upper end. */
    to: WrittenNumber.nullable(),
    score: WrittenNumber.min(0).max(100),
  })
  .meta({ id: "ScaleBand" });
export type ScaleBand = z.infer<typeof ScaleBand>;

export const BandScale = z
  .strictObject({ kind: z.literal("bands"), bands: z.array(ScaleBand).max(20) })
  .meta({ id: "BandScale" });

export const FormulaScale = z
  .strictObject({
    kind: z.literal("formula"),
    /** Over measures, each in the unit shown; its value is held within 0 and 100. */
    formula: FormulaText,
  })
  .meta({ id: "FormulaScale" });
export type FormulaScale = z.infer<typeof FormulaScale>;

/** How a measure becomes a score of 0–100; its numbers are in the unit shown. */
export const Scale = z
  .discriminatedUnion("kind", [LinearScale, BandScale, FormulaScale])
  .meta({ id: "Scale" });
export type Scale = z.infer<typeof Scale>;
/** A scale that needs to know nothing but the measure itself. */
export type PlainScale = Exclude<Scale, FormulaScale>;

export const capOf = (scale: Scale): number => (scale.kind === "linear" ? scale.cap : 100);

/** @param stored the measure as it is stored: rounding comes before every comparison */
export function bandAt(bands: readonly ScaleBand[], stored: Fraction): ScaleBand | undefined {
  return bands.find(({ from, to }, index) => {
    if (from !== null && compare(stored, exactly(from)) < 0) return false;
    if (to === null) return true;
    const order = compare(stored, exactly(to));
    return order < 0 || (order === 0 && index === bands.length - 1);
  });
}

/**
 * The exact score of a measure. Unrounded: rounding comes once, at the end.
 * @param value in the unit shown
 * @param stored the same, rounded as it is stored
 * @throws RangeError where the scale does not cover the value; publishing a program refuses such scales
 */
export function scoreOf(scale: PlainScale, value: Fraction, stored: Fraction): Fraction {
  if (scale.kind === "bands") {
    const band = bandAt(scale.bands, stored);
    if (!band) throw new RangeError("the bands do not cover this measure");
    return exactly(band.score);
  }
  const floor = exactly(scale.floor);
  const reach = minus(exactly(scale.target), floor);
  const attained = dividedBy(times(HUNDRED, minus(value, floor)), reach);
  return clamp(attained, ZERO, fraction(scale.cap));
}

/** Whether more is better; bands say it by the scores of their ends. */
export function risesWithMeasure(scale: PlainScale): boolean {
  if (scale.kind === "linear") return scale.floor < scale.target;
  return (scale.bands.at(-1)?.score ?? 0) >= (scale.bands[0]?.score ?? 0);
}

/** What is wrong with a scale for a measure of this range; pointers are relative to the scale. */
export function faultsOfScale(
  scale: PlainScale,
  range: { readonly min: number | null; readonly max: number | null },
): { pointer: string; detail: string }[] {
  if (scale.kind === "linear") {
    return scale.floor === scale.target
      ? [{ pointer: "/target", detail: "must differ from the floor" }]
      : [];
  }
  const { bands } = scale;
  const faults: { pointer: string; detail: string }[] = [];
  const add = (pointer: string, detail: string) => faults.push({ pointer, detail });
  if (bands.length < 2 || bands.length > 5) add("/bands", "must be 2 to 5 bands");
  bands.forEach(({ from, to }, index) => {
    if (from !== null && to !== null && from >= to) {
      add(`/bands/${index}/to`, "must be above the lower bound");
    }
    const next = bands[index + 1];
    if (next && (to === null || next.from === null || to !== next.from)) {
      add(`/bands/${index + 1}/from`, "must be where the band before ends");
    }
  });
  const lowest = bands[0]?.from ?? null;
  const highest = bands.at(-1)?.to ?? null;
  if (lowest !== null && (range.min === null || lowest > range.min)) {
    add("/bands/0/from", `must be open or reach down to ${range.min ?? "any value"}`);
  }
  if (highest !== null && (range.max === null || highest < range.max)) {
    add(`/bands/${bands.length - 1}/to`, `must be open or reach up to ${range.max ?? "any value"}`);
  }
  return faults;
}
