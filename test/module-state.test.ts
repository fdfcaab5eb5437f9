import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { moduleState } from "./module-state.ts";

const root = join(import.meta.dirname, "..");

/** What the bundles of the functions are made of. */
function bundled(): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of ["api", "core", "storage", "workers"]) {
    const folder = `packages/${name}/src`;
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      const path = `${folder}/${file}`;
      const isSource = file.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(file);
      // Run by hand: it writes the OpenAPI document.
      if (isSource && !file.endsWith("write-openapi.ts"))
        files.set(path, readFileSync(join(root, path), "utf8"));
    }
  }
  return files;
}

/** What a warm function remembers from one request to the next, each with why no tenant meets another there. */
const allowed: Readonly<Record<string, string>> = {
  "packages/api/src/auth/issue-access-token.ts imported: kept by a function":
    "our own signing keys, by their id",
  "packages/api/src/auth/key-set.ts cached: kept by a function":
    "our own public keys, the same for every tenant",
  "packages/api/src/auth/verify-access-token.ts signed: changed":
    "what tokens say whose signature was verified, by the whole token",
  "packages/api/src/billing/stripe-provider.ts loaded: kept by a function":
    "the provider's library, with the operator's own key",
  "packages/api/src/login/common-passwords.ts loading: kept by a function":
    "a list that is part of the bundle",
  "packages/api/src/single-sign-on/open-id-provider.ts known: kept by a function":
    "what a provider publishes, by issuer, client and secret of the tenant that named it",
  "packages/core/src/classification/classified.ts known: changed":
    "where fields lie, by the schema, which is of the source",
  "packages/core/src/classification/classified.ts marks: changed":
    "classes of fields, by the schema, which is of the source",
  "packages/core/src/formula/expression.ts nodes: kept by a function":
    "a count of one formula, whose function is gone when it returns",
  "packages/core/src/metric/formula-measure.ts read: changed":
    "formulas, by the object that holds the text, which is one tenant's",
  "packages/core/src/metric/measurer.ts numbers: kept by a function":
    "the measures of one card, whose functions are gone with it",
  "packages/core/src/metric/fraction.ts written: changed": "numbers, by how they are written",
  "packages/core/src/metric/sums.ts sums: kept by a function":
    "the sums of one card, whose function is gone when it returns",
  "packages/core/src/metric/unit.ts digits: changed": "digits of currencies",
  "packages/core/src/money/money.ts digitsOf: changed": "digits of currencies",
  "packages/core/src/program/segments.ts templates: changed":
    "templates of segments, by the definition itself, which is one tenant's object",
  "packages/core/src/rate-limit/rate-limiter.ts known: kept by a function":
    "buckets, by tenant, principal and class",
  "packages/core/src/rate-limit/rate-limiter.ts leasing: kept by a function":
    "requests under way, by tenant, principal and class",
  "packages/core/src/remembered/remembered.ts known: kept by a function":
    "days and instants, which are nobody's, and how keys are spelled, by the tenant that they begin with",
  "packages/core/src/scorecard/formula-hash.ts remembered: changed":
    "hashes, by the definition itself, which is one tenant's object",
  "packages/storage/src/confidentiality/dynamo-confidential-read-repository.ts written: changed":
    "reads that were noted, by table and key, which begins with the tenant",
  "packages/storage/src/isolation/tenant-memory.ts forgotten: kept by a function":
    "how often something was forgotten, of no matter whom",
  "packages/storage/src/isolation/tenant-memory.ts remembered: kept by a function":
    "rules, subscriptions and confidentiality, by table and tenant",
  "packages/storage/src/isolation/tenant-tables.ts kept: kept by a function":
    "connections with credentials, by tenant",
  "packages/workers/src/audit/record-changes.ts isSet: kept by a function":
    "timers that were set, by tenant, day and instant",
};

const FILE = "packages/core/src/one/one.ts";
const found = (text: string, others: Readonly<Record<string, string>> = {}) =>
  moduleState(new Map([...Object.entries(others), [FILE, text]]));

