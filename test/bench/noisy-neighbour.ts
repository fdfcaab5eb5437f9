import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultLimits, type Limit, takeTokens } from "@concord/core/rate-limit";
import { ACME, seeded, testApi } from "@concord/local/testing";
import type { Ratio } from "./ratio.ts";

/** Modelled, in milliseconds: what the service and the network take. */
const model = {
  gatewayAndRuntime: 5,
  /** A request to the table, its median and how much slower one in a hundred is. */
  request: 8,
  slowest: 5,
  coldStart: 500,
} as const;
const MINUTES = 3;
/** The neighbour begins when everything is warm. */
const QUIET_MS = 30_000;
const GATE = 1.25;

/** What is stated where the API is deployed, so that the model follows it. */
export interface Deployed {
  /** Of all tenants together, before a function is called. */
  readonly gateway: { readonly rate: number; readonly burst: number };
  /** Executions at once. */
  readonly concurrency: number;
}

export function deployed(): Deployed {
  const root = join(import.meta.dirname, "../..");
  const number = (file: string, pattern: RegExp): number => {
    const text = readFileSync(join(root, file), "utf8");
    const found = Number(pattern.exec(text)?.[1]?.replaceAll(/[_,]/g, ""));
    if (!(found > 0)) throw new Error(`${pattern} is not in ${file}`);
    return found;
  };
  return {
    gateway: {
      rate: number("stacks/api.ts", /throttlingRateLimit: ([\d_]+)/),
      burst: number("stacks/api.ts", /throttlingBurstLimit: ([\d_]+)/),
    },
    concurrency: number("infra/README.md", /concurrent executions \(often 10; ask for ([\d,]+)\)/),
  };
}

/** Requests to the table, counted on the real API. */
export interface CallCosts {
  readonly read: number;
  readonly write: number;
  readonly refused: number;
}

type Kind = "read" | "write";
interface Call {
  readonly at: number;
  readonly kind: Kind;
  /** Of the neighbour's, by number; the victim has none. */
  readonly caller?: number;
}

/** Persons and keys of one tenant, each of whom sends so many times what they may. */
export interface Noise {
  readonly callers: number;
  readonly times: number;
}

/** Calls at any moment, so many a second of each kind as `times` the limit of a caller. */
function callsOf(
  caller: Pick<Call, "caller">,
  times: number,
  from: number,
  random: () => number,
): Call[] {
  return (["read", "write"] as const).flatMap((kind) => {
    const apart = defaultLimits[kind].emissionMilliseconds / times;
    const count = Math.floor((MINUTES * 60_000 - from) / apart);
    return Array.from({ length: count }, (_, n) => ({
      at: from + (n + random()) * apart,
      ...{ kind, ...caller },
    }));
  });
}

const milliseconds = (requests: number, random: () => number): number => {
  let sum: number = model.gatewayAndRuntime;
  for (let n = 0; n < requests; n += 1) {
    // Half are as slow as the median or slower, one in a hundred five times as slow.
    sum += model.request * model.slowest ** ((random() - 0.5) / 0.49);
  }
  return sum;
};

