import { dirname, join } from "node:path/posix";
import { parseSync } from "oxc-parser";

/** A node of the syntax tree; what a kind of node holds is looked at where it is needed. */
interface Node {
  readonly type: string;
  readonly [part: string]: unknown;
}

/** What a name stands for, in the scope that declares it. */
interface Binding {
  readonly name: string;
  readonly kind: "import" | "let" | "const" | "function" | "class" | "parameter";
  /** What it is made with; for a destructured name, what is taken apart. */
  readonly init: Node | undefined;
  /** The function it lives in; undefined in a module. */
  readonly owner: Fn | undefined;
  readonly from?: { readonly module: string; readonly name: string };
  /** Functions that change it or what it holds. */
  readonly changedBy: Set<Fn | undefined>;
}
type Scope = Map<string, Binding>;

/** A function, with what runs when it is called, but not what it only makes. */
interface Fn {
  readonly node: Node;
  readonly parent: Fn | undefined;
  readonly calls: Call[];
  readonly bindings: Binding[];
  readonly returned: Node[];
}
interface Call {
  readonly callee: Node;
  readonly args: readonly Node[];
  readonly scopes: readonly Scope[];
}

interface Module {
  readonly path: string;
  readonly scope: Scope;
  readonly calls: Call[];
  readonly exports: Map<string, { readonly local: string } | Reexport>;
  readonly stars: string[];
  readonly faults: string[];
}
interface Reexport {
  readonly module: string;
  readonly name: string;
}

const functionTypes = ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"];
const changing = new Set(
  "set add delete clear push pop shift unshift splice sort reverse fill copyWithin".split(" "),
);
/** Run what they are given at once: it is part of the function that calls them. */
const immediate = new Set(
  "map forEach filter flatMap reduce some every find findIndex sort toSorted from fromEntries groupBy transform then".split(
    " ",
  ),
);

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";
const nodesOf = (value: unknown): Node[] =>
  Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];
const partsOf = (node: Node): Node[] => Object.values(node).flatMap(nodesOf);
const isFunction = (node: Node): boolean => functionTypes.includes(node.type);
const nameOf = (node: unknown): string => (isNode(node) ? String(node["name"] ?? "") : "");

/** Without the words of types around it. */
function plain(node: Node): Node {
  const wraps =
    /^(TS(As|Satisfies|NonNull|TypeAssertion)Expression|TSTypeAssertion|ChainExpression|ParenthesizedExpression|AwaitExpression)$/;
  return wraps.test(node.type) && isNode(node["expression"] ?? node["argument"])
    ? plain((node["expression"] ?? node["argument"]) as Node)
    : node;
}

/** The names that a pattern declares. */
function namesOf(pattern: Node): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [nameOf(pattern)];
    case "ObjectPattern":
      return nodesOf(pattern["properties"]).flatMap((one) =>
        nodesOf(one.type === "RestElement" ? one["argument"] : one["value"]).flatMap(namesOf),
      );
    case "ArrayPattern":
      return nodesOf(pattern["elements"]).flatMap(namesOf);
    case "AssignmentPattern":
      return nodesOf(pattern["left"]).flatMap(namesOf);
    case "RestElement":
      return nodesOf(pattern["argument"]).flatMap(namesOf);
    case "TSParameterProperty":
      return nodesOf(pattern["parameter"]).flatMap(namesOf);
    default:
      return [];
  }
}

/** The name at the root of `a.b[c].d`. */
function rootOf(node: Node): string | undefined {
  const inner = plain(node);
  if (inner.type === "Identifier") return nameOf(inner);
  return inner.type === "MemberExpression" && isNode(inner["object"])
    ? rootOf(inner["object"])
    : undefined;
}

const lookUp = (scopes: readonly Scope[], name: string): Binding | undefined =>
  scopes.findLast((scope) => scope.has(name))?.get(name);