describe("what outlives a request in a warm function", () => {
  let files: Map<string, string>;
  beforeAll(() => {
    files = bundled();
  });

  it("is what is listed here with a reason, and nothing else", () => {
    expect(files.size).toBeGreaterThan(400);
    expect(moduleState(files)).toEqual(Object.keys(allowed).sort());
  });

  it.each([
    { name: "a let", text: "let tenant = ''; export const f = () => tenant;", is: "tenant: let" },
    { name: "an exported let", text: "export let tenant: string;", is: "tenant: let" },
    { name: "a var", text: "var tenant;", is: "tenant: let" },
    {
      name: "a map that is filled",
      text: "const rows = new Map<string, number>(); export const f = (k: string) => rows.set(k, 1);",
      is: "rows: changed",
    },
    {
      name: "a list that grows",
      text: "const seen: string[] = []; export function f(k: string) { if (k) { seen.push(k); } }",
      is: "seen: changed",
    },
    {
      name: "an object with the tenant of the moment",
      text: "const current = { id: '' }; export const f = (id: string) => { current.id = id; };",
      is: "current: changed",
    },
    {
      name: "a member of a member",
      text: "const a = { b: { c: 1 } }; export const f = () => { (a as any).b.c += 1; };",
      is: "a: changed",
    },
    {
      name: "a property of a function",
      text: "export function f() { f.calls = 1; }",
      is: "f: changed",
    },
    {
      name: "a deleted member",
      text: "const a: any = {}; export const f = (k: string) => delete a[k];",
      is: "a: changed",
    },
    {
      name: "Object.assign",
      text: "const a = {}; export const f = (b: object) => Object.assign(a, b);",
      is: "a: changed",
    },
    {
      name: "the global object",
      text: "export const f = () => { (globalThis as any).tenant = 1; };",
      is: undefined,
    },
    { name: "a static", text: "export class A { static last = 1; }", is: undefined },
    { name: "a private static", text: "export class A { static #m = new Map(); }", is: undefined },
    { name: "a static block", text: "export class A { static { f(); } }", is: undefined },
    {
      name: "a field of an instance of the module",
      text: "class A { last = ''; } export const a = new A();",
      is: "A.last: a field",
    },
    {
      name: "a closure that remembers",
      text: "export const f = (() => { let last = ''; return (k: string) => (last ||= k); })();",
      is: "last: kept by a function",
    },
    {
      name: "a factory that remembers",
      text: `function memo() { const m = new Map(); return (k: string) => m.set(k, 1); }
        export const f = memo();`,
      is: "m: kept by a function",
    },
    {
      name: "a factory in a factory",
      text: `const memo = () => { const m = new Set(); return { add: (k: string) => { m.add(k); } }; };
        const outer = () => ({ inner: memo() }); export const f = outer();`,
      is: "m: kept by a function",
    },
  ])("finds $name", ({ text, is }) => {
    const faults = found(text);
    expect(faults).toHaveLength(1);
    if (is !== undefined) expect(faults).toEqual([`${FILE} ${is}`]);
  });

  it("finds what another file makes, through an index and a package", () => {
    const others = {
      "packages/core/src/two/index.ts": 'export { memo as kept } from "./memo.ts";',
      "packages/core/src/two/memo.ts":
        "export const memo = () => { let last = 0; return () => { last += 1; }; };",
    };
    const expected = ["packages/core/src/two/memo.ts last: kept by a function"];
    expect(found('import { kept } from "../two/index.ts"; const f = kept();', others)).toEqual(
      expected,
    );
    expect(found('import { kept } from "@concord/core/two"; const f = kept();', others)).toEqual(
      expected,
    );
    const shared = { "packages/core/src/two/index.ts": "export const list: string[] = [];" };
    const text = 'import { list } from "../two/index.ts"; export const f = () => list.push("a");';
    expect(found(text, shared)).toEqual([`${FILE} list: changed`]);
  });

  it.each([
    "export const kinds = new Set(['a']); export const f = (k: string) => kinds.has(k);",
    "export const f = () => { let n = 0; for (const k of ['a']) n += k.length; return n; };",
    "export const f = () => { const m = new Map(); return (k: string) => m.set(k, 1); };",
    "const m = new Map(); m.set('a', 1); export const f = () => m.get('a');",
    "const list = ['b', 'a'].sort(); export const f = () => list.length;",
    "const m = 1; export const f = (m: { a: number }) => { m.a = 2; };",
    "class A { readonly name = 'a'; } export const f = () => new A();",
  ])("lets alone what ends with the request or never changes: %s", (text) => {
    expect(found(text)).toEqual([]);
  });
});