/** A bucket of the gateway: filled by `rate` a second up to `burst`. */
function gatewayOf({ rate, burst }: Deployed["gateway"]) {
  let tokens = burst;
  let last = 0;
  return (at: number): boolean => {
    tokens = Math.min(burst, tokens + ((at - last) / 1000) * rate);
    last = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** Environments of a function: one call each at a time, a new one where none is idle. */
function environmentsOf(concurrency: number) {
  const busyUntil: number[] = [];
  return (at: number, taken: number): number | undefined => {
    const idle = busyUntil.findIndex((until) => until <= at);
    if (idle < 0 && busyUntil.length >= concurrency) return undefined;
    const delay = idle < 0 ? model.coldStart + taken : taken;
    busyUntil[idle < 0 ? busyUntil.length : idle] = at + delay;
    return delay;
  };
}

function limiter() {
  const fullAt = new Map<string, number>();
  return ({ at, kind, caller }: Call): boolean => {
    const limit: Limit = defaultLimits[kind];
    const name = `${kind} ${caller}`;
    const decision = takeTokens(fullAt.get(name), limit, 1, at);
    fullAt.set(name, decision.fullAt);
    return decision.kind === "taken";
  };
}

function victimOf(calls: readonly Call[], costs: CallCosts, { gateway, concurrency }: Deployed) {
  const random = seeded(8);
  const passes = gatewayOf(gateway);
  const run = environmentsOf(concurrency);
  const admits = limiter();
  const delays: number[] = [];
  let refused = 0;
  for (const call of calls.toSorted((a, b) => a.at - b.at)) {
    const isAdmitted = passes(call.at) ? admits(call) : undefined;
    const requests = isAdmitted ? costs[call.kind] : costs.refused;
    const delay =
      isAdmitted === undefined ? undefined : run(call.at, milliseconds(requests, random));
    if (call.caller !== undefined) continue;
    if (delay === undefined || !isAdmitted) refused += 1;
    else delays.push(delay);
  }
  const sorted = delays.toSorted((a, b) => a - b);
  return { refused, calls: delays.length, p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0 };
}

const ONE_AT_50: Noise = { callers: 1, times: 50 };
/**
 * What sets the bound is neither limit nor gateway: a crowd that comes at once takes an environment each while they
 * start, half a second of the thousand there are, and so has 1,900 calls a second.
 */
export const TWENTY_AT_3: Noise = { callers: 20, times: 3 };

/**
 * R8 of the targets on a simulated clock: a victim just below its limits, alone and beside a neighbour of whose callers
 * each sends many times as much as they may.
 */
export function besideNoisyNeighbour(
  costs: CallCosts,
  {
    stage = deployed(),
    noise = ONE_AT_50,
  }: { readonly stage?: Deployed; readonly noise?: Noise } = {},
) {
  const victim = callsOf({}, 0.99, 0, seeded(1));
  const neighbour = Array.from({ length: noise.callers }, (_, caller) =>
    callsOf({ caller }, noise.times, QUIET_MS, seeded(2 + caller)),
  ).flat();
  const alone = victimOf(victim, costs, stage);
  const beside = victimOf([...victim, ...neighbour], costs, stage);
  return { alone, beside, ratio: beside.p99 / alone.p99 };
}

/** What calls cost on the real API, once everything is warm. */
async function countedCosts(): Promise<CallCosts> {
  const one: Limit = { burst: 3, emissionMilliseconds: 60_000, lease: 1 };
  const api = await testApi({ limits: { read: one, write: one, bulk: one, secret: one } });
  const { token } = await api.member(ACME, "admin");
  const requestsOf = async (path: string, body?: unknown): Promise<number> => {
    const response = await api.request(path, { token, ...(body ? { body } : {}) });
    const line = api.log.find(({ requestId }) => requestId === response.headers.get("Request-Id"));
    return Number(line?.["requests"]);
  };
  const read = () => requestsOf("/v1/partners?limit=1");
  const write = (name: string) => requestsOf("/v1/partners", { name, region: "Central" });
  await read();
  await write("First");
  const costs = { read: await read(), write: await write("Second") };
  await read();
  return { ...costs, refused: await read() };
}

export async function noisyNeighbourRatios(): Promise<readonly Ratio[]> {
  const costs = await countedCosts();
  const row = (what: string, noise?: Noise): Ratio => {
    const { alone, beside, ratio } = besideNoisyNeighbour(costs, noise ? { noise } : {});
    return {
      ...{ id: "R8", what: `${what} (${beside.refused} of ${beside.calls} refused)` },
      ...{ unit: "ms (p99)", ours: beside.p99, reference: alone.p99, ratio },
      ...{ gate: beside.refused === 0 ? GATE : 0, isCeiling: true },
    };
  };
  return [
    row("a tenant beside a caller of another one at 50 times their limit, modelled"),
    row("beside 20 callers of another one at 3 times theirs", TWENTY_AT_3),
  ];
}
