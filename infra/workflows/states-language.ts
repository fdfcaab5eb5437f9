/**
 * The part of the Amazon States Language that Concord's workflows use, with JSONata as query language.
 * The local runner executes exactly this; a state or field outside it does not compile.
 */

/** A literal, or a JSONata expression between `{%` and `%}`. */
export type Template =
  | string
  | number
  | boolean
  | null
  | readonly Template[]
  | { readonly [key: string]: Template };

/** A JSONata expression between `{%` and `%}`. */
export type Expression = `{% ${string} %}`;

export type Variables = { readonly [name: string]: Template };

export type Retrier = {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: "FULL" | "NONE";
};

/** Without `Output`, the next state's input is `{ Error, Cause }`. */
export type Catcher = {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
};

/** Invokes a function. With `.waitForTaskToken` the result is what the callback sends, otherwise `{ Payload }`. */
export type TaskState = {
  readonly Type: "Task";
  readonly Comment?: string;
  readonly Resource:
    | "arn:aws:states:::lambda:invoke"
    | "arn:aws:states:::lambda:invoke.waitForTaskToken";
  readonly Arguments: {
    readonly FunctionName: string;
    readonly Payload: { readonly [key: string]: Template };
  };
  readonly TimeoutSeconds: number | Expression;
  readonly HeartbeatSeconds?: number;
  readonly Retry: readonly Retrier[];
  readonly Catch: readonly Catcher[];
  readonly Assign?: Variables;
  readonly Output?: Template;
  readonly Next: string;
};

export type ChoiceRule = {
  readonly Condition: Expression;
  readonly Assign?: Variables;
  readonly Next: string;
};

/** The first rule whose condition is true; the input passes through. */
export type ChoiceState = {
  readonly Type: "Choice";
  readonly Comment?: string;
  readonly Choices: readonly ChoiceRule[];
  readonly Default: string;
};

export type WaitState = {
  readonly Type: "Wait";
  readonly Comment?: string;
  readonly Seconds: number | Expression;
  readonly Next: string;
};

export type SucceedState = {
  readonly Type: "Succeed";
  readonly Comment?: string;
  readonly Output?: Template;
};

export type FailState = {
  readonly Type: "Fail";
  readonly Comment?: string;
  readonly Error: string;
  readonly Cause: string;
};

export type State = TaskState | ChoiceState | WaitState | SucceedState | FailState;

export type StateMachineDefinition = {
  readonly Comment: string;
  readonly QueryLanguage: "JSONata";
  readonly StartAt: string;
  /** Of the whole execution. */
  readonly TimeoutSeconds: number;
  readonly States: { readonly [name: string]: State };
};
