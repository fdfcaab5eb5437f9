import type { DevelopmentPlan } from "@concord/core/development-plan";
import { updatePartner } from "@concord/core/partner";
import {
  ACME,
  GLOBEX,
  type TestApi,
  type TestPartnership,
  testApi,
  testPartnership,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

type Json = Record<string, unknown>;

interface Sent {
  readonly token: string;
  readonly body?: unknown;
  readonly version?: number;
  readonly key?: string;
  readonly method?: string;
}

describe("development plans over HTTP", () => {
  let api: TestApi;
  let own: TestPartnership;
  let tokens: Record<"exec" | "manager" | "sponsor" | "otherExec" | "globex", string>;
  beforeAll(async () => {
    api = await testApi();
    own = await testPartnership(api.store, ACME);
    const other = await testPartnership(api.store, ACME, { name: "Contoso" });
    const manager = await api.member(ACME, "partner-manager");
    const sponsor = await api.member(ACME, "executive-sponsor");
    const { partnerId } = own.partner;
    await updatePartner(api.store.asMember(ACME, "admin"), {
      partnerId,
      ifVersion: 1,
      changes: {
        partnerManagerId: manager.member.memberId,
        executiveSponsorId: sponsor.member.memberId,
      },
    });
    tokens = {
      exec: (await api.partnerUser(ACME, partnerId, "partner-exec")).token,
      manager: manager.token,
      sponsor: sponsor.token,
      otherExec: (await api.partnerUser(ACME, other.partner.partnerId, "partner-exec")).token,
      globex: (await api.member(GLOBEX, "partner-manager")).token,
    };
  });

  const body = () => ({
    cycleId: own.review.cycleId,
    title: "Win more of what we pursue",
    summary: "Coaching, then joint calls.",
    budget: { amount: "900000.00", currency: "USD" },
    activities: [
      {
        title: "Workshop",
        type: "workshop",
        metricId: "win-rate",
        target: "75",
        milestones: [{ title: "Held", dueOn: "2027-02-15" }],
      },
    ],
  });
  const send = (path: string, sent: Sent) => api.request(`/v1${path}`, { method: "POST", ...sent });
  const planOf = async (response: Response, status = 200): Promise<DevelopmentPlan> => {
    expect(response.status).toBe(status);
    const plan = (await response.json()) as DevelopmentPlan;
    expect(response.headers.get("ETag")).toBe(`"${plan.version}"`);
    return plan;
  };
  const refusal = async (response: Response) => {
    const { status, code, errors } = (await response.json()) as Json;
    return { status, code, ...(errors ? { errors } : {}) };
  };
  const create = async (token = tokens.exec) =>
    planOf(
      await send(`/partners/${own.partner.partnerId}/development-plans`, { token, body: body() }),
      201,
    );
  const submitted = async (token = tokens.exec) => {
    const { planId } = await create(token);
    const path = `/development-plans/${planId}`;
    await planOf(await send(`${path}/accept`, { token: tokens.exec, version: 1 }));
    return planOf(await send(`${path}/submit`, { token: tokens.exec, version: 2 }));
  };

  it("S-81 go from draft over returned to approved by both", async () => {
    const { planId } = await submitted();
    const path = `/development-plans/${planId}`;
    const waiting = await api.request("/v1/me/development-plans", { token: tokens.manager });
    expect(await waiting.json()).toMatchObject({ items: [{ planId, stepNumber: 1 }] });

    const comment = "Smaller steps";
    await planOf(
      await send(`${path}/return`, { token: tokens.manager, version: 3, body: { comment } }),
    );
    const changed = await planOf(
      await send(path, {
        method: "PATCH",
        token: tokens.exec,
        version: 4,
        body: { title: "Smaller steps" },
      }),
    );
    expect(changed).toMatchObject({ status: "draft", revision: 2, accepted: null });
    await planOf(await send(`${path}/accept`, { token: tokens.exec, version: 5 }));
    await planOf(await send(`${path}/submit`, { token: tokens.exec, version: 6 }));
    await planOf(await send(`${path}/approve`, { token: tokens.manager, version: 7, body: {} }));
    const approved = await planOf(
      await send(`${path}/approve`, { token: tokens.sponsor, version: 8, body: { comment: "Go" } }),
    );
    expect(approved.status).toBe("approved");
    const reached = await planOf(
      await send(`${path}/milestones`, {
        token: tokens.exec,
        version: 9,
        body: { activity: 0, milestone: 0, doneOn: "2027-02-14" },
      }),
    );
    expect(reached.activities[0]?.milestones[0]?.doneOn).toBe("2027-02-14");
    const listed = await api.request(`/v1/partners/${own.partner.partnerId}/development-plans`, {
      token: tokens.exec,
    });
    expect(await listed.json()).toMatchObject({ items: [reached] });
  });

  it("make one plan and one decision of a repeated request with its key", async () => {
    const path = `/partners/${own.partner.partnerId}/development-plans`;
    const sent = { token: tokens.exec, body: body(), key: "create-once" };
    const first = await send(path, sent);
    const again = await send(path, sent);
    expect(again.status).toBe(201);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.headers.get("Location")).toBe(first.headers.get("Location"));
    expect(await again.json()).toEqual(await first.json());

    const { planId, version } = await submitted();
    const decision = { token: tokens.manager, version, body: {}, key: "approve-once" };
    const approved = await planOf(await send(`/development-plans/${planId}/approve`, decision));
    const replayed = await send(`/development-plans/${planId}/approve`, decision);
    expect(replayed.headers.get("ETag")).toBe(`"${approved.version}"`);
    expect(await replayed.json()).toEqual(approved);
  });

  it("refuse with a code what the approval does not allow, and change nothing", async () => {
    const plan = await submitted(tokens.manager);
    const path = `/development-plans/${plan.planId}`;
    const { version } = plan;
    const decide = (token: string, at = version) =>
      send(`${path}/approve`, { token, version: at, body: {} });
    expect(await refusal(await decide(tokens.manager))).toEqual({
      status: 403,
      code: "plan-self-approval",
    });
    expect(await refusal(await decide(tokens.sponsor))).toEqual({
      status: 409,
      code: "plan-not-your-turn",
    });
    expect(await refusal(await decide(tokens.sponsor, 1))).toEqual({
      status: 412,
      code: "version-stale",
    });
    expect(await refusal(await decide(tokens.exec))).toEqual({
      status: 403,
      code: "permission-denied",
    });
    const seen = await api.request(`/v1${path}`, { token: tokens.manager });
    expect(await planOf(seen)).toEqual(plan);
  });

  it("answer another partner and another tenant like a missing plan", async () => {
    const { planId } = await submitted();
    const missing = "pln_0000000000000000000000000A";
    const answers = await Promise.all(
      [
        [tokens.exec, missing],
        [tokens.otherExec, planId],
        [tokens.globex, planId],
      ].map(async ([token, id]) => {
        const response = await api.request(`/v1/development-plans/${id}`, { token });
        const { requestId: _, instance: __, ...problem } = (await response.json()) as Json;
        return problem;
      }),
    );
    expect(answers[0]).toMatchObject({ status: 404, code: "plan-not-found" });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it("name every activity at fault by its pointer", async () => {
    const [activity] = body().activities;
    const response = await send(`/partners/${own.partner.partnerId}/development-plans`, {
      token: tokens.exec,
      body: { ...body(), activities: [activity, { ...activity, metricId: "luck" }] },
    });
    expect(await refusal(response)).toMatchObject({
      status: 422,
      code: "plan-metric-unknown",
      errors: [{ pointer: "/activities/1/metricId" }],
    });
  });
});
