import type { Dispute } from "@concord/core/dispute";
import {
  ACME,
  GLOBEX,
  type TestApi,
  type TestPartnership,
  testApi,
  testPartnership,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

interface Card {
  readonly revision: number;
  readonly score: number;
  readonly metrics: readonly { metricId: string; value: string | null; score: number | null }[];
  readonly explanation?: { metrics: { metricId: string; steps: string[] }[] };
}

describe("disputes over HTTP", () => {
  let api: TestApi;
  let own: TestPartnership;
  let manager: string;
  let viewer: string;
  let partner: string;
  let neighbour: string;
  let foreign: readonly string[];
  beforeAll(async () => {
    api = await testApi();
    own = await testPartnership(api.store, ACME);
    const other = await testPartnership(api.store, ACME, { name: "Contoso" });
    const far = await testPartnership(api.store, GLOBEX);
    manager = (await api.member(ACME, "program-manager")).token;
    viewer = (await api.member(ACME, "viewer")).token;
    partner = (await api.partnerUser(ACME, own.partner.partnerId, "partner-user")).token;
    neighbour = (await api.partnerUser(ACME, other.partner.partnerId, "partner-exec")).token;
    foreign = [
      (await api.member(GLOBEX, "owner", "admin")).token,
      (await api.partnerUser(GLOBEX, far.partner.partnerId, "partner-exec")).token,
    ];
  });

  const card = () => `/v1/review-cycles/${own.review.cycleId}/scorecards/${own.partner.partnerId}`;
  const path = () => `${card()}/disputes`;
  const send = (
    to: string,
    token: string,
    more: { body?: unknown; version?: number; key?: string } = {},
  ) => api.request(to, { method: "POST", token, ...more });
  const filing = (changes: object = {}) => ({
    about: "score",
    metricId: "win-rate",
    scorecardRevision: 1,
    reason: "Five of the lost deals were never ours",
    evidence: {
      text: "They were registered by somebody else",
      links: ["https://crm.example/report/7"],
      opportunityIds: ["opp_00000000000000000000000045"],
    },
    ...changes,
  });
  const read = async <T>(to: string, token = partner): Promise<T> => {
    const response = await api.request(to, { token });
    expect(response.status).toBe(200);
    return (await response.json()) as T;
  };

  it("G-04 go from the explanation over the dispute to a new revision that both sides see", async () => {
    const before = await read<Card>(`${card()}?explain=true`);
    const winRate = before.explanation?.metrics.find(({ metricId }) => metricId === "win-rate");
    expect(winRate?.steps[0]).toContain("wonCount 40, lostCount 20");

    const filed = await send(path(), partner, { body: filing(), key: "file-1" });
    expect(filed.status).toBe(201);
    const dispute = (await filed.json()) as Dispute;
    const one = `${path()}/${dispute.disputeId}`;
    expect(filed.headers.get("Location")).toBe(one);
    const again = await send(path(), partner, { body: filing(), key: "file-1" });
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await again.json()).toEqual(dispute);
    const twice = await send(path(), partner, { body: filing() });
    expect(twice.status).toBe(409);
    expect(await twice.json()).toMatchObject({ code: "dispute-exists" });

    const waiting = await read<{ items: Dispute[] }>("/v1/disputes", manager);
    expect(waiting.items).toEqual([dispute]);
    const inbox = await read<{ items: { items: unknown[] }[] }>("/v1/me/inbox", manager);
    expect(inbox.items[0]?.items).toContainEqual({
      kind: "dispute",
      disputeId: dispute.disputeId,
      cycleId: own.review.cycleId,
      partnerId: own.partner.partnerId,
      text: "Northwind 2026-Q4: Win rate (score)",
      dueOn: dispute.dueOn,
    });

    const decision = {
      outcome: "upheld",
      answer: "Right: 40 of 55",
      remedy: { kind: "value", value: "72.7273" },
    };
    const without = await send(`${one}/decide`, manager, { body: decision });
    expect(without.status).toBe(428);
    const stale = await send(`${one}/decide`, manager, { body: decision, version: 4 });
    expect(stale.status).toBe(412);
    const decided = await send(`${one}/decide`, manager, {
      body: decision,
      version: 1,
      key: "decide-1",
    });
    expect(decided.status).toBe(200);
    const upheld = await decided.json();
    expect(upheld).toMatchObject({ status: "upheld", resultingRevision: 2, version: 2 });
    const repeated = await send(`${one}/decide`, manager, {
      body: decision,
      version: 1,
      key: "decide-1",
    });
    expect(await repeated.json()).toEqual(upheld);

    expect(await read(one)).toEqual(upheld);
    const revisions = await read<{ items: Card[] }>(`${card()}/revisions`);
    expect(revisions.items.map(({ revision }) => revision)).toEqual([2, 1]);
    const after = await read<Card>(`${card()}?explain=true`);
    // 100 × (72.7273 − 45) / 30 at weight 15 instead of 100 × (66.6667 − 45) / 30.
    expect(after.metrics.find(({ metricId }) => metricId === "win-rate")).toMatchObject({
      value: "72.7273",
      score: 92.4243,
    });
    const told = after.explanation?.metrics.find(({ metricId }) => metricId === "win-rate");
    expect(told?.steps[1]).toBe(
      `72.7273 % counts instead, as decided on dispute ${dispute.disputeId}`,
    );
    expect(await read(`${card()}/replay`, viewer)).toMatchObject({ isIdentical: true });
  });

  it("are refused where they say what cannot be", async () => {
    const metricId = "revenue-won";
    const bad = [
      { body: filing({ metricId: "win-rate", about: "anything" }), status: 400 },
      { body: filing({ metricId, reason: " " }), status: 400 },
      {
        body: filing({ metricId, evidence: { text: "x", links: ["http://a.example"] } }),
        status: 400,
      },
      { body: filing({ metricId: "nothing", scorecardRevision: 2 }), status: 422 },
      { body: filing({ metricId, scorecardRevision: 1 }), status: 412 },
    ];
    for (const { body, status } of bad) {
      expect((await send(path(), partner, { body })).status).toBe(status);
    }
    const evidence = { text: "See", opportunityIds: ["opp_0000000000000000000000ZZZZ"] };
    const unknown = await send(path(), partner, {
      body: filing({ metricId, scorecardRevision: 2, evidence }),
    });
    expect(await unknown.json()).toMatchObject({
      code: "dispute-fact-unknown",
      errors: [{ pointer: "/evidence/opportunityIds/0" }],
    });
  });

  it("are nobody's but the two sides': who may not, and who is elsewhere", async () => {
    const body = filing({ metricId: "average-deal-size", scorecardRevision: 2 });
    expect((await send(path(), viewer, { body })).status).toBe(403);
    expect((await send(path(), neighbour, { body })).status).toBe(404);
    const filed = await send(path(), partner, { body });
    const { disputeId } = (await filed.json()) as Dispute;
    const one = `${path()}/${disputeId}`;
    const missing = `${path()}/dsp_0000000000000000000000ZZZZ`;
    const bare = async (response: Response) => {
      const {
        requestId: _,
        instance: __,
        ...problem
      } = (await response.json()) as object & {
        requestId: string;
        instance: string;
      };
      return { status: response.status, problem };
    };
    for (const token of [neighbour, ...foreign]) {
      const foreignAnswer = await bare(await api.request(one, { token }));
      expect(foreignAnswer).toEqual(await bare(await api.request(missing, { token })));
      expect(foreignAnswer.status).toBe(404);
      expect((await api.request(path(), { token })).status).toBe(404);
    }
    const decision = { outcome: "rejected", answer: "No" };
    for (const token of [viewer, partner]) {
      expect((await send(`${one}/decide`, token, { body: decision, version: 1 })).status).toBe(403);
    }
    expect(
      (await send(`${one}/decide`, foreign[0] ?? "", { body: decision, version: 1 })).status,
    ).toBe(404);
    expect((await send(`${one}/withdraw`, neighbour, { version: 1 })).status).toBe(404);
    expect((await send(`${one}/withdraw`, partner, { version: 1 })).status).toBe(200);
    expect(await bare(await send(`${one}/withdraw`, partner, { version: 2 }))).toMatchObject({
      status: 409,
      problem: { code: "dispute-closed" },
    });
  });
});
