import jsonata from "jsonata";
import { StateError } from "./failure.ts";
import { stepFunctionsFunctions } from "./jsonata-functions.ts";

/** What expressions may refer to: `$states`, the assigned variables, and the instant as `$now()`. */
export interface Scope {
  readonly states: {
    readonly input: unknown;
    readonly context: unknown;
    readonly result?: unknown;
    readonly errorOutput?: unknown;
  };
  readonly variables: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

const EVALUATION_LIMITS = { timeout: 5_000, stack: 500 };
const compiled = new Map<string, jsonata.Expression>();

function compile(source: string): jsonata.Expression {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const expression = jsonata(source, EVALUATION_LIMITS);
  compiled.set(source, expression);
  return expression;
}

/** The JSONata inside a string that begins with `{%` and ends with `%}`. */
const sourceOf = (text: string): string | undefined => /^\{%([\s\S]*)%\}$/.exec(text)?.[1];

/** Every string at any depth that is, or was meant to be, an expression. */
export function expressionsIn(value: unknown): string[] {
  if (typeof value === "string") return value.trimStart().startsWith("{%") ? [value] : [];
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap(expressionsIn)
    : [];
}

/** Why Step Functions would refuse the expression, or `undefined`. */
export function problemOf(text: string): string | undefined {
  const source = sourceOf(text);
  if (source === undefined) return `${text} begins with {% but does not end with %}`;
  try {
    return names(compile(source).ast(), "eval") ? `$eval is not supported: ${text}` : undefined;
  } catch (error) {
    return `${text} is not JSONata: ${messageOf(error)}`;
  }
}

function names(node: unknown, variable: string): boolean {
  if (typeof node !== "object" || node === null) return false;
  const { type, value } = node as { type?: unknown; value?: unknown };
  if (type === "variable" && value === variable) return true;
  return Object.values(node).some((inner) => names(inner, variable));
}

/** jsonata throws plain objects with a message, not errors. */
const messageOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "message" in error
    ? String(error.message)
    : String(error);

/**
 * Evaluates every expression in a template of any depth; keys and other strings stay as they are.
 * @throws StateError `States.QueryEvaluationError`, also where the result is undefined.
 */
export async function evaluate(template: unknown, scope: Scope): Promise<unknown> {
  if (typeof template === "string") {
    const source = sourceOf(template);
    return source === undefined ? template : await evaluateSource(source, scope);
  }
  if (Array.isArray(template)) {
    return await Promise.all(template.map((item) => evaluate(item, scope)));
  }
  if (typeof template !== "object" || template === null) return template;
  const entries = Object.entries(template).map(
    async ([key, value]) => [key, await evaluate(value, scope)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function evaluateSource(source: string, { states, variables, at }: Scope): Promise<unknown> {
  const refuse = (reason: string) =>
    new StateError("States.QueryEvaluationError", `The expression ${source.trim()} ${reason}`);
  let text: string | undefined;
  try {
    const bindings = { ...stepFunctionsFunctions(at), ...variables, states };
    text = JSON.stringify(await compile(source).evaluate(undefined, bindings));
  } catch (error) {
    throw refuse(`failed: ${messageOf(error)}`);
  }
  if (text === undefined) throw refuse("returned nothing");
  return JSON.parse(text);
}

/** The longest time that the Amazon States Language can name. */
const MAX_SECONDS = 99_999_999;

/** @throws StateError `States.QueryEvaluationError` unless the result is a whole number between `least` and the longest. */
export async function evaluateSeconds(
  template: unknown,
  scope: Scope,
  least: number,
): Promise<number> {
  const seconds = await evaluate(template, scope);
  const isAllowed =
    typeof seconds === "number" &&
    Number.isInteger(seconds) &&
    seconds >= least &&
    seconds <= MAX_SECONDS;
  if (isAllowed) return seconds;
  throw new StateError(
    "States.QueryEvaluationError",
    `${String(template)} is not a whole number of seconds between ${least} and ${MAX_SECONDS}: ${JSON.stringify(seconds)}`,
  );
}
