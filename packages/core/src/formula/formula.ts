import { apply, compile, type Evaluate, operate } from "./evaluate.ts";
import { type Expression, FormulaFault, isArithmetic, parseFormula } from "./expression.ts";

/** A formula that has been read, checked and compiled. Immutable. */
export interface Formula {
  readonly source: string;
  readonly expression: Expression;
  /** The measures it names, each once, in the order of their first mention. */
  readonly measures: readonly string[];
  /** What one evaluation costs. */
  readonly nodes: number;
  /** Values in the order of `measures`, NaN for no data; gives NaN where there is no data. */
  readonly evaluate: Evaluate;
}

function* measuresOf(expression: Expression): Generator<string> {
  switch (expression.kind) {
    case "number":
      return;
    case "measure":
      yield expression.name;
      return;
    case "negate":
    case "not":
      yield* measuresOf(expression.of);
      return;
    case "binary":
      yield* measuresOf(expression.left);
      yield* measuresOf(expression.right);
      return;
    case "call":
      for (const part of expression.arguments) yield* measuresOf(part);
  }
}

/** @throws FormulaFault with what is wrong, for who wrote it */
export function readFormula(source: string): Formula {
  const { expression, nodes } = parseFormula(source);
  const measures = [...new Set(measuresOf(expression))];
  return { source, expression, measures, nodes, evaluate: compile(expression, measures) };
}

/** What keeps a text from being a formula; undefined where nothing does. */
export function faultOfFormula(source: string): string | undefined {
  try {
    readFormula(source);
    return undefined;
  } catch (error) {
    if (error instanceof FormulaFault) return error.message;
    throw error;
  }
}

/** One part of a formula and what it came to. */
export interface FormulaStep {
  /** The part as it is written in the formula's own terms. */
  readonly text: string;
  /** Null where there is no data. */
  readonly value: number | boolean | null;
  /** Why there is no data, at the part where it began. */
  readonly reason?: string;
}

interface Worked {
  readonly text: string;
  /** Unary and binary parts need parentheses inside another; calls, names and numbers do not. */
  readonly isJoined: boolean;
  readonly value: number;
  readonly isTruth: boolean;
}

const within = ({ text, isJoined }: Worked): string => (isJoined ? `(${text})` : text);

/**
 * How a formula came to its value, part by part in the order of evaluation; the last step is the whole.
 * Parts that were not needed (the other branch of an `if`) are not among them.
 */
export function stepsOf(
  { expression, measures }: Formula,
  values: readonly number[],
): FormulaStep[] {
  const steps: FormulaStep[] = [];
  const worked = (
    text: string,
    value: number,
    isTruth: boolean,
    isJoined: boolean,
    why?: string,
  ) => {
    const hasData = !Number.isNaN(value);
    steps.push({
      text,
      value: !hasData ? null : isTruth ? value === 1 : value + 0,
      ...(hasData || why === undefined ? {} : { reason: why }),
    });
    return { text, value, isTruth, isJoined };
  };

  function work(part: Expression): Worked {
    switch (part.kind) {
      case "number":
        return { text: String(part.value), value: part.value, isTruth: false, isJoined: false };
      case "measure": {
        const value = values[measures.indexOf(part.name)] ?? Number.NaN;
        return worked(part.name, value, false, false, `${part.name} has no data`);
      }
      case "negate": {
        const of = work(part.of);
        return worked(`-${within(of)}`, -of.value, false, true);
      }
      case "not": {
        const of = work(part.of);
        return worked(`not (${of.text})`, 1 - of.value, true, true);
      }
      case "binary": {
        const left = work(part.left);
        const right = work(part.right);
        const text = `${within(left)} ${part.operator} ${within(right)}`;
        const isMissing = Number.isNaN(left.value) || Number.isNaN(right.value);
        const value = isMissing ? Number.NaN : operate(part.operator, left.value, right.value);
        const isTruth = !isArithmetic(part.operator);
        const why =
          part.operator === "/" && right.value === 0 ? "division by zero" : "out of range";
        return worked(text, value, isTruth, true, isMissing ? undefined : why);
      }
      case "call":
        return workCall(part);
    }
  }

  function workCall({ name, arguments: given }: Extract<Expression, { kind: "call" }>): Worked {
    if (name === "if") {
      const [condition, then, otherwise] = given as [Expression, Expression, Expression];
      const decided = work(condition);
      if (Number.isNaN(decided.value)) {
        return worked(`if(${decided.text}, …)`, Number.NaN, false, false);
      }
      const chosen = work(decided.value === 1 ? then : otherwise);
      const branches = decided.value === 1 ? `${chosen.text}, …` : `…, ${chosen.text}`;
      return worked(`if(${decided.text}, ${branches})`, chosen.value, false, false);
    }
    const parts = given.map(work);
    const text = `${name}(${parts.map((part) => part.text).join(", ")})`;
    const isMissing = parts.some(({ value }) => Number.isNaN(value));
    const value = isMissing
      ? Number.NaN
      : apply(
          name,
          parts.map((part) => part.value),
        );
    const why = name === "clamp" ? "the lower bound is above the upper" : "out of range";
    return worked(text, value, false, false, isMissing ? undefined : why);
  }

  const whole = work(expression);
  if (steps.length === 0) worked(whole.text, whole.value, false, false);
  return steps;
}
