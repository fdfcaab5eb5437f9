import { describe, expect, it } from "vitest";
import { faultOfFormula, readFormula, stepsOf } from "./index.ts";

const resultOf = (source: string, values: Record<string, number> = {}): number => {
  const formula = readFormula(source);
  return formula.evaluate(formula.measures.map((name) => values[name] ?? Number.NaN));
};

describe("a formula", () => {
  it.each([
    ["2 + 3 * 4", 14],
    ["(2 + 3) * 4", 20],
    ["10 - 4 - 3", 3],
    ["100 / 10 / 5", 2],
    ["-2 * -3", 6],
    ["0.1 + 0.2", 0.30000000000000004],
    ["if(1 < 2 and not (2 < 1), 10, 20)", 10],
    ["if(1 > 2 or 2 == 3, 10, 20)", 20],
    ["if(2 <= 2 and 3 != 4 and 2 >= 2, 1, 0)", 1],
    ["min(3, 1, 2) + max(3, 1, 2)", 4],
    ["avg(1, 2, 6)", 3],
    ["sum(1, 2, 6)", 9],
    ["clamp(140, 0, 100)", 100],
    ["clamp(-3, 0, 100)", 0],
    ["round(2.5)", 3],
    ["round(-2.5)", -3],
    ["round(61.53846, 2)", 61.54],
  ])("%s is %d", (source, value) => {
    expect(resultOf(source)).toBe(value);
  });

  it("reads the worked example of a supplier scorecard", () => {
    expect(resultOf("delivered / due * 100", { delivered: 45_000, due: 60_000 })).toBe(75);
    const response = "clamp(100 - days * 5, 0, 100)";
    expect(resultOf(response, { days: 12 })).toBe(40);
    expect(resultOf(response, { days: 25 })).toBe(0);
  });

  it("has no data where an input has none, but asks only the branch it takes", () => {
    expect(resultOf("a + 1")).toBeNaN();
    expect(resultOf("min(a, 1)")).toBeNaN();
    expect(resultOf("if(a > 1, 1, 2)")).toBeNaN();
    expect(resultOf("if(1 > 2 and a > 1, 1, 2)")).toBeNaN();
    expect(resultOf("if(2 > 1, 1, a)")).toBe(1);
  });

  it("has no data where it divides by zero or leaves what numbers can hold", () => {
    expect(resultOf("1 / 0")).toBeNaN();
    expect(resultOf("0 / 0")).toBeNaN();
    expect(resultOf("1000000000000000 * 10")).toBeNaN();
    expect(resultOf("clamp(1, 5, 2)")).toBeNaN();
  });

  it("names its measures once, in the order they come", () => {
    expect(readFormula("b + a * b").measures).toEqual(["b", "a"]);
  });

  it.each([
    ["", "must be one expression"],
    ["a b", "must be one expression"],
    [",a", "must be one expression, with a comma only between arguments"],
    ["(,a)", "must be one expression, with a comma only between arguments"],
    ["min?.(1, 2)", "has no ?"],
    ["a;", "must be one expression, with a comma only between arguments"],
    ["a +", "cannot be read at character 4: Expected expression after +"],
    ["a.b", "has no properties or indexes"],
    ["a[0]", "has no properties or indexes"],
    ["'x'", "has no texts, only numbers"],
    ["a ? 1 : 2", "has no ? : ; write if(condition, then, else)"],
    ["1e5", "1e5 must be written as digits with a point, such as 0.5"],
    ["Revenue", "names no measure: Revenue"],
    ["not", "names no measure: not"],
    ["min + 1", "names no measure: min"],
    ["foo(1)", "has no function foo; there are if, min, max, avg, sum, clamp, round"],
    ["min(1)", "min takes 2 to 12 arguments, not 1"],
    ["a < b", "must give a number, not true or false"],
    ["a < b < c", "< needs a number on both sides"],
    ["not a", "not needs a condition: put it in parentheses, as in not (a < b)"],
    ["if(a, 1, 2)", "if needs a condition first, as in if(a < b, 1, 2)"],
    ["max(a < b, 1)", "max takes numbers, not conditions"],
    ["round(a, 9)", "round takes 0 to 4 decimals, written as a digit"],
    ["a".repeat(2_001), "must be at most 2000 characters"],
    [`${"-".repeat(16)}a`, "must be nested at most 16 deep"],
    [
      Array.from({ length: 12 }, () => `max(${Array.from({ length: 12 }, () => "1+1")})`).join(
        " + ",
      ),
      "must be at most 200 parts",
    ],
  ])("%s is refused: %s", (source, fault) => {
    expect(faultOfFormula(source)).toBe(fault);
  });

  it("tells its steps in the order of evaluation, without the branch it did not take", () => {
    const formula = readFormula("if(late > 2, 0, max(0, 100 - days * 5))");
    expect(stepsOf(formula, [1, 12])).toEqual([
      { text: "late", value: 1 },
      { text: "late > 2", value: false },
      { text: "days", value: 12 },
      { text: "days * 5", value: 60 },
      { text: "100 - (days * 5)", value: 40 },
      { text: "max(0, 100 - (days * 5))", value: 40 },
      { text: "if(late > 2, …, max(0, 100 - (days * 5)))", value: 40 },
    ]);
  });

  it("tells where the data ended, once", () => {
    expect(stepsOf(readFormula("a / (b - b) + 1"), [1, 2]).at(-2)).toEqual({
      text: "a / (b - b)",
      value: null,
      reason: "division by zero",
    });
    expect(stepsOf(readFormula("a + 1"), [Number.NaN])).toEqual([
      { text: "a", value: null, reason: "a has no data" },
      { text: "a + 1", value: null },
    ]);
  });
});
