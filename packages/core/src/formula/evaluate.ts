import type { Expression } from "./expression.ts";

/**
 * Values of the measures in the order of their names; NaN where one has no data. Gives a number, 1 or 0
 * for a condition, and NaN for "no data".
 */
export type Evaluate = (values: readonly number[]) => number;

const GREATEST = 1e15;
const NO_DATA = Number.NaN;

/** Also what is not a number any more, or too great to be kept exactly, is no data. */
const kept = (value: number): number => (Math.abs(value) <= GREATEST ? value : NO_DATA);

const truth = (isTrue: boolean): number => (isTrue ? 1 : 0);

/** Halves away from zero. */
const roundedTo = (value: number, decimals: number): number => {
  const power = 10 ** decimals;
  return (Math.sign(value) * Math.floor(Math.abs(value) * power + 0.5)) / power;
};

const operations: Readonly<
  Record<
    Extract<Expression, { kind: "binary" }>["operator"],
    (left: number, right: number) => number
  >
> = {
  "+": (left, right) => kept(left + right),
  "-": (left, right) => kept(left - right),
  "*": (left, right) => kept(left * right),
  "/": (left, right) => (right === 0 ? NO_DATA : kept(left / right)),
  "<": (left, right) => truth(left < right),
  "<=": (left, right) => truth(left <= right),
  ">": (left, right) => truth(left > right),
  ">=": (left, right) => truth(left >= right),
  "==": (left, right) => truth(left === right),
  "!=": (left, right) => truth(left !== right),
  and: (left, right) => left * right,
  or: (left, right) => Math.max(left, right),
};

/** One operation on numbers that all have data. */
export function operate(
  operator: Extract<Expression, { kind: "binary" }>["operator"],
  left: number,
  right: number,
): number {
  return operations[operator](left, right);
}

const added = (given: readonly number[]): number => given.reduce((a, b) => kept(a + b));

/** One function on numbers that all have data; `if` is not among them, since it reads one branch alone. */
export function apply(
  name: Exclude<Extract<Expression, { kind: "call" }>["name"], "if">,
  given: readonly number[],
): number {
  const [first = NO_DATA, second = 0, third = 0] = given;
  switch (name) {
    case "min":
      return Math.min(...given);
    case "max":
      return Math.max(...given);
    case "sum":
      return added(given);
    case "avg":
      return added(given) / given.length;
    case "clamp":
      return second > third ? NO_DATA : Math.min(third, Math.max(second, first));
    case "round":
      return roundedTo(first, second);
  }
}

/** Compiled once to closures; the cost of a call is the number of nodes. */
export function compile(expression: Expression, names: readonly string[]): Evaluate {
  switch (expression.kind) {
    case "number": {
      const { value } = expression;
      return () => value;
    }
    case "measure": {
      const position = names.indexOf(expression.name);
      return (values) => values[position] ?? NO_DATA;
    }
    case "negate": {
      const of = compile(expression.of, names);
      return (values) => -of(values);
    }
    case "not": {
      const of = compile(expression.of, names);
      return (values) => 1 - of(values);
    }
    case "binary": {
      const left = compile(expression.left, names);
      const right = compile(expression.right, names);
      const operation = operations[expression.operator];
      return (values) => {
        const a = left(values);
        const b = right(values);
        // A comparison with NaN would be false, and false is an answer.
        return Number.isNaN(a) || Number.isNaN(b) ? NO_DATA : operation(a, b);
      };
    }
    case "call":
      return compileCall(expression, names);
  }
}

function compileCall(
  { name, arguments: given }: Extract<Expression, { kind: "call" }>,
  names: readonly string[],
): Evaluate {
  const parts = given.map((part) => compile(part, names));
  if (name === "if") {
    const [condition, then, otherwise] = parts as [Evaluate, Evaluate, Evaluate];
    return (values) => {
      const chosen = condition(values);
      if (Number.isNaN(chosen)) return NO_DATA;
      return chosen === 1 ? then(values) : otherwise(values);
    };
  }
  return (values) => {
    const numbers: number[] = [];
    for (const part of parts) {
      const value = part(values);
      if (Number.isNaN(value)) return NO_DATA;
      numbers.push(value);
    }
    return apply(name, numbers);
  };
}
