import { performance } from "node:perf_hooks";
import { type Formula, FormulaFault, readFormula } from "@concord/core/formula";
import { figure } from "@concord/local/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { workOut } from "../independent/formula.ts";

const NAMES = ["deals_won", "revenue_won", "win_rate_percent", "csat", "constructor", "a1"];
const SEED = 20261125;

const number = fc.oneof(
  fc.integer({ min: 0, max: 1_000 }).map(String),
  fc.tuple(fc.nat(999), fc.nat(9_999)).map(([whole, part]) => `${whole}.${part}`),
  fc.constantFrom("0", "0.1", "1000000000000000"),
);
const arithmetic = fc.constantFrom("+", "-", "*", "/");
const comparison = fc.constantFrom("<", "<=", ">", ">=", "==", "!=");

/** Formulas that are in the language, up to a depth it allows. */
const { value: valid } = fc.letrec<{ value: string; truth: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    number,
    fc.constantFrom(...NAMES),
    fc.tuple(tie("value"), arithmetic, tie("value")).map((parts) => parts.join(" ")),
    fc.tuple(tie("value"), arithmetic, tie("value")).map((parts) => `(${parts.join("")})`),
    tie("value").map((of) => `-(${of})`),
    fc.tuple(tie("truth"), tie("value"), tie("value")).map((parts) => `if(${parts.join(", ")})`),
    fc
      .tuple(
        fc.constantFrom("min", "max", "avg", "sum"),
        fc.array(tie("value"), { minLength: 2, maxLength: 3 }),
      )
      .map(([name, parts]) => `${name}(${parts.join(",")})`),
    fc.tuple(tie("value"), tie("value"), tie("value")).map((parts) => `clamp(${parts.join(", ")})`),
    fc.tuple(tie("value"), fc.nat(4)).map((parts) => `round(${parts.join(", ")})`),
  ),
  truth: fc.oneof(
    { maxDepth: 4 },
    fc.tuple(number, comparison, fc.constantFrom(...NAMES)).map((parts) => parts.join(" ")),
    fc
      .tuple(tie("value"), comparison, tie("value"))
      .map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
    fc
      .tuple(tie("truth"), fc.constantFrom("and", "or"), tie("truth"))
      .map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
    tie("truth").map((of) => `not (${of})`),
  ),
}));

/** Pieces of the language and of what must never get into it, in any order. */
const HOSTILE = [
  ...["constructor", "__proto__", "prototype", "this", "globalThis", "process", "require", "eval"],
  ...["Function", "import", "new", "delete", "=>", "=", "++", "?.", "?", ":", "[", "]", "{", "}"],
  ...["'", '"', "`", "${", "/*", "*/", "//", "\\u0061", "\0", "\u202e", "1e999", "0x1f", "1n"],
  ...["((((((((((((((((((", "))))))))))))))))))", "-----------------", "not not not not not"],
  ...["if", "min", "clamp", "round", "and", "or", "not", "(", ")", ",", ".", ";", "-", "+", "*"],
  ...["/", "<", "<=", "==", "!=", "!", "&&", "||", "**", "%", "1", "0.5", "csat", "deals_won", " "],
];
const soup = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 3 })), { maxLength: 40 })
  .map((parts) => parts.join(""));
const broken = fc.tuple(valid, fc.nat(), fc.constantFrom(...HOSTILE)).map(([text, at, piece]) => {
  const place = at % (text.length + 1);
  return `${text.slice(0, place)}${piece}${text.slice(place)}`;
});

const values = fc.record(
  Object.fromEntries(
    NAMES.map((name) => [
      name,
      fc.oneof(
        fc.constantFrom(undefined, 0, 1, -1, 100),
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.integer({ min: -1_000, max: 1_000 }),
      ),
    ]),
  ),
);

const evaluated = (formula: Formula, given: Record<string, number | undefined>) => {
  const result = formula.evaluate(
    formula.measures.map((name) =>
      Object.hasOwn(given, name) ? (given[name] ?? Number.NaN) : Number.NaN,
    ),
  );
  return Number.isNaN(result) ? undefined : result + 0;
};

/** A formula, or undefined where the language refuses the text. Anything else that is thrown is an escape. */
function read(source: string): Formula | undefined {
  try {
    return readFormula(source);
  } catch (error) {
    if (error instanceof FormulaFault) return undefined;
    throw error;
  }
}

describe("formulas, random and hostile", () => {
  let longest = 0;
  const timeOf = (work: () => unknown): number => {
    const began = performance.now();
    work();
    return performance.now() - began;
  };
  /** What is slow once may have waited for the machine; the fastest of a few is the text's own time. */
  const timed = <T>(work: () => T): T => {
    const began = performance.now();
    const result = work();
    const once = performance.now() - began;
    if (once > longest) {
      longest = Math.max(longest, Math.min(once, ...[1, 2, 3, 4, 5].map(() => timeOf(work))));
    }
    return result;
  };

  it("come to what an independent evaluator comes to, wherever the language takes them", () => {
    let taken = 0;
    fc.assert(
      fc.property(valid, values, (source, given) => {
        const formula = timed(() => read(source));
        // Too long or too deep is refused; nothing else of these is.
        if (!formula) return;
        taken += 1;
        const expected = workOut(source, given);
        expect(timed(() => evaluated(formula, given))).toBe(
          expected === undefined ? undefined : expected + 0,
        );
      }),
      { numRuns: figure(6_000, 500_000), seed: SEED },
    );
    expect(taken).toBeGreaterThan(figure(4_000, 350_000));
  }, 900_000);

  it("are refused or give a number, whatever is written", () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(soup, broken), values, (source, given) => {
        const formula = timed(() => read(source));
        if (!formula) return;
        taken += 1;
        const result = timed(() => evaluated(formula, given));
        expect(result === undefined || Number.isFinite(result)).toBe(true);
        // What was taken must be a formula by the description too, and mean the same.
        const expected = workOut(source, given);
        expect(result).toBe(expected === undefined ? undefined : expected + 0);
      }),
      { numRuns: figure(6_000, 500_000), seed: SEED },
    );
    expect(taken).toBeGreaterThan(figure(50, 5_000));
    process.stdout.write(`formulas: longest single step ${longest.toFixed(2)} ms\n`);
  }, 900_000);

  it("a parser that lets members through is caught by the same texts", () => {
    const loose = (source: string) => new Function("csat", `return (${source})`)(1);
    expect(() => readFormula("csat.constructor")).toThrow(FormulaFault);
    expect(loose("csat.constructor")).toBe(Number);
  });
});
