import type { TenantId } from "@concord/core/id";
import type { Limit, Limits } from "@concord/core/rate-limit";
import { ACME, figure, GLOBEX, seeded, type TestApi, testApi } from "@concord/local/testing";
import { openRequestStores } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import {
  besideNoisyNeighbour,
  type CallCosts,
  deployed,
  TWENTY_AT_3,
} from "../bench/noisy-neighbour.ts";

const SEED = 20_270_108;
/** Of the virtual clock. */
const SECONDS = figure(2, 30);
const TIMES_ITS_LIMIT = 50;
/** Persons and keys of one tenant, who are all too many at once. */
const CALLERS = 20;
const ALL_AT_ONCE_MS = figure(150, 3_000);
const LATENCY_RATIO = 1.25;
const TIMEOUT_MS = figure(240_000, 1_800_000);
const PROCESSES = 3;

/** Small ones, so that 50 times as much is still little; in the same proportion as those of production. */
const limits: Limits = {
  read: { burst: 8, emissionMilliseconds: 250, lease: 2 },
  write: { burst: 2, emissionMilliseconds: 1_000, lease: 1 },
  bulk: { burst: 1, emissionMilliseconds: 1_000, lease: 1 },
  secret: { burst: 1, emissionMilliseconds: 1_000, lease: 1 },
};
const KINDS = ["read", "write"] as const;
type Kind = (typeof KINDS)[number];

interface Call {
  /** Milliseconds from the beginning. */
  readonly at: number;
  readonly kind: Kind;
  readonly token: string;
  readonly isVictim: boolean;
}

interface Answer extends Call {
  readonly status: number;
  readonly retryAfter: number;
  readonly requests: number;
  readonly units: number;
}

/** Evenly spread: so many times what one person or key may send, for which it needs no burst. */
function callsOf(token: string, isVictim: boolean, times: number): Call[] {
  return KINDS.flatMap((kind) => {
    const apart = limits[kind].emissionMilliseconds / times;
    const count = Math.ceil((SECONDS * 1_000) / apart);
    return Array.from({ length: count }, (_, n) => ({ at: n * apart, kind, token, isVictim }));
  });
}

/** What one may send at once, at the very beginning: from then on its buckets are empty but for what comes back. */
const burstOf = (token: string): Call[] =>
  KINDS.flatMap((kind) =>
    Array.from({ length: limits[kind].burst - 1 }, () => ({ at: 0, kind, token, isVictim: true })),
  );

/** Most that a bucket gives away in the time. */
const mostOf = ({ burst, emissionMilliseconds }: Limit): number =>
  burst + Math.floor((SECONDS * 1_000) / emissionMilliseconds);

