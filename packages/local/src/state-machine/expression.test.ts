import { describe, expect, it } from "vitest";
import { evaluate } from "./expression.ts";

const scope = {
  states: { input: { round: 2, text: '{"a":1}' }, context: { State: { Name: "S" } } },
  variables: { plan: { id: "pln" } },
  at: new Date("2027-03-01T06:00:00.000Z"),
};

describe("evaluate", () => {
  it.each([
    ["a literal", "round", "round"],
    ["an expression with blanks before it is a literal", " {% 1 %}", " {% 1 %}"],
    ["the input", "{% $states.input.round + 1 %}", 3],
    ["the context", "{% $states.context.State.Name %}", "S"],
    ["a variable", "{% $plan.id %}", "pln"],
    ["any depth, but not keys", { "{% 1 %}": [["{% 1 + 1 %}"]] }, { "{% 1 %}": [[2]] }],
    ["null", null, null],
    ["$parse", "{% $parse($states.input.text) %}", { a: 1 }],
    ["$now, the business clock", "{% $now() %}", "2027-03-01T06:00:00.000Z"],
    ["$now with a picture", "{% $now('[Y0001]-[M01]-[D01] [H01]', '+0100') %}", "2027-03-01 07"],
    ["$millis", "{% $millis() %}", 1_803_880_800_000],
    ["$range", "{% $range(0, 10, 5) %}", [0, 5, 10]],
    ["$range downwards", "{% $range(3, 1, -1) %}", [3, 2, 1]],
    ["$partition", "{% $partition([1,2,3], 2) %}", [[1, 2], [3]]],
    ["$hash", "{% $hash('abc', 'MD5') %}", "900150983cd24fb0d6963f7d28e17f72"],
    ["the same $random for the same seed", "{% $random(7) = $random(7) %}", true],
    ["$random in [0, 1)", "{% $random() >= 0 and $random() < 1 %}", true],
    ["$uuid", "{% $length($uuid()) %}", 36],
  ])("gives %s", async (_, template, expected) => {
    expect(await evaluate(template, scope)).toEqual(expected);
  });

  it.each([
    ["nothing", "{% $states.input.absent %}"],
    ["a field without $states", "{% round %}"],
    ["an unknown variable", "{% $absent %}"],
    ["a type error", "{% 1 + 'a' %}"],
    ["a function", "{% function($x) { $x } %}"],
    ["$eval under another name", "{% ($e := $eval; $e('1')) %}"],
    ["recursion without end", "{% ($f := function($x) { 1 + $f($x) }; $f(1)) %}"],
  ])("refuses %s with States.QueryEvaluationError", async (_, template) => {
    await expect(evaluate(template, scope)).rejects.toMatchObject({
      failure: { error: "States.QueryEvaluationError" },
    });
  });
});
