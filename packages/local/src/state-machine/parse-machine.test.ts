import { describe, expect, it } from "vitest";
import { planApproval } from "../../../../infra/workflows/index.ts";
import { parseMachine } from "./parse-machine.ts";
import { callbackTask, lambdaTask, machineOf } from "./test-runtime.ts";

const done = { Type: "Succeed" };
const refusalOf = (definition: unknown): string => {
  try {
    parseMachine("approval", definition);
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
};

describe("a definition", () => {
  it.each([
    ["Map", "State Fan: Type: Map is not supported"],
    ["Parallel", "State Fan: Type: Parallel is not supported"],
    ["Pass", "State Fan: Type: Pass is not supported"],
    ["Teleport", "State Fan: Type: Teleport is not supported"],
  ])("with a %s state is refused by name", (Type, sentence) => {
    expect(refusalOf(machineOf({ Fan: { Type, End: true } }))).toBe(
      `State machine approval is refused:\n- ${sentence}`,
    );
  });

  it.each([
    "arn:aws:states:::dynamodb:putItem",
    "arn:aws:states:::lambda:invoke.sync",
    "arn:aws:lambda:eu-central-1:111122223333:function:work",
  ])("with the resource %s is refused by name", (Resource) => {
    expect(refusalOf(machineOf({ Work: lambdaTask({ Resource, End: true }) }))).toContain(
      `State Work: Resource: ${Resource} is not supported`,
    );
  });

  it.each([
    ["an unknown field", lambdaTask({ End: true, ResultPath: "$.x" }), "field ResultPath is not"],
    [
      "a misspelt retrier",
      lambdaTask({ End: true, Retry: [{ ErrorEquals: ["A"], Max: 1 }] }),
      "field Max in Retry.0",
    ],
    ["JSONPath in a state", { ...done, QueryLanguage: "JSONPath" }, "JSONPath is not supported"],
    ["JSONPath in a key", { ...done, Output: { "id.$": "$.id" } }, "field id.$ is JSONPath"],
    ["$eval", { ...done, Output: "{% $eval('1') %}" }, "$eval is not supported"],
    ["$eval as a value", { ...done, Output: "{% $map(['1'], $eval) %}" }, "$eval is not supported"],
    ["broken JSONata", { ...done, Output: "{% 1 + %}" }, "is not JSONata"],
    ["an open expression", { ...done, Output: "{% 1 + 1" }, "does not end with %}"],
    ["an unknown target", lambdaTask({ Next: "Nowhere" }), "no state Nowhere"],
    ["neither Next nor End", lambdaTask({}), "needs either Next or End"],
    [
      "two kinds of wait",
      { Type: "Wait", Seconds: 1, Timestamp: "2027-01-01T00:00:00Z", End: true },
      "either Seconds or Timestamp",
    ],
    [
      "a variable named states",
      lambdaTask({ End: true, Assign: { states: 1 } }),
      "Assign: states cannot",
    ],
    [
      "a heartbeat beyond the timeout",
      callbackTask({ End: true, TimeoutSeconds: 60, HeartbeatSeconds: 60 }),
      "smaller than TimeoutSeconds",
    ],
    [
      "a heartbeat without a token",
      lambdaTask({ End: true, HeartbeatSeconds: 6 }),
      "HeartbeatSeconds needs",
    ],
    [
      "States.ALL before others",
      lambdaTask({
        End: true,
        Catch: [
          { ErrorEquals: ["States.ALL"], Next: "S" },
          { ErrorEquals: ["A"], Next: "S" },
        ],
      }),
      "Catch: States.ALL must stand alone and last",
    ],
    [
      "a fraction of a second",
      lambdaTask({ End: true, TimeoutSeconds: 0.5 }),
      "State S: TimeoutSeconds",
    ],
  ])("with %s is refused, naming state and field", (_, state, sentence) => {
    const refusal = refusalOf(machineOf({ S: state }));
    expect(refusal).toContain("State S: ");
    expect(refusal).toContain(sentence);
  });

  it("without a query language is JSONPath, and refused", () => {
    expect(refusalOf({ StartAt: "S", States: { S: done } })).toContain("JSONPath is not supported");
  });

  it("is refused for all its faults at once", () => {
    const refusal = refusalOf(machineOf({ A: { Type: "Pass", End: true }, B: { Type: "Map" } }));
    expect(refusal).toContain("State A: Type: Pass");
    expect(refusal).toContain("State B: Type: Map");
  });

  it("of the deployed approval is accepted", () => {
    const arns = { registerStep: "a", remindApprover: "b", escalateStep: "c", expirePlan: "d" };
    expect(refusalOf(planApproval(arns))).toBe("accepted");
  });
});
