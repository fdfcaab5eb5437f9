import type { z } from "zod";
import { LAMBDA_INVOKE_AND_WAIT, type State, StateMachine, type TaskState } from "./definition.ts";
import { expressionsIn, problemOf } from "./expression.ts";

/**
 * Checks a definition as Step Functions does on creation, and refuses what this runner does not execute.
 * @throws Error `StateMachineRefused` that names every refused state and field.
 */
export function parseMachine(name: string, definition: unknown): StateMachine {
  const plain: unknown = JSON.parse(JSON.stringify(definition));
  const parsed = StateMachine.safeParse(plain);
  const problems = parsed.success
    ? contradictions(parsed.data)
    : parsed.error.issues.flatMap((issue) => sentences(issue));
  if (!parsed.success || problems.length > 0) {
    const list = problems.map((problem) => `\n- ${problem}`).join("");
    throw Object.assign(new Error(`State machine ${name} is refused:${list}`), {
      name: "StateMachineRefused",
    });
  }
  return parsed.data;
}

function sentences(issue: z.core.$ZodIssue): string[] {
  const [first, state, ...inState] = issue.path.map(String);
  const where = first === "States" && state !== undefined ? `State ${state}` : "The machine";
  const field = where === "The machine" ? issue.path.join(".") : inState.join(".");
  if (issue.code === "unrecognized_keys") {
    const inside = field === "" ? "" : ` in ${field}`;
    return issue.keys.map((key) => `${where}: field ${key}${inside} is not supported`);
  }
  return [field === "" ? `${where}: ${issue.message}` : `${where}: ${field}: ${issue.message}`];
}

function contradictions(machine: StateMachine): string[] {
  const unknown = (name: string | undefined) =>
    name === undefined || Object.hasOwn(machine.States, name) ? [] : [`no state ${name}`];
  return [
    ...unknown(machine.StartAt).map((problem) => `The machine: StartAt: ${problem}`),
    ...Object.entries(machine.States).flatMap(([name, state]) =>
      [
        ...targetsOf(state).flatMap(unknown),
        ...continuation(state),
        ...(state.Type === "Task" ? taskProblems(state) : []),
        ...(state.Type === "Wait" &&
        (state.Seconds === undefined) === (state.Timestamp === undefined)
          ? ["needs either Seconds or Timestamp"]
          : []),
        ...templateProblems(state),
      ].map((problem) => `State ${name}: ${problem}`),
    ),
  ];
}

function targetsOf(state: State): (string | undefined)[] {
  if (state.Type === "Choice") return [state.Default, ...state.Choices.map(({ Next }) => Next)];
  if (state.Type === "Task") return [state.Next, ...state.Catch.map(({ Next }) => Next)];
  return state.Type === "Wait" ? [state.Next] : [];
}

function continuation(state: State): string[] {
  if (state.Type !== "Task" && state.Type !== "Wait") return [];
  return (state.Next === undefined) === (state.End === undefined)
    ? ["needs either Next or End"]
    : [];
}

function taskProblems({ Resource, TimeoutSeconds, HeartbeatSeconds, Retry, Catch }: TaskState) {
  const problems: string[] = [];
  if (HeartbeatSeconds !== undefined && Resource !== LAMBDA_INVOKE_AND_WAIT) {
    problems.push("HeartbeatSeconds needs the resource to wait for a task token");
  }
  if (
    typeof HeartbeatSeconds === "number" &&
    typeof TimeoutSeconds === "number" &&
    HeartbeatSeconds >= TimeoutSeconds
  ) {
    problems.push("HeartbeatSeconds must be smaller than TimeoutSeconds");
  }
  for (const [field, rules] of Object.entries({ Retry, Catch })) {
    const misplaced = rules.some(
      ({ ErrorEquals }, index) =>
        ErrorEquals.includes("States.ALL") && (ErrorEquals.length > 1 || index < rules.length - 1),
    );
    if (misplaced) problems.push(`${field}: States.ALL must stand alone and last`);
  }
  for (const { IntervalSeconds, MaxDelaySeconds = Number.POSITIVE_INFINITY } of Retry) {
    if (MaxDelaySeconds <= IntervalSeconds) {
      problems.push("Retry: MaxDelaySeconds must be greater than IntervalSeconds");
    }
  }
  return problems;
}

function templateProblems(state: State): string[] {
  const rules = [
    state,
    ...("Choices" in state ? state.Choices : []),
    ...("Catch" in state ? state.Catch : []),
  ];
  const assigned = rules.flatMap((rule) =>
    "Assign" in rule ? Object.keys(rule.Assign ?? {}) : [],
  );
  return [
    ...assigned
      .filter((name) => name === "states" || !/^[\p{L}_][\p{L}\p{N}_]{0,79}$/u.test(name))
      .map((name) => `Assign: ${name} cannot be the name of a variable`),
    ...jsonPathKeys(state).map((key) => `field ${key} is JSONPath, which is not supported`),
    ...expressionsIn(state).flatMap((expression) => problemOf(expression) ?? []),
  ];
}

function jsonPathKeys(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key.endsWith(".$") ? [key] : []),
    ...jsonPathKeys(inner),
  ]);
}
