import jsep from "jsep";

export type FormulaFunction = "if" | "min" | "max" | "avg" | "sum" | "clamp" | "round";
export type Arithmetic = "+" | "-" | "*" | "/";
export type Comparison = "<" | "<=" | ">" | ">=" | "==" | "!=";

/** The whole language: what is not one of these is refused. */
export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "measure"; readonly name: string }
  | { readonly kind: "negate" | "not"; readonly of: Expression }
  | {
      readonly kind: "binary";
      readonly operator: Arithmetic | Comparison | "and" | "or";
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "call";
      readonly name: FormulaFunction;
      readonly arguments: readonly Expression[];
    };

/** What is wrong with a formula, in words for who wrote it. */
export class FormulaFault extends Error {
  override readonly name = "FormulaFault";
}

export const MOST_CHARACTERS = 2_000;
const MOST_NODES = 200;
const DEEPEST = 16;

/** Fewest and most arguments. */
const FUNCTIONS: Readonly<Record<FormulaFunction, readonly [number, number]>> = {
  if: [3, 3],
  min: [2, 12],
  max: [2, 12],
  avg: [2, 12],
  sum: [2, 12],
  clamp: [3, 3],
  round: [1, 2],
};
export const MOST_DECIMALS = 4;

const ARITHMETIC: Readonly<Record<Arithmetic, number>> = { "+": 9, "-": 9, "*": 10, "/": 10 };
const COMPARISONS: Readonly<Record<Comparison, number>> = {
  "==": 6,
  "!=": 6,
  "<": 7,
  "<=": 7,
  ">": 7,
  ">=": 7,
};
const LOGIC = { or: 1, and: 2 } as const;

// The parser is one object for the whole process: it is told the language once, and only here.
jsep.removeAllBinaryOps();
jsep.removeAllUnaryOps();
jsep.removeAllLiterals();
for (const [operator, precedence] of Object.entries({ ...LOGIC, ...COMPARISONS, ...ARITHMETIC })) {
  jsep.addBinaryOp(operator, precedence);
}
jsep.addUnaryOp("-");
jsep.addUnaryOp("not");

type Typed = { readonly expression: Expression; readonly type: "number" | "truth" };
type Operator = Extract<Expression, { kind: "binary" }>["operator"];

export const isArithmetic = (operator: string): operator is Arithmetic =>
  Object.hasOwn(ARITHMETIC, operator);
const isComparison = (operator: string): operator is Comparison =>
  Object.hasOwn(COMPARISONS, operator);
const isLogic = (operator: string): operator is "and" | "or" => Object.hasOwn(LOGIC, operator);
const isFunction = (name: string): name is FormulaFunction => Object.hasOwn(FUNCTIONS, name);

/** Words of the language, which no measure can have as its name. */
export const isReserved = (name: string): boolean =>
  isFunction(name) || isLogic(name) || name === "not";

const NAME = /^[a-z][a-z0-9_]{0,59}$/;

function treeOf(source: string): jsep.CoreExpression {
  // The parser skips separators that separate nothing.
  if (/;|(^|[(,])\s*,|,\s*($|\))/.test(source)) {
    throw new FormulaFault("must be one expression, with a comma only between arguments");
  }
  try {
    return jsep(source) as jsep.CoreExpression;
  } catch (error) {
    const { description, index } = error as { description?: string; index?: number };
    const at = index === undefined ? "" : ` at character ${Math.min(index, source.length) + 1}`;
    throw new FormulaFault(`cannot be read${at}${description ? `: ${description}` : ""}`, {
      cause: error,
    });
  }
}

/** @throws FormulaFault for everything that is not in the language, too long, too deep or of the wrong type */
export function parseFormula(source: string): { expression: Expression; nodes: number } {
  if (source.length > MOST_CHARACTERS) {
    throw new FormulaFault(`must be at most ${MOST_CHARACTERS} characters`);
  }
  let nodes = 0;

  function checked(tree: jsep.CoreExpression, depth: number): Typed {
    nodes += 1;
    if (nodes > MOST_NODES) throw new FormulaFault(`must be at most ${MOST_NODES} parts`);
    if (depth > DEEPEST) throw new FormulaFault(`must be nested at most ${DEEPEST} deep`);
    const inner = (part: jsep.Expression): Typed => checked(part as jsep.CoreExpression, depth + 1);
    switch (tree.type) {
      case "Literal":
        return { expression: { kind: "number", value: literalOf(tree) }, type: "number" };
      case "Identifier":
        return { expression: { kind: "measure", name: measureOf(tree.name) }, type: "number" };
      case "UnaryExpression":
        return unary(tree.operator, inner(tree.argument));
      case "BinaryExpression":
        return binary(tree.operator, inner(tree.left), inner(tree.right));
      case "CallExpression":
        return call(tree.callee as jsep.CoreExpression, tree.arguments.map(inner));
      default:
        throw new FormulaFault(WHY_NOT[tree.type]);
    }
  }

  const { expression, type } = checked(treeOf(source), 1);
  // The parser knows more than its tree tells, such as a call with `?.`; no sign of that gets in.
  const stranger = /[^a-z0-9_\s.,()+\-*/<>=!]/.exec(source);
  if (stranger) throw new FormulaFault(`has no ${stranger[0]}`);
  if (type !== "number") throw new FormulaFault("must give a number, not true or false");
  return { expression, nodes };
}

