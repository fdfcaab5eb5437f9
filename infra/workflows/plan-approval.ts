import type {
  Catcher,
  Expression,
  Retrier,
  StateMachineDefinition,
  TaskState,
} from "./states-language.ts";

/** ARNs of the functions that the approval of a development plan invokes. */
export type PlanApprovalFunctions = {
  registerStep: string;
  remindApprover: string;
  escalateStep: string;
  expirePlan: string;
};

/** What an execution is started with. Its name is `plan-<planId>-r<revision>-a<attempt>`. */
export type PlanApprovalInput = {
  tenantId: string;
  planId: string;
  revision: number;
  attempt: number;
  /** Approval steps of this revision, 1–20. */
  steps: number;
  /** From the opening of a step to the reminder. */
  reminderAfterSeconds: number;
  /** From the reminder to the escalation. */
  escalateAfterSeconds: number;
  /** From the escalation to the expiry of the plan. */
  expireAfterSeconds: number;
};

/** Payload of `remindApprover`, `escalateStep` and `expirePlan`. */
export type PlanApprovalStep = {
  tenantId: string;
  planId: string;
  revision: number;
  attempt: number;
  /** From 1. */
  stepNumber: number;
};

/** Payload of `registerStep`. */
export type PlanApprovalRegistration = PlanApprovalStep & { taskToken: string };

/** What the callback sends as its output, and what `expirePlan` returns: the state of the aggregate. */
export type PlanApprovalAnswer = {
  outcome: "step-approved" | "approved" | "returned" | "rejected" | "withdrawn" | "expired";
};

const YEAR_SECONDS = 31_536_000;

/** All waits of all steps together; below the year that AWS grants an execution, so that no approval outlives it. */
const LONGEST_APPROVAL_SECONDS = 30_000_000;

const throttledOrBroken: Retrier = {
  ErrorEquals: [
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
  ],
  IntervalSeconds: 2,
  MaxAttempts: 6,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  JitterStrategy: "FULL",
};

const failed = (errors: readonly string[]): Retrier => ({
  ErrorEquals: errors,
  IntervalSeconds: 5,
  MaxAttempts: 4,
  BackoffRate: 3,
  MaxDelaySeconds: 300,
  JitterStrategy: "FULL",
});

const otherwiseBroken: Catcher = { ErrorEquals: ["States.ALL"], Next: "Broken" };

const step = {
  tenantId: "{% $plan.tenantId %}",
  planId: "{% $plan.planId %}",
  revision: "{% $plan.revision %}",
  attempt: "{% $plan.attempt %}",
  stepNumber: "{% $stepNumber %}",
} as const;

/**
 * Reminds of, escalates and expires the approval steps of one submitted development plan. It only waits: the plan decides.
 * Every registration therefore hands over a new token, and the function behind it answers at once when the step is already decided.
 */
export function planApproval(arns: PlanApprovalFunctions): StateMachineDefinition {
  const register = (timeoutSeconds: Expression, onTimeout: string): TaskState => ({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
    Arguments: {
      FunctionName: arns.registerStep,
      Payload: { ...step, taskToken: "{% $states.context.Task.Token %}" },
    },
    TimeoutSeconds: timeoutSeconds,
    Retry: [throttledOrBroken, failed(["States.TaskFailed"])],
    Catch: [{ ErrorEquals: ["States.Timeout"], Next: onTimeout }, otherwiseBroken],
    Assign: { outcome: "{% $states.result.outcome %}" },
    Next: "Decided",
  });

  const invoke = (functionName: string, then: Pick<TaskState, "Assign" | "Next">): TaskState => ({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Arguments: { FunctionName: functionName, Payload: step },
    TimeoutSeconds: 60,
    Retry: [throttledOrBroken, failed(["States.TaskFailed", "States.Timeout"])],
    Catch: [otherwiseBroken],
    ...then,
  });

  return {
    Comment: "Approval of a development plan: reminders, escalation and expiry of its steps",
    QueryLanguage: "JSONata",
    StartAt: "Start",
    TimeoutSeconds: YEAR_SECONDS,
    States: {
      Start: {
        Type: "Choice",
        Choices: [
          {
            Condition: `{% ${[
              "$states.input.steps in [1..20]",
              "$states.input.reminderAfterSeconds > 0",
              "$states.input.escalateAfterSeconds > 0",
              "$states.input.expireAfterSeconds > 0",
              `$states.input.steps * ($states.input.reminderAfterSeconds + $states.input.escalateAfterSeconds + $states.input.expireAfterSeconds) <= ${LONGEST_APPROVAL_SECONDS}`,
            ].join(" and ")} %}`,
            Assign: { plan: "{% $states.input %}", stepNumber: 1 },
            Next: "RegisterStep",
          },
        ],
        Default: "InputRefused",
      },
      RegisterStep: register("{% $plan.reminderAfterSeconds %}", "RemindApprover"),
      RemindApprover: invoke(arns.remindApprover, { Next: "RegisterAfterReminder" }),
      RegisterAfterReminder: register("{% $plan.escalateAfterSeconds %}", "EscalateStep"),
      EscalateStep: invoke(arns.escalateStep, { Next: "RegisterAfterEscalation" }),
      RegisterAfterEscalation: register("{% $plan.expireAfterSeconds %}", "ExpirePlan"),
      ExpirePlan: invoke(arns.expirePlan, {
        Assign: { outcome: "{% $states.result.Payload.outcome %}" },
        Next: "Decided",
      }),
      Decided: {
        Type: "Choice",
        Choices: [
          {
            Condition: "{% $outcome = 'step-approved' and $stepNumber < $plan.steps %}",
            Assign: { stepNumber: "{% $stepNumber + 1 %}" },
            Next: "RegisterStep",
          },
          {
            Condition:
              "{% $outcome in ['approved', 'returned', 'rejected', 'withdrawn', 'expired'] %}",
            Next: "Finished",
          },
        ],
        Default: "OutcomeUnknown",
      },
      Finished: { Type: "Succeed", Output: { outcome: "{% $outcome %}" } },
      InputRefused: {
        Type: "Fail",
        Error: "PlanApproval.InputRefused",
        Cause: "The number of steps or a waiting time is missing or out of bounds",
      },
      OutcomeUnknown: {
        Type: "Fail",
        Error: "PlanApproval.OutcomeUnknown",
        Cause:
          "{% 'The plan answered ' & $string($outcome) & ' at step ' & $string($stepNumber) %}",
      },
      Broken: {
        Type: "Fail",
        Error: "PlanApproval.Broken",
        Cause: "{% $states.input.Error & ': ' & $states.input.Cause %}",
      },
    },
  };
}
