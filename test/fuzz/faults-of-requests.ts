import type { Attack } from "../isolation/attack.ts";

/** A request as it goes out; its body as text, since a fault may be no JSON at all. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export const plainly = ({ method, path, headers, body }: Attack): Sent => ({
  ...{ method, path, headers },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});

type Path = readonly (string | number)[];

/** Every place in a value, the whole of it first. */
function placesOf(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== "object") return [path];
  const inner = Array.isArray(value)
    ? value.flatMap((one, at) => placesOf(one, [...path, at]))
    : Object.entries(value).flatMap(([name, one]) => placesOf(one, [...path, name]));
  return [path, ...inner];
}

const removed = Symbol("removed");

function withAt(value: unknown, path: Path, put: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return put;
  if (Array.isArray(value)) {
    const copy: unknown[] = [...value];
    copy[Number(first)] = withAt(copy[Number(first)], rest, put);
    return copy.filter((one) => one !== removed);
  }
  const members = { ...(value as Record<string, unknown>) };
  const changed = withAt(members[first], rest, put);
  if (changed === removed) delete members[first];
  else members[first] = changed;
  return members;
}

/** What stands where something else should. */
const strange: readonly unknown[] = [
  removed,
  null,
  "",
  " ",
  0,
  -1,
  1e308,
  0.1 + 0.2,
  Number.MAX_SAFE_INTEGER + 2,
  true,
  [],
  {},
  [[[[[[[[[[[[]]]]]]]]]]]],
  { __proto__: null, constructor: { prototype: 1 } },
  "a".repeat(5_000),
  "\u0000",
  "\ud800",
  "‮right to left",
  "=1+1",
  "<script>alert(1)</script>",
  "' OR 1=1 --",
  "T#ten_0000000000000000000000ACME#PARTNER",
  "9999-99-99",
  "2027-02-30",
  "2027-13-01T25:61:61.000Z",
  "ptr_7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
];

const pick = <T>(all: readonly T[], random: () => number): T =>
  all[Math.floor(random() * all.length)] as T;

const inHeaders = (name: string, value: string) => (request: Sent) => ({
  ...request,
  headers: { ...request.headers, [name]: value },
});

/** Faults outside of the body's members. */
const around: readonly ((request: Sent, random: () => number) => Sent)[] = [
  inHeaders("If-Match", "*"),
  inHeaders("If-Match", 'W/"1"'),
  inHeaders("If-Match", '"-1"'),
  inHeaders("If-Match", '"99999999999999999999"'),
  inHeaders("Idempotency-Key", ""),
  inHeaders("Idempotency-Key", "k".repeat(300)),
  inHeaders("Content-Type", "text/plain"),
  inHeaders("Content-Type", "application/json; charset=utf-16"),
  inHeaders("Accept", "application/xml"),
  inHeaders("Authorization", "Bearer nobody"),
  ({ headers: { "If-Match": _, ...headers }, ...rest }) => ({ ...rest, headers }),
  (request) => ({ ...request, body: "{" }),
  (request) => ({ ...request, body: '{"a":1,"a":2}' }),
  (request) => ({ ...request, body: `${"[".repeat(5_000)}${"]".repeat(5_000)}` }),
  (request) => ({ ...request, body: '{"__proto__":{"isAdmin":true}}' }),
  (request) => ({ ...request, path: `${request.path}${sign(request.path)}nothing=1` }),
  (request) => ({ ...request, path: `${request.path}${sign(request.path)}limit=0` }),
  (request) => ({ ...request, path: `${request.path}${sign(request.path)}limit=1000000` }),
  (request) => ({ ...request, path: `${request.path}${sign(request.path)}cursor=%00` }),
  (request) => ({ ...request, path: `${request.path}${sign(request.path)}cursor=eyJhIjoxfQ.x` }),
  (request, random) => ({
    ...request,
    path: request.path.replace(
      /_[0-9A-Z]{26}/,
      pick(["_", "_0", "_%00", `_${"I".repeat(26)}`, "_%2e%2e%2f"], random),
    ),
  }),
  (request) => ({ ...request, path: request.path.replace(/(\d{4}-Q)\d/, "$19") }),
  (request) => ({ ...request, method: request.method === "GET" ? "PATCH" : "GET" }),
];
const sign = (path: string): string => (path.includes("?") ? "&" : "?");

/** The same request with one fault. */
export function oneFaultAway(attack: Attack, random: () => number): Sent {
  const request = plainly(attack);
  if (attack.body === undefined || random() < 0.4) {
    const faulty = pick(around, random)(request, random);
    if (faulty.method !== "GET") return faulty;
    const { body: _, ...bodiless } = faulty;
    return bodiless;
  }
  const place = pick(placesOf(attack.body), random);
  const put = pick(strange, random);
  const isUnknown = random() < 0.15;
  const changed = isUnknown
    ? withAt(attack.body, ["unknownMember"], put)
    : withAt(attack.body, place, put);
  const body = changed === removed || changed === undefined ? "" : JSON.stringify(changed);
  return { ...request, body };
}