const WHY_NOT = {
  ArrayExpression: "has no lists",
  Compound: "must be one expression",
  ConditionalExpression: "has no ? : ; write if(condition, then, else)",
  MemberExpression: "has no properties or indexes",
  SequenceExpression: "must be one expression",
  ThisExpression: "names no measure: this",
} as const;

function literalOf({ value, raw }: jsep.Literal): number {
  if (typeof value !== "number") throw new FormulaFault("has no texts, only numbers");
  if (!/^\d+(\.\d+)?$/.test(raw)) {
    throw new FormulaFault(
      `${raw.slice(0, 40)} must be written as digits with a point, such as 0.5`,
    );
  }
  if (value > 1e15) throw new FormulaFault("has numbers up to 10^15");
  return value;
}

function measureOf(name: string): string {
  if (!NAME.test(name) || isReserved(name)) {
    throw new FormulaFault(`names no measure: ${name.slice(0, 60)}`);
  }
  return name;
}

function unary(operator: string, { expression, type }: Typed): Typed {
  if (operator === "not") {
    if (type !== "truth") {
      throw new FormulaFault("not needs a condition: put it in parentheses, as in not (a < b)");
    }
    return { expression: { kind: "not", of: expression }, type };
  }
  if (type !== "number") throw new FormulaFault("- needs a number, not a condition");
  return { expression: { kind: "negate", of: expression }, type };
}

function binary(operator: string, left: Typed, right: Typed): Typed {
  const both = (type: Typed["type"]): boolean => left.type === type && right.type === type;
  const made = (typed: Operator, type: Typed["type"]): Typed => ({
    expression: {
      kind: "binary",
      operator: typed,
      left: left.expression,
      right: right.expression,
    },
    type,
  });
  if (isLogic(operator)) {
    if (!both("truth")) throw new FormulaFault(`${operator} needs a condition on both sides`);
    return made(operator, "truth");
  }
  if (!both("number")) throw new FormulaFault(`${operator} needs a number on both sides`);
  if (isComparison(operator)) return made(operator, "truth");
  if (isArithmetic(operator)) return made(operator, "number");
  throw new FormulaFault(`has no ${operator}`);
}

function call(callee: jsep.CoreExpression, given: readonly Typed[]): Typed {
  const name = callee.type === "Identifier" ? callee.name : "";
  if (!isFunction(name)) {
    throw new FormulaFault(
      `has no function ${name.slice(0, 40) || "of that kind"}; there are ${Object.keys(FUNCTIONS).join(", ")}`,
    );
  }
  const [fewest, most] = FUNCTIONS[name];
  if (given.length < fewest || given.length > most) {
    const wanted = fewest === most ? `${fewest}` : `${fewest} to ${most}`;
    throw new FormulaFault(`${name} takes ${wanted} arguments, not ${given.length}`);
  }
  const parts = given.map(({ expression }) => expression);
  const [condition, ...values] = name === "if" ? given : [undefined, ...given];
  if (condition && condition.type !== "truth") {
    throw new FormulaFault("if needs a condition first, as in if(a < b, 1, 2)");
  }
  if (values.some((value) => value?.type !== "number")) {
    throw new FormulaFault(`${name} takes numbers, not conditions`);
  }
  const decimals = name === "round" ? parts[1] : undefined;
  if (decimals && !isDecimals(decimals)) {
    throw new FormulaFault(`round takes 0 to ${MOST_DECIMALS} decimals, written as a digit`);
  }
  return { expression: { kind: "call", name, arguments: parts }, type: "number" };
}

const isDecimals = (expression: Expression): boolean =>
  expression.kind === "number" &&
  Number.isInteger(expression.value) &&
  expression.value <= MOST_DECIMALS;
