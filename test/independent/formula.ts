/**
 * The formula language once more, by the description alone: read and worked out in one pass over the text,
 * without a tree. `undefined` is "no data". Throws where the text is not a formula.
 */
export function workOut(
  source: string,
  values: Readonly<Record<string, number | undefined>>,
): number | undefined {
  const tokens = source.match(/\d+(?:\.\d+)?|[a-z_][a-z0-9_]*|<=|>=|==|!=|[-+*/(),<>]|\S/gi) ?? [];
  let at = 0;
  const peek = () => tokens[at];
  const take = () => tokens[at++];
  const expect = (wanted: string) => {
    if (take() !== wanted) throw new Error(`not a formula: wanted ${wanted} before token ${at}`);
  };
  type Value = number | boolean | undefined;
  const finite = (value: number): number | undefined =>
    Number.isNaN(value) || Math.abs(value) > 1e15 ? undefined : value;

  const levels: readonly (readonly string[])[] = [
    ["or"],
    ["and"],
    ["==", "!="],
    ["<", "<=", ">", ">="],
    ["+", "-"],
    ["*", "/"],
  ];

  function joined(level: number): Value {
    const operators = levels[level];
    if (!operators) return single();
    let left = joined(level + 1);
    for (let next = peek(); next !== undefined && operators.includes(next); next = peek()) {
      take();
      left = combine(next, left, joined(level + 1));
    }
    return left;
  }

  function combine(operator: string, a: Value, b: Value): Value {
    if (a === undefined || b === undefined) return undefined;
    if (operator === "or") return a === true || b === true;
    if (operator === "and") return a === true && b === true;
    const [x, y] = [Number(a), Number(b)];
    if (operator === "==") return x === y;
    if (operator === "!=") return x !== y;
    if (operator === "<") return x < y;
    if (operator === "<=") return x <= y;
    if (operator === ">") return x > y;
    if (operator === ">=") return x >= y;
    if (operator === "+") return finite(x + y);
    if (operator === "-") return finite(x - y);
    if (operator === "*") return finite(x * y);
    return y === 0 ? undefined : finite(x / y);
  }

  function single(): Value {
    const token = take();
    if (token === undefined) throw new Error("not a formula: it ends too early");
    if (token === "-") {
      const of = single();
      return of === undefined ? undefined : -Number(of);
    }
    if (token === "not") {
      const of = single();
      return of === undefined ? undefined : of !== true;
    }
    if (token === "(") {
      const inside = joined(0);
      expect(")");
      return inside;
    }
    if (/^\d/.test(token)) return Number(token);
    if (peek() !== "(") {
      if (!/^[a-z]/.test(token)) throw new Error(`not a formula: ${token}`);
      return Object.hasOwn(values, token) ? values[token] : undefined;
    }
    take();
    const given: Value[] = [joined(0)];
    while (peek() === ",") {
      take();
      given.push(joined(0));
    }
    expect(")");
    return called(token, given);
  }

  function called(name: string, given: readonly Value[]): Value {
    if (name === "if") {
      if (given[0] === undefined) return undefined;
      return given[0] === true ? given[1] : given[2];
    }
    if (given.includes(undefined)) return undefined;
    const numbers = given.map(Number);
    const [a = 0, b = 0, c = 0] = numbers;
    let total: number | undefined = 0;
    switch (name) {
      case "min":
        return numbers.sort((x, y) => x - y)[0];
      case "max":
        return numbers.sort((x, y) => y - x)[0];
      case "sum":
      case "avg":
        for (const one of numbers) total = total === undefined ? undefined : finite(total + one);
        return name === "sum" || total === undefined ? total : total / numbers.length;
      case "clamp":
        if (b > c) return undefined;
        return a < b ? b : a > c ? c : a;
      case "round": {
        const up = Math.floor(Math.abs(a) * 10 ** b + 0.5) / 10 ** b;
        return a < 0 ? -up : up;
      }
      default:
        throw new Error(`not a formula: ${name}`);
    }
  }

  const result = joined(0);
  if (at < tokens.length) throw new Error("not a formula: more follows");
  if (typeof result === "boolean") throw new Error("not a formula: a condition");
  return result;
}