/** Reads one file: its names, who changes them, and what runs when it is loaded. */
function read(path: string, text: string, functions: Map<Node, Fn>): Module {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const module: Module = {
    ...{ path, scope: new Map(), calls: [], exports: new Map(), stars: [], faults: [] },
  };

  const declare = (
    scope: Scope,
    owner: Fn | undefined,
    more: Omit<Binding, "owner" | "changedBy">,
  ) => {
    const binding: Binding = { ...more, owner, changedBy: new Set() };
    scope.set(more.name, binding);
    owner?.bindings.push(binding);
  };

  /** What a list of statements declares, before any of it runs. */
  function hoist(statements: readonly Node[], scope: Scope, owner: Fn | undefined): void {
    for (const statement of statements) {
      const inner = isNode(statement["declaration"]) ? statement["declaration"] : statement;
      if (inner["declare"] === true) continue;
      if (inner.type === "VariableDeclaration") {
        const kind = inner["kind"] === "const" ? "const" : "let";
        for (const one of nodesOf(inner["declarations"])) {
          const init = isNode(one["init"]) ? plain(one["init"]) : undefined;
          for (const name of nodesOf(one["id"]).flatMap(namesOf))
            declare(scope, owner, { name, kind, init });
        }
      } else if (inner.type === "FunctionDeclaration") {
        declare(scope, owner, { name: nameOf(inner["id"]), kind: "function", init: inner });
      } else if (inner.type === "ClassDeclaration") {
        declare(scope, owner, { name: nameOf(inner["id"]), kind: "class", init: inner });
      } else if (inner.type === "ImportDeclaration") {
        const from = String((inner["source"] as Node)["value"]);
        for (const one of nodesOf(inner["specifiers"])) {
          const name = one.type === "ImportSpecifier" ? nameOf(one["imported"]) : "*";
          const local = nameOf(one["local"]);
          const binding = { name: local, kind: "import" as const, init: undefined };
          declare(scope, owner, { ...binding, from: { module: from, name } });
        }
      }
    }
  }

  function change(target: Node, scopes: readonly Scope[], fn: Fn | undefined): void {
    const root = rootOf(target);
    if (root === undefined) return;
    const binding = lookUp(scopes, root);
    if (binding) binding.changedBy.add(fn);
    else if (["globalThis", "global", "process"].includes(root))
      module.faults.push(`${path} ${root}: changed`);
  }

  function enter(node: Node, scopes: readonly Scope[], parent: Fn | undefined): void {
    const fn: Fn = { node, parent, calls: [], bindings: [], returned: [] };
    functions.set(node, fn);
    const scope: Scope = new Map();
    for (const parameter of nodesOf(node["params"])) {
      for (const name of namesOf(parameter))
        declare(scope, fn, { name, kind: "parameter", init: undefined });
    }
    const inner = [...scopes, scope];
    for (const parameter of nodesOf(node["params"])) walk(parameter, inner, fn);
    const body = node["body"];
    if (!isNode(body)) return;
    if (body.type !== "BlockStatement") fn.returned.push(plain(body));
    walk(body, inner, fn);
  }

  function walk(node: Node, scopes: readonly Scope[], fn: Fn | undefined): void {
    if (node.type.startsWith("TS") && plain(node) === node && node.type !== "TSParameterProperty")
      return;
    if (isFunction(node)) {
      enter(node, scopes, fn);
      return;
    }
    const calls = fn?.calls ?? module.calls;
    let within = scopes;
    switch (node.type) {
      case "BlockStatement":
      case "StaticBlock":
      case "ForStatement":
      case "ForOfStatement":
      case "ForInStatement":
      case "SwitchCase": {
        const scope: Scope = new Map();
        const body = node["body"] ?? node["consequent"];
        const heads = nodesOf([node["init"], node["left"]].filter(isNode));
        hoist([...heads, ...(Array.isArray(body) ? nodesOf(body) : [])], scope, fn);
        within = [...scopes, scope];
        if (node.type === "StaticBlock") module.faults.push(`${path} a static block`);
        break;
      }
      case "AssignmentExpression":
        change(node["left"] as Node, scopes, fn);
        break;
      case "UpdateExpression":
        change(node["argument"] as Node, scopes, fn);
        break;
      case "UnaryExpression":
        if (node["operator"] === "delete") change(node["argument"] as Node, scopes, fn);
        break;
      case "ReturnStatement":
        if (fn && isNode(node["argument"])) fn.returned.push(plain(node["argument"]));
        break;
      case "PropertyDefinition":
        if (node["static"] === true) module.faults.push(`${path} static ${nameOf(node["key"])}`);
        break;
      case "NewExpression":
      case "CallExpression": {
        const callee = plain(node["callee"] as Node);
        const args = nodesOf(node["arguments"]).map(plain);
        calls.push({ callee, args, scopes });
        const method = callee.type === "MemberExpression" ? nameOf(callee["property"]) : "";
        if (changing.has(method)) change(callee["object"] as Node, scopes, fn);
        if (method === "assign" && args[0]) change(args[0], scopes, fn);
        if (isFunction(callee)) {
          walkHere(callee, scopes, fn);
          for (const one of args) walk(one, scopes, fn);
          return;
        }
        walk(callee, scopes, fn);
        for (const one of args) {
          if (isFunction(one) && immediate.has(method)) walkHere(one, scopes, fn);
          else walk(one, scopes, fn);
        }
        return;
      }
      default:
    }
    for (const part of partsOf(node)) walk(part, within, fn);
  }

  /** A function that runs at once is part of the one around it; at the top of a module it is one of its own. */
  function walkHere(node: Node, scopes: readonly Scope[], fn: Fn | undefined): void {
    enter(node, scopes, fn);
    const own = functions.get(node);
    if (own) (fn?.calls ?? module.calls).push({ callee: node, args: [], scopes });
  }

  const body = nodesOf((program as unknown as Node)["body"]);
  hoist(body, module.scope, undefined);
  for (const statement of body) {
    const source = isNode(statement["source"]) ? String(statement["source"]["value"]) : undefined;
    if (statement.type === "ExportAllDeclaration" && source) module.stars.push(source);
    if (statement.type === "ExportNamedDeclaration") {
      for (const one of nodesOf(statement["specifiers"])) {
        const local = nameOf(one["local"]);
        const target = source ? { module: source, name: local } : { local };
        module.exports.set(nameOf(one["exported"]), target);
      }
    }
    walk(statement, [module.scope], undefined);
  }
  for (const name of module.scope.keys()) {
    if (!module.exports.has(name)) module.exports.set(name, { local: name });
  }
  return module;
}

