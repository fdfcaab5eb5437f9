import type { Contribution, Session } from "@concord/core/review";
import {
  ACME,
  GLOBEX,
  type TestApi,
  type TestPartnership,
  testApi,
  testPartnership,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

describe("reviews over HTTP", () => {
  let api: TestApi;
  let own: TestPartnership;
  let manager: Awaited<ReturnType<TestApi["member"]>>;
  let exec: string;
  let strangers: readonly string[];
  beforeAll(async () => {
    api = await testApi();
    own = await testPartnership(api.store, ACME);
    const other = await testPartnership(api.store, ACME, { name: "Contoso" });
    manager = await api.member(ACME, "partner-manager");
    exec = (await api.partnerUser(ACME, own.partner.partnerId, "partner-exec")).token;
    strangers = [
      (await api.partnerUser(ACME, other.partner.partnerId, "partner-exec")).token,
      (await api.member(GLOBEX, "partner-manager")).token,
    ];
  });

  const path = () => `/v1/review-cycles/${own.review.cycleId}/reviews/${own.review.partnerId}`;
  const send = (
    to: string,
    token: string,
    more: { body?: unknown; version?: number; method?: string },
  ) => api.request(`${path()}${to}`, { method: "POST", token, ...more });

  it("S-75, S-74 go from contributions over a session to two signatures", async () => {
    const posted = await send("/contributions", exec, {
      body: { kind: "need", text: "More leads" },
    });
    expect(posted.status).toBe(201);
    const contributions = await api.request(`${path()}/contributions`, { token: manager.token });
    expect(await contributions.json()).toMatchObject({
      items: [{ side: "partner", kind: "need", text: "More leads" }],
    });

    // S-29: detailed notes are contributions to one metric, by either side.
    for (const [token, side] of [
      [exec, "partner"],
      [manager.token, "vendor"],
    ] as const) {
      const note = { kind: "comment", metricId: "win-rate", text: `As the ${side} sees it` };
      expect((await send("/contributions", token, { body: note })).status).toBe(201);
    }
    const notes = await api.request(`${path()}/contributions?metricId=win-rate`, { token: exec });
    const { items } = (await notes.json()) as { items: Contribution[] };
    expect(items.toSorted((a, b) => (a.side < b.side ? -1 : 1))).toMatchObject([
      { metricId: "win-rate", side: "partner", by: { kind: "partner-user" } },
      { metricId: "win-rate", side: "vendor", by: { kind: "member" } },
    ]);
    const unknown = { kind: "comment", metricId: "no-such-metric", text: "x" };
    const refused = await send("/contributions", exec, { body: unknown });
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      422,
      "contribution-metric-unknown",
    ]);

    const planned = await send("/session", manager.token, { body: { heldOn: "2027-01-20" } });
    expect(planned.status).toBe(201);
    expect(planned.headers.get("Location")).toBe(`${path()}/session`);
    let session = (await planned.json()) as Session;
    const early = await send("/session/close", manager.token, { version: session.version });
    expect(early.status).toBe(422);
    expect(await early.json()).toMatchObject({
      code: "session-incomplete",
      errors: session.agenda.map((_, position) => ({ pointer: `/agenda/${position}/action` })),
    });
    for (const { agendaItemId, title } of session.agenda) {
      const owner = { kind: "member", memberId: manager.member.memberId };
      const response = await send(`/session/agenda/${agendaItemId}`, manager.token, {
        method: "PATCH",
        version: session.version,
        body: { action: { text: `Do: ${title}`, owner, dueOn: "2027-02-28" } },
      });
      expect(response.status).toBe(200);
      session = (await response.json()) as Session;
    }
    const closed = await send("/session/close", manager.token, { version: session.version });
    expect(closed.status).toBe(200);
    session = (await closed.json()) as Session;
    const own4 = await api.request("/v1/me/action-items", { token: manager.token });
    expect(((await own4.json()) as { items: unknown[] }).items).toHaveLength(4);

    const seen = { sessionVersion: session.version, scorecardRevision: 1 };
    const stale = await send("/sign", exec, {
      version: 1,
      body: { ...seen, sessionVersion: session.version - 1 },
    });
    expect(stale.status).toBe(412);
    const first = await send("/sign", exec, {
      version: 1,
      body: { ...seen, reservation: "The discount figure" },
    });
    expect(first.status).toBe(200);
    const second = await send("/sign", manager.token, { version: 2, body: seen });
    expect(await second.json()).toMatchObject({
      status: "closed",
      outcome: "signed-with-reservation",
    });
  });

  it("answer another partner and another tenant like a missing review", async () => {
    const missing = path().replace(own.review.cycleId, "cyc_0000000000000000000000000A");
    const answerOf = async (address: string, token: string) => {
      const response = await api.request(address, { token });
      const {
        requestId: _,
        instance: __,
        ...problem
      } = (await response.json()) as Record<string, unknown>;
      return problem;
    };
    const nothing = await answerOf(missing, exec);
    expect(nothing).toMatchObject({ status: 404, code: "review-not-found" });
    for (const token of strangers) {
      for (const part of ["", "/contributions", "/session"]) {
        expect(await answerOf(`${path()}${part}`, token)).toEqual(nothing);
      }
    }
  });
});
