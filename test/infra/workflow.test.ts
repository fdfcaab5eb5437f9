import { describe, expect, it } from "vitest";
import { planApproval } from "../../infra/workflows/index.ts";
import {
  comparisonsAreSpelt,
  type Definition,
  faultsAreHandled,
  isConnected,
  isValid,
  outcomes,
  resourcesAreKnown,
  tokensAreHandedOver,
  waitsEnd,
} from "./rules/workflow.ts";

const functionArn = (name: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;

const definition = (): Definition =>
  JSON.parse(
    JSON.stringify(
      planApproval({
        registerStep: functionArn("RegisterStep"),
        remindApprover: functionArn("RemindApprover"),
        escalateStep: functionArn("EscalateStep"),
        expirePlan: functionArn("ExpirePlan"),
      }),
    ),
  );

const lints = {
  isValid,
  isConnected,
  resourcesAreKnown,
  tokensAreHandedOver,
  waitsEnd,
  faultsAreHandled,
  comparisonsAreSpelt: comparisonsAreSpelt(outcomes),
};
type Lint = keyof typeof lints;

describe("the approval of a development plan", () => {
  it.each(Object.entries(lints))("%s", (_, lint) => {
    expect(lint(definition())).toEqual([]);
  });

  it.each<[Lint, string, (states: Definition["States"]) => void]>([
    [
      "isValid",
      "Timeout for TimeoutSeconds",
      ({ RemindApprover = {} }) => {
        RemindApprover["Timeout"] = RemindApprover["TimeoutSeconds"];
        delete RemindApprover["TimeoutSeconds"];
      },
    ],
    [
      "isConnected",
      "a state that nobody reaches",
      (states) => {
        states["Forgotten"] = { Type: "Succeed" };
      },
    ],
    [
      "isConnected",
      "a state that does not exist",
      ({ RemindApprover = {} }) => {
        RemindApprover["Next"] = "Nowhere";
      },
    ],
    [
      "isConnected",
      "a circle without an end",
      ({ Decided = {} }) => {
        Object.assign(Decided, { Choices: [], Default: "RegisterStep" });
      },
    ],
    [
      "resourcesAreKnown",
      "a service that the role may not use",
      ({ ExpirePlan = {} }) => {
        ExpirePlan["Resource"] = "arn:aws:states:::sqs:sendMessage";
      },
    ],
    [
      "tokensAreHandedOver",
      "a wait without a token in the payload",
      ({ RegisterStep = {} }) => {
        Object.assign(RegisterStep["Arguments"] as object, { Payload: { planId: "x" } });
      },
    ],
    [
      "waitsEnd",
      "a heartbeat after the timeout",
      ({ RegisterStep = {} }) => {
        Object.assign(RegisterStep, { TimeoutSeconds: 60, HeartbeatSeconds: 90 });
      },
    ],
    [
      "waitsEnd",
      "a task without a timeout",
      ({ RegisterAfterReminder = {} }) => {
        delete RegisterAfterReminder["TimeoutSeconds"];
      },
    ],
    [
      "faultsAreHandled",
      "a timeout that nobody catches",
      ({ RegisterStep = {} }) => {
        RegisterStep["Catch"] = [{ ErrorEquals: ["States.ALL"], Next: "Broken" }];
      },
    ],
    [
      "faultsAreHandled",
      "a fault that nobody catches",
      ({ ExpirePlan = {} }) => {
        delete ExpirePlan["Catch"];
      },
    ],
    [
      "comparisonsAreSpelt",
      "a misspelt comparison",
      ({ Decided = {} }) => {
        Decided["Choices"] = [{ Condition: "{% $outcome == 'approved' %}", Next: "Finished" }];
      },
    ],
    [
      "comparisonsAreSpelt",
      "a comparison in the other query language",
      ({ Decided = {} }) => {
        Decided["Choices"] = [{ Variable: "$.o", StringEqual: "approved", Next: "Finished" }];
      },
    ],
    [
      "comparisonsAreSpelt",
      "an outcome that does not exist",
      ({ Decided = {} }) => {
        Decided["Choices"] = [{ Condition: "{% $outcome = 'aproved' %}", Next: "Finished" }];
      },
    ],
    [
      "comparisonsAreSpelt",
      "a variable that nobody assigns",
      ({ Decided = {} }) => {
        Decided["Choices"] = [{ Condition: "{% $result = 'approved' %}", Next: "Finished" }];
      },
    ],
  ])("%s finds %s", (name, _, plant) => {
    const broken = definition();
    plant(broken.States);
    expect(lints[name](broken)).not.toEqual([]);
  });
});