/** A callback runs as part of who called for it. */
function isWithin(fn: Fn | undefined, owner: Fn, runAtOnce: ReadonlySet<Node>): boolean {
  let current = fn;
  while (current && current !== owner && runAtOnce.has(current.node)) current = current.parent;
  return current === owner;
}

/** The file that a module is imported from; undefined for what is not ours. */
function pathOf(from: string, module: string): string | undefined {
  if (module.startsWith(".")) return join(dirname(from), module);
  const [, name, below] = /^@concord\/(\w+)(?:\/([\w-]+))?$/.exec(module) ?? [];
  if (name === undefined) return undefined;
  return `packages/${name}/src/${below ? `${below}/` : ""}index.ts`;
}

/**
 * What lives as long as a process and can change: names of modules that are set anew or whose contents
 * are changed by a function, static members, and what a function that is called while modules load
 * keeps for the functions that it makes. Each as `<file> <name>: <what>`.
 */
export function moduleState(files: ReadonlyMap<string, string>): readonly string[] {
  const functions = new Map<Node, Fn>();
  const modules = new Map([...files].map(([path, text]) => [path, read(path, text, functions)]));
  const found = new Set<string>();
  const fileOf = new Map<Fn, string>();

  function exported(path: string, name: string): { binding: Binding; path: string } | undefined {
    const module = modules.get(path);
    const target = module?.exports.get(name);
    if (!module) return undefined;
    if (target && "local" in target) {
      const binding = module.scope.get(target.local);
      return binding && resolved(binding, path);
    }
    const onward = target
      ? [[target.module, target.name] as const]
      : module.stars.map((star) => [star, name] as const);
    for (const [from, as] of onward) {
      const next = pathOf(path, from);
      const inner = next === undefined ? undefined : exported(next, as);
      if (inner) return inner;
    }
    return undefined;
  }
  function resolved(binding: Binding, path: string) {
    if (!binding.from) return { binding, path };
    const next = pathOf(path, binding.from.module);
    return next === undefined ? undefined : exported(next, binding.from.name);
  }

  const runAtOnce = new Set<Node>();
  const reached = new Set<Node>();
  const waiting: { readonly call: Call; readonly path: string }[] = [];

  /** The functions that a value may be. */
  function valuesOf(
    value: Node,
    scopes: readonly Scope[],
    path: string,
  ): { node: Node; path: string }[] {
    const node = plain(value);
    if (isFunction(node) || node.type === "ClassDeclaration") return [{ node, path }];
    if (node.type === "CallExpression") {
      return valuesOf(node["callee"] as Node, scopes, path).flatMap((made) =>
        (functions.get(made.node)?.returned ?? [])
          .filter(isFunction)
          .map((inner) => ({ node: inner, path: made.path })),
      );
    }
    if (node.type !== "Identifier") return [];
    const binding = lookUp(scopes, nameOf(node));
    const target = binding && resolved(binding, path);
    if (!target?.binding.init) return [];
    const scope = modules.get(target.path)?.scope;
    const inits = target.binding.init;
    if (inits.type === "Identifier" && nameOf(inits) === nameOf(node)) return [];
    return valuesOf(
      inits,
      target.binding.from || !scope ? scopes : [scope, ...scopes],
      target.path,
    );
  }

  for (const [path, { calls, scope, faults }] of modules) {
    for (const fault of faults) found.add(fault);
    for (const { name, kind, changedBy } of scope.values()) {
      if (kind === "let") found.add(`${path} ${name}: let`);
      else if ([...changedBy].some((fn) => fn !== undefined)) found.add(`${path} ${name}: changed`);
    }
    for (const call of calls) waiting.push({ call, path });
  }
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { call, path } = next;
    for (const target of [call.callee, ...call.args].flatMap((one) =>
      valuesOf(one, call.scopes, path),
    )) {
      if (call.callee === target.node) runAtOnce.add(target.node);
      if (reached.has(target.node)) continue;
      reached.add(target.node);
      if (target.node.type === "ClassDeclaration") {
        const fields = nodesOf((target.node["body"] as Node)["body"]).filter(
          (one) => one.type === "PropertyDefinition" && one["readonly"] !== true,
        );
        for (const field of fields)
          found.add(`${target.path} ${nameOf(target.node["id"])}.${nameOf(field["key"])}: a field`);
      }
      const fn = functions.get(target.node);
      if (!fn) continue;
      fileOf.set(fn, target.path);
      for (const inner of fn.calls) waiting.push({ call: inner, path: target.path });
    }
  }
  for (const [fn, path] of fileOf) {
    for (const { name, changedBy } of fn.bindings) {
      if ([...changedBy].some((by) => !isWithin(by, fn, runAtOnce)))
        found.add(`${path} ${name}: kept by a function`);
    }
  }
  return [...found].sort();
}
