import { describe, expect, it } from "vitest";
import {
  type FigureMeasure,
  faultsOfFigure,
  type MonthFigure,
  sampleOfFigures,
  valueOfFigures,
} from "./figure-measure.ts";
import { decimalOf, scaled } from "./fraction.ts";

type Given = readonly (readonly [value: number, of: number | null])[];
const months = (given: Given): MonthFigure[] =>
  given.map(([value, of], at) => ({ measure: "m", month: `2026-1${at}`, value, of }));
const periodValue = (
  aggregation: FigureMeasure["aggregation"],
  given: Given,
): string | undefined => {
  const value = valueOfFigures({ aggregation }, months(given));
  return value && decimalOf(scaled(value));
};

describe("S-19 the value of a period from its months", () => {
  it.each<[string, FigureMeasure["aggregation"], Given, string, number]>([
    [
      "adds a sum up",
      "sum",
      [
        [10.5, null],
        [-2, null],
        [0.0001, null],
      ],
      "8.5001",
      3,
    ],
    [
      "takes the last",
      "last",
      [
        [12, null],
        [9, null],
      ],
      "9",
      2,
    ],
    [
      "takes the highest",
      "highest",
      [
        [12, null],
        [31, null],
        [9, null],
      ],
      "31",
      3,
    ],
    [
      "takes the highest of negatives",
      "highest",
      [
        [-12, null],
        [-3, null],
      ],
      "-3",
      2,
    ],
    // (80·12 + 95·4) / 16 = 1340 / 16
    [
      "weighs a mean by its cases",
      "mean",
      [
        [80, 12],
        [95, 4],
      ],
      "83.75",
      16,
    ],
    [
      "leaves an empty month out of a mean",
      "mean",
      [
        [80, 12],
        [0, 0],
      ],
      "80",
      12,
    ],
    // 100·(7 + 8) / (9 + 9)
    [
      "adds up both sides of a share",
      "share",
      [
        [7, 9],
        [8, 9],
      ],
      "83.3333",
      18,
    ],
  ])("%s", (_, aggregation, given, value, sample) => {
    expect(periodValue(aggregation, given)).toBe(value);
    expect(sampleOfFigures({ aggregation }, months(given))).toBe(sample);
  });

  it.each(["mean", "share"] as const)("has no %s of no case, which is neither 0 nor 100", (one) => {
    expect(
      periodValue(one, [
        [0, 0],
        [0, 0],
      ]),
    ).toBeUndefined();
  });
});

describe("a figure that is handed in", () => {
  const of = (aggregation: FigureMeasure["aggregation"], measure = "own_figure") => ({
    measure,
    unit: "percent" as const,
    aggregation,
  });

  it.each<[string, FigureMeasure["aggregation"], number, number | null, string]>([
    ["a sum with cases", "sum", 3, 3, "/of"],
    ["a share without", "share", 3, null, "/of"],
    ["a mean without", "mean", 3, null, "/of"],
    ["more cases than there are", "share", 4, 3, "/value"],
    ["half a case", "share", 1.5, 3, "/value"],
    ["fewer than none", "share", -1, 3, "/value"],
    ["a value of no case", "mean", 3, 0, "/value"],
  ])("is refused: %s", (_, aggregation, value, cases, pointer) => {
    expect(faultsOfFigure({ value, of: cases }, of(aggregation))).toMatchObject([{ pointer }]);
  });

  it("is refused beyond 100 where its measure is a standard percentage, and may be above it elsewhere", () => {
    const figure = { value: 101, of: 5 };
    expect(faultsOfFigure(figure, of("mean", "csat_percent"))).toMatchObject([
      { pointer: "/value", detail: "must be 0 to 100" },
    ]);
    expect(faultsOfFigure(figure, of("mean"))).toEqual([]);
  });

  it("may say that there was no case", () => {
    for (const one of ["mean", "share"] as const) {
      expect(faultsOfFigure({ value: 0, of: 0 }, of(one))).toEqual([]);
    }
  });
});