describe("R8 a tenant that sends 50 times what it may", () => {
  let api: TestApi;
  let processes: readonly TestApi["request"][];
  let began: number;
  let partners = 0;
  /** Longer than processes remember anything and buckets take to fill, shorter than a token is good for. */
  const pause = 6 * 60_000;

  beforeAll(async () => {
    api = await testApi({ limits });
    processes = Array.from({ length: PROCESSES }, () =>
      api.through((opened) => openRequestStores(api.store.table, opened)),
    );
    began = api.wallNow.getTime();
    // Keys for tokens are read once by each process.
    for (const request of processes) await request("/.well-known/jwks.json");
    await warmUp();
  });

  /** What processes remember for a while is asked for by somebody else. */
  async function warmUp(): Promise<void> {
    const { token } = await api.member(GLOBEX, "admin");
    for (const request of processes) await request("/v1/partners?limit=1", { token });
  }

  /** A person and a key, neither of whom has asked anything yet. */
  async function callers(tenantId: TenantId): Promise<string[]> {
    const person = await api.member(tenantId, "admin");
    const issuer = await api.member(tenantId, "admin");
    const issued = await api.request("/v1/api-keys", {
      token: issuer.token,
      body: { name: "Sync", scopes: ["partners:read", "partners:write"], lifetimeDays: 30 },
    });
    const { key } = (await issued.json()) as { key: string };
    return [person.token, key];
  }

  async function send(request: TestApi["request"], call: Call): Promise<Answer> {
    partners += 1;
    const response = await request(call.kind === "read" ? "/v1/partners?limit=1" : "/v1/partners", {
      token: call.token,
      ...(call.kind === "write" ? { body: { name: `P ${partners}`, region: "Central" } } : {}),
    });
    await response.text();
    const line = api.log.findLast(
      ({ requestId }) => requestId === response.headers.get("Request-Id"),
    );
    return {
      ...call,
      status: response.status,
      retryAfter: Number(response.headers.get("Retry-After")),
      requests: Number(line?.["requests"]),
      units: Number(line?.["readUnits"]) + Number(line?.["writeUnits"]),
    };
  }

  /**
   * In the order of the virtual clock. What the neighbour sends at one instant goes to any of the processes at once; the
   * victim's go to the first, one after another, so that what each costs hangs on nothing else.
   */
  async function answersTo(calls: readonly Call[], through = processes): Promise<Answer[]> {
    const random = seeded(SEED);
    began += pause;
    api.wallNow = new Date(began);
    await warmUp();
    const answers: Answer[] = [];
    const byInstant = Map.groupBy(calls, ({ at }) => at);
    for (const at of [...byInstant.keys()].sort((a, b) => a - b)) {
      api.wallNow = new Date(began + at);
      const [own = [], others = []] = [true, false].map((isVictim) =>
        (byInstant.get(at) ?? []).filter((call) => call.isVictim === isVictim),
      );
      const noise = Promise.all(
        others.map((call) =>
          send(through[Math.floor(random() * through.length)] ?? api.request, call),
        ),
      );
      for (const call of own) answers.push(await send(through[0] ?? api.request, call));
      answers.push(...(await noise));
    }
    return answers;
  }

  const victims = async () =>
    (await callers(GLOBEX)).flatMap((one) => [...burstOf(one), ...callsOf(one, true, 0.99)]);
  const neighbours = async () =>
    (await callers(ACME)).flatMap((one) => callsOf(one, false, TIMES_ITS_LIMIT));
  const of = (answers: readonly Answer[], isVictim: boolean): Answer[] =>
    answers.filter((one) => one.isVictim === isVictim);
  const refusedOf = (answers: readonly Answer[]) => answers.filter(({ status }) => status >= 400);
  const costsOf = (answers: readonly Answer[]) =>
    of(answers, true).map(({ at, kind, requests, units }) => ({ at, kind, requests, units }));
  let alone: readonly Answer[];
  let beside: readonly Answer[];

  it(
    "has none of another tenant's calls refused, and all of its own that are too many",
    async () => {
      alone = await answersTo(await victims());
      beside = await answersTo([...(await victims()), ...(await neighbours())]);
      for (const answers of [alone, beside]) expect(refusedOf(of(answers, true))).toEqual([]);
      expect(of(beside, true).length).toBe(of(alone, true).length);

      const noisy = of(beside, false);
      const refused = refusedOf(noisy);
      expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([429]));
      expect(Math.min(...refused.map(({ retryAfter }) => retryAfter))).toBeGreaterThan(0);
      for (const [token, calls] of Map.groupBy(noisy, (call) => call.token)) {
        for (const kind of KINDS) {
          const passed = calls.filter((call) => call.kind === kind && call.status < 400).length;
          expect(passed, `${kind} of ${token.slice(0, 4)}`).toBeLessThanOrEqual(
            mostOf(limits[kind]),
          );
          // Leases of its processes may keep some of its own tokens.
          expect(passed, `${kind} of ${token.slice(0, 4)}`).toBeGreaterThan(limits[kind].burst / 2);
        }
      }
      process.stdout.write(
        `${noisy.length} calls of a neighbour, ${refused.length} refused; ${of(beside, true).length} of a victim, none refused (seed ${SEED})\n`,
      );
    },
    TIMEOUT_MS,
  );

  it(
    "has none refused where all its callers send 50 times as much at once, and none cost more",
    async () => {
      const inTime = ({ at }: Call) => at < ALL_AT_ONCE_MS;
      const quiet = await answersTo((await victims()).filter(inTime));
      const noise: Call[] = [];
      for (let pair = 0; pair < CALLERS / 2; pair += 1) noise.push(...(await neighbours()));
      const own = await victims();
      const loud = await answersTo([...own, ...noise].filter(inTime));
      expect(new Set(of(loud, false).map(({ token }) => token)).size).toBe(CALLERS);
      expect(refusedOf(of(loud, true))).toEqual([]);
      expect(costsOf(loud)).toEqual(costsOf(quiet));
      expect(refusedOf(of(loud, false)).length).toBeGreaterThan(of(loud, false).length / 2);
    },
    TIMEOUT_MS,
  );

  it("makes no call of another tenant cost a request or a unit more", () => {
    expect(costsOf(beside)).toEqual(costsOf(alone));
  });

  it("is refused by one request, which says who it is, and seldom one more, which asks for its bucket", () => {
    const refused = refusedOf(of(beside, false));
    expect(Math.max(...refused.map(({ requests }) => requests))).toBeLessThanOrEqual(3);
    const single = refused.filter(({ requests }) => requests === 1).length;
    expect(single / refused.length).toBeGreaterThan(0.8);
  });

  it(
    "would have calls of another tenant refused if they shared a bucket",
    async () => {
      const ofAcme = api.store.openTenant(ACME).rateLimits;
      const shared: typeof ofAcme = {
        take: ({ rateClass }, take) => ofAcme.take({ principal: "everybody", rateClass }, take),
      };
      const careless = api.through((opened) => {
        const stores = openRequestStores(api.store.table, opened);
        return {
          ...stores,
          openTenant: (...of) => ({ ...stores.openTenant(...of), rateLimits: shared }),
        };
      });
      const calls = [...(await victims()), ...(await neighbours())].filter(({ at }) => at < 500);
      expect(refusedOf(of(await answersTo(calls, [careless]), true)).length).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );

  describe("on a simulated clock, by what calls cost here and by what is deployed", () => {
    const costs = (): CallCosts => {
      const most = (answers: readonly Answer[]) =>
        Math.max(...answers.map(({ requests }) => requests));
      const own = of(beside, true);
      return {
        read: most(own.filter(({ kind }) => kind === "read")),
        write: most(own.filter(({ kind }) => kind === "write")),
        refused: most(refusedOf(of(beside, false))),
      };
    };

    it("leaves another tenant's p99 within a quarter, and none of its calls refused", () => {
      const { alone, beside, ratio } = besideNoisyNeighbour(costs());
      expect(beside.refused).toBe(0);
      expect(beside.calls).toBe(alone.calls);
      expect(ratio).toBeLessThanOrEqual(LATENCY_RATIO);
    });

    it("would not where the gateway lets through less in all than the neighbour sends", () => {
      const stage = { ...deployed(), gateway: { rate: 500, burst: 1_000 } };
      expect(besideNoisyNeighbour(costs(), { stage }).beside.refused).toBeGreaterThan(0);
    });

    it("leaves them where 20 callers of one tenant come at once with three times as much each", () => {
      const { beside, ratio } = besideNoisyNeighbour(costs(), { noise: TWENTY_AT_3 });
      expect(beside.refused).toBe(0);
      expect(ratio).toBeLessThanOrEqual(LATENCY_RATIO);
    });

    it("does not where five come with 50 times as much: neither gateway nor starting functions tell tenants apart", () => {
      const noise = { callers: 5, times: TIMES_ITS_LIMIT };
      expect(besideNoisyNeighbour(costs(), { noise }).beside.refused).toBeGreaterThan(0);
    });

    it("would not where a refusal holds a function for as long as much work", () => {
      const slow = besideNoisyNeighbour({ ...costs(), refused: 100 });
      expect(slow.beside.refused > 0 || slow.ratio > LATENCY_RATIO).toBe(true);
    });
  });
});
