import { z } from "zod";

const MAX_SECONDS = 99_999_999;

/** `{% … %}`; whether what is inside parses is checked with the whole machine. */
const Expression = z.string().regex(/^\{%[\s\S]*%\}$/, "must be a JSONata expression {% … %}");

const WholeSeconds = z.int().min(1).max(MAX_SECONDS);
const Seconds = z.union([WholeSeconds, Expression]);
const StateName = z.string().min(1).max(80);
const ErrorNames = z.array(z.string().min(1)).min(1);
const Assign = z.record(z.string(), z.unknown());

const described = {
  Comment: z.string().optional(),
  QueryLanguage: z
    .literal("JSONata", { error: ({ input }) => `${String(input)} is not supported, only JSONata` })
    .optional(),
};
const evaluated = { Assign: Assign.optional(), Output: z.unknown().optional() };
const continued = { Next: StateName.optional(), End: z.literal(true).optional() };

const Retrier = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: ErrorNames,
  IntervalSeconds: WholeSeconds.default(1),
  MaxAttempts: z.int().min(0).max(MAX_SECONDS).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.int().min(1).max(31_622_399).optional(),
  JitterStrategy: z.enum(["FULL", "NONE"]).default("NONE"),
});
export type Retrier = z.infer<typeof Retrier>;

const Catcher = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: ErrorNames,
  Next: StateName,
  ...evaluated,
});
export type Catcher = z.infer<typeof Catcher>;

export const LAMBDA_INVOKE = "arn:aws:states:::lambda:invoke";
export const LAMBDA_INVOKE_AND_WAIT = "arn:aws:states:::lambda:invoke.waitForTaskToken";

const TaskState = z.strictObject({
  Type: z.literal("Task"),
  ...described,
  Resource: z.enum([LAMBDA_INVOKE, LAMBDA_INVOKE_AND_WAIT], {
    error: ({ input }) => `${String(input)} is not supported`,
  }),
  Arguments: z.strictObject({ FunctionName: z.string().min(1), Payload: z.unknown().optional() }),
  TimeoutSeconds: Seconds.default(MAX_SECONDS),
  HeartbeatSeconds: Seconds.optional(),
  Retry: z.array(Retrier).default([]),
  Catch: z.array(Catcher).default([]),
  ...evaluated,
  ...continued,
});
export type TaskState = z.infer<typeof TaskState>;

const ChoiceState = z.strictObject({
  Type: z.literal("Choice"),
  ...described,
  Choices: z
    .array(
      z.strictObject({
        Comment: z.string().optional(),
        Condition: z.union([z.boolean(), Expression]),
        Next: StateName,
        ...evaluated,
      }),
    )
    .min(1),
  Default: StateName.optional(),
  ...evaluated,
});
export type ChoiceState = z.infer<typeof ChoiceState>;

const WaitState = z.strictObject({
  Type: z.literal("Wait"),
  ...described,
  Seconds: z.union([z.int().min(0).max(MAX_SECONDS), Expression]).optional(),
  Timestamp: z.union([z.iso.datetime({ offset: true }), Expression]).optional(),
  ...evaluated,
  ...continued,
});
export type WaitState = z.infer<typeof WaitState>;

const SucceedState = z.strictObject({
  Type: z.literal("Succeed"),
  ...described,
  Output: z.unknown().optional(),
});
export type SucceedState = z.infer<typeof SucceedState>;

const FailState = z.strictObject({
  Type: z.literal("Fail"),
  ...described,
  Error: z.string().optional(),
  Cause: z.string().optional(),
});
export type FailState = z.infer<typeof FailState>;

export const State = z.discriminatedUnion(
  "Type",
  [TaskState, ChoiceState, WaitState, SucceedState, FailState],
  {
    error: ({ input }) => `${String((input as { Type?: unknown } | null)?.Type)} is not supported`,
  },
);
export type State = z.infer<typeof State>;

/** The part of the Amazon States Language that the runner executes; everything else is refused. */
export const StateMachine = z.strictObject({
  Comment: z.string().optional(),
  Version: z.literal("1.0").optional(),
  QueryLanguage: z.literal("JSONata", {
    error: ({ input }) => `${String(input ?? "JSONPath")} is not supported, only JSONata`,
  }),
  StartAt: StateName,
  TimeoutSeconds: WholeSeconds.optional(),
  States: z.record(StateName, State),
});
export type StateMachine = z.infer<typeof StateMachine>;
