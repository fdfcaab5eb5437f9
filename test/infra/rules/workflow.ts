import validate from "asl-validator";
import jsonata from "jsonata";
import { at, input, list, type Resource } from "./graph.ts";

/** A definition as it was deployed, not as the compiler saw it: a fault is to be found, not to be impossible here. */
export type Definition = { StartAt: string; States: Record<string, State> };
type State = Record<string, unknown>;

export const deployedDefinition = (machine: Resource): Definition =>
  JSON.parse(String(input(machine, "definition")));

/** What a plan may answer: all that a condition may compare with. */
export const outcomes = [
  "step-approved",
  "approved",
  "returned",
  "rejected",
  "withdrawn",
  "expired",
] as const;

const states = (definition: Definition): [string, State][] => Object.entries(definition.States);
const everywhere = (definition: Definition, lint: (state: State) => (string | false)[]) =>
  states(definition).flatMap(([name, state]) =>
    lint(state).flatMap((wrong) => (wrong ? [`${name}: ${wrong}`] : [])),
  );

/** What the language itself demands. */
export const isValid = (definition: Definition): string[] => {
  const { isValid: valid, errors } = validate(definition);
  return valid ? [] : errors.map((error) => JSON.stringify(error));
};

const targets = (state: State): string[] =>
  [
    state["Next"],
    state["Default"],
    ...list(state["Choices"]).map((rule) => at(rule, "Next")),
    ...list(state["Catch"]).map((rule) => at(rule, "Next")),
  ].flatMap((next) => (typeof next === "string" ? [next] : []));

/** Every state is reached from the start, every target is there, and an end is reached from everywhere. */
export const isConnected = (definition: Definition): string[] => {
  const reached = new Set<string>([definition.StartAt]);
  for (const name of reached)
    for (const next of targets(definition.States[name] ?? {})) reached.add(next);
  const ends = new Set(
    states(definition).flatMap(([name, { Type, End }]) =>
      Type === "Succeed" || Type === "Fail" || End === true ? [name] : [],
    ),
  );
  for (let before = -1; before < ends.size; ) {
    before = ends.size;
    for (const [name, state] of states(definition))
      if (targets(state).some((next) => ends.has(next))) ends.add(name);
  }
  return [
    ...Object.keys(definition.States)
      .filter((name) => !reached.has(name))
      .map((name) => `${name} is never reached`),
    ...[...reached]
      .filter((name) => !(name in definition.States))
      .map((name) => `${name} does not exist`),
    ...Object.keys(definition.States)
      .filter((name) => !ends.has(name))
      .map((name) => `${name} never ends`),
  ];
};

/** What the local runner executes, and what the role of the state machine allows. */
const resources = [
  "arn:aws:states:::lambda:invoke",
  "arn:aws:states:::lambda:invoke.waitForTaskToken",
];

export const resourcesAreKnown = (definition: Definition): string[] =>
  everywhere(definition, ({ Type, Resource }) => [
    Type === "Task" && !resources.includes(String(Resource)) && `unknown resource ${Resource}`,
  ]);

const waits = ({ Resource }: State) => String(Resource).endsWith(".waitForTaskToken");

export const tokensAreHandedOver = (definition: Definition): string[] =>
  everywhere(definition, (state) => [
    waits(state) &&
      !JSON.stringify(at(state, "Arguments", "Payload") ?? null).includes(
        "$states.context.Task.Token",
      ) &&
      "waits for a token that it gives to nobody",
  ]);

/** A task without a timeout waits a year; a heartbeat later than the timeout never comes. */
export const waitsEnd = (definition: Definition): string[] => [
  ...everywhere(definition, ({ Type, TimeoutSeconds, HeartbeatSeconds }) => [
    Type === "Task" && TimeoutSeconds === undefined && "no timeout",
    typeof HeartbeatSeconds === "number" &&
      typeof TimeoutSeconds === "number" &&
      HeartbeatSeconds >= TimeoutSeconds &&
      "the heartbeat is due after the timeout",
  ]),
  ...(typeof at(definition, "TimeoutSeconds") === "number" ? [] : ["no timeout of the whole"]),
];

/** Faults of a task are tried again a bounded number of times, apart from each other, and then go somewhere. */
export const faultsAreHandled = (definition: Definition): string[] =>
  everywhere(definition, (state) =>
    state["Type"] !== "Task"
      ? []
      : [
          !list(state["Catch"]).some((rule) =>
            list(at(rule, "ErrorEquals")).includes("States.ALL"),
          ) && "a fault is not caught",
          waits(state) &&
            !list(state["Catch"]).some((rule) =>
              list(at(rule, "ErrorEquals")).includes("States.Timeout"),
            ) &&
            "a timeout is not caught",
          list(state["Retry"]).length === 0 && "is not tried again",
          ...list(state["Retry"]).map(
            (rule) =>
              (at(rule, "JitterStrategy") !== "FULL" || Number(at(rule, "MaxAttempts")) > 10) &&
              "is tried again all at once or without end",
          ),
        ],
  );

const ruleFields = new Set(["Condition", "Next", "Assign", "Output", "Comment"]);
const functionsOfJsonata = new Set(["string", "number", "exists", "merge", "not", "count"]);

const expressions = (value: unknown): string[] => {
  if (typeof value === "string") return /^\{%.*%\}$/s.test(value) ? [value.slice(2, -2)] : [];
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap(expressions)
    : [];
};

function variables(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  const own = at(node, "type") === "variable" ? [String(at(node, "value"))] : [];
  return [...own, ...Object.values(node).flatMap(variables)];
}

/** Texts that a condition compares with, whichever way round. */
function comparedTexts(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  const isComparison =
    at(node, "type") === "binary" && ["=", "!=", "in"].includes(String(at(node, "value")));
  const texts = (inner: unknown): string[] =>
    at(inner, "type") === "string"
      ? [String(at(inner, "value"))]
      : list(at(inner, "expressions")).flatMap(texts);
  const own = isComparison ? [...texts(at(node, "lhs")), ...texts(at(node, "rhs"))] : [];
  return [...own, ...Object.values(node).flatMap(comparedTexts)];
}

/**
 * A misspelt comparison is no error anywhere: the rule is never true, and the default is taken.
 * @param vocabulary every text that a condition may compare with
 */
export const comparisonsAreSpelt =
  (vocabulary: readonly string[]) =>
  (definition: Definition): string[] => {
    const assigned = new Set(
      states(definition).flatMap(([, state]) =>
        [state, ...list(state["Choices"]), ...list(state["Catch"])].flatMap((part) =>
          Object.keys(at(part, "Assign") ?? {}),
        ),
      ),
    );
    const known = new Set([...assigned, ...functionsOfJsonata, "states", ""]);
    return everywhere(definition, (state) => [
      ...list(state["Choices"]).flatMap((rule) => [
        ...Object.keys(rule ?? {}).map((field) => !ruleFields.has(field) && `what is ${field}?`),
        ...expressions(at(rule, "Condition")).flatMap((source) => {
          const tree = parsed(source);
          return typeof tree === "string"
            ? []
            : comparedTexts(tree).map(
                (text) => !vocabulary.includes(text) && `nothing is ever '${text}'`,
              );
        }),
      ]),
      ...expressions(state).flatMap((source) => {
        const tree = parsed(source);
        return typeof tree === "string"
          ? [tree]
          : variables(tree).map((name) => !known.has(name) && `nobody assigns $${name}`);
      }),
    ]);
  };

function parsed(source: string): object | string {
  try {
    return jsonata(source).ast();
  } catch (error) {
    return `${source}: ${(error as { message?: string }).message}`;
  }
}
