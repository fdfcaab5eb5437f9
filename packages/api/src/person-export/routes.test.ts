import { recordChange } from "@concord/core/audit";
import { fileDispute } from "@concord/core/dispute";
import type { TenantId } from "@concord/core/id";
import { addMember, endMember } from "@concord/core/member";
import {
  ACME,
  GLOBEX,
  TEST_PASSWORD,
  type TestApi,
  type TestPartnership,
  testApi,
  testPartnership,
} from "@concord/local/testing";
import { auditSourceOf } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";

type Body = Record<string, unknown>;
interface Exported {
  readonly person: Body;
  readonly memberships: (Body & { readonly activity: Body[]; readonly duties: Body[] })[];
  readonly invitations: Body[];
}

const EMAIL = "ada@export.test";

describe("one's own data", () => {
  let api: TestApi;
  let world: TestPartnership;
  let token: string;
  let document: Exported;
  let text: string;
  const activity = async (query = "", by = token) =>
    api.request(`/v1/me/activity${query}`, { token: by });

  beforeAll(async () => {
    api = await testApi();
    world = await testPartnership(api.store, ACME);
    const add = (tenantId: TenantId, displayName: string) =>
      addMember(api.store.asSystem(tenantId), {
        ...{ email: EMAIL, displayName, roles: ["admin"], initialPassword: TEST_PASSWORD },
      });
    const acme = await add(ACME, "Ada of Acme");
    const globex = await add(GLOBEX, "Ada of Globex");
    const ended = await add(GLOBEX, "Ada of Globex").catch((error: Error) => error.message);
    expect(ended).toContain("member");
    await api.member(GLOBEX, "viewer");

    const login = async (tenantId: TenantId) => {
      const answer = await api.request("/v1/login", {
        body: { email: EMAIL, password: TEST_PASSWORD, tenantId },
        headers: { "User-Agent": "export-agent/1.0" },
      });
      return ((await answer.json()) as { accessToken: string }).accessToken;
    };
    token = await login(ACME);
    const path = `/v1/review-cycles/${world.review.cycleId}/reviews/${world.partner.partnerId}`;
    const posted = await api.request(`${path}/contributions`, {
      token,
      body: { kind: "win", text: "What Ada wrote" },
    });
    expect(posted.status).toBe(201);
    const item = await api.request(`/v1/partners/${world.partner.partnerId}/action-items`, {
      token,
      body: {
        text: "What Ada owes",
        owner: { kind: "member", memberId: acme.memberId },
        dueOn: "2027-05-01",
      },
    });
    expect(item.status).toBe(201);
    const { cycleId, partnerId } = world.card;
    const disputed = await fileDispute(world.as(world.partnerUsers.user), world.card, {
      ...{ about: "score", metricId: "win-rate", scorecardRevision: 1, reason: "Not ours" },
      evidence: { text: "See the order", links: [], opportunityIds: [] },
    });
    const decided = await api.request(
      `/v1/review-cycles/${cycleId}/scorecards/${partnerId}/disputes/${disputed.disputeId}/decide`,
      {
        token,
        body: { outcome: "rejected", answer: "What Ada decided" },
        version: 1,
      },
    );
    expect(decided.status).toBe(200);
    const partners = await api.request("/v1/partners", {
      token: await login(GLOBEX),
      body: { name: "A partner of Globex", region: "Central" },
    });
    expect(partners.status).toBe(201);
    const by = api.store.asMember(GLOBEX, "owner");
    await endMember(by, { memberId: globex.memberId, ifVersion: 1 });
    const owner = await api.logIn("owner@globex.test", TEST_PASSWORD);
    await api.request("/v1/invitations", {
      token: owner,
      body: { email: EMAIL, roles: ["viewer"] },
    });
    const others = { email: "somebody@else.test", roles: ["viewer"] };
    await api.request("/v1/invitations", { token: owner, body: others });

    for (const row of await api.store.dump()) {
      const tenantId = [ACME, GLOBEX].find((one) => String(row["pk"]).startsWith(`T#${one}#`));
      if (row["entity"] !== "Event" || !tenantId) continue;
      await recordChange(api.store.asSystem(tenantId), auditSourceOf(row));
    }
    const answer = await api.request("/v1/me/export", { token });
    text = await answer.text();
    expect(answer.status, JSON.stringify(api.log.at(-1))).toBe(200);
    document = JSON.parse(text) as Exported;
  });
  const of = (tenantId: TenantId) =>
    document.memberships.find((one) => one["tenantId"] === tenantId);

  it("P-15 holds the person, every membership, the ended one too, and where they are logged in", () => {
    expect(document.person).toMatchObject({ email: EMAIL, hasPassword: true });
    expect(document.memberships).toHaveLength(2);
    expect(of(ACME)).toMatchObject({
      displayName: "Ada of Acme",
      status: "active",
      loginSessions: [{ client: "export-agent/1.0", method: "password" }],
    });
    expect(of(GLOBEX)).toMatchObject({ displayName: "Ada of Globex", status: "ended" });
  });

  it("P-15 holds what they owe, what they wrote and what they did, each in its tenant", () => {
    expect(of(ACME)?.duties).toMatchObject([{ kind: "action-item", text: "What Ada owes" }]);
    const types = of(ACME)?.activity.map(({ type }) => type);
    expect(types?.toSorted()).toEqual([
      "action-item.created",
      "contribution.posted",
      "dispute.rejected",
    ]);
    const rejected = of(ACME)?.activity.find(({ type }) => type === "dispute.rejected");
    expect(rejected).toMatchObject({ dispute: { answer: "What Ada decided" } });
    const posted = of(ACME)?.activity.find(({ type }) => type === "contribution.posted");
    expect(posted).toMatchObject({ contribution: { text: "What Ada wrote" } });
    expect(of(GLOBEX)?.activity).toMatchObject([{ type: "partner.created" }]);
    expect(of(ACME)).toMatchObject({ hasMoreActivity: false });
  });

  it("P-15 holds the invitations to their address, and nobody else's anything", () => {
    expect(document.invitations).toMatchObject([
      { tenantId: GLOBEX, email: EMAIL, status: "pending" },
    ]);
    for (const stranger of ["somebody@else.test", "Somebody of these tests", "owner@"]) {
      expect(text).not.toContain(stranger);
    }
    expect(text).not.toMatch(/passwordHash|refreshHash|tokenHash|secretHash/);
  });

  it("P-15 tells what was done day by day, of an ended membership too", async () => {
    const here = (await (await activity("?from=2027-01-01&to=2027-01-31")).json()) as {
      items: Body[];
    };
    expect(here.items).toEqual(of(ACME)?.activity);
    const there = await activity(
      `?membershipId=${String(of(GLOBEX)?.["membershipId"])}&from=2027-01-01&to=2027-01-31`,
    );
    expect(((await there.json()) as { items: Body[] }).items).toEqual(of(GLOBEX)?.activity);
    const earlier = await activity("?from=2026-12-01&to=2026-12-31");
    expect(await earlier.json()).toEqual({ items: [] });
  });

  it("answers somebody else's membership like a missing one, and reads no more than a month", async () => {
    const { member } = await api.member(ACME, "viewer");
    const codes = [];
    for (const id of [member.memberId, "mem_00000000000000000000000000"]) {
      const answer = await activity(`?membershipId=${id}`);
      codes.push([answer.status, ((await answer.json()) as Body)["code"]]);
    }
    expect(codes).toEqual([
      [404, "membership-not-found"],
      [404, "membership-not-found"],
    ]);
    const long = await activity("?from=2026-01-01&to=2027-01-01");
    expect([long.status, ((await long.json()) as Body)["code"]]).toEqual([
      422,
      "audit-range-too-long",
    ]);
  });
});
