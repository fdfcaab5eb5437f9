import { eventOf } from "@concord/core/event";
import type { TenantId } from "@concord/core/id";
import { addPartnerUser } from "@concord/core/member";
import { updatePartner } from "@concord/core/partner";
import {
  ACME,
  GLOBEX,
  NOON,
  TEST_PASSWORD,
  type TestApi,
  type TestPartnership,
  testApi,
  testPartnership,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

interface Inbox {
  readonly items: readonly {
    readonly tenantId: string;
    readonly items: readonly {
      readonly kind: string;
      readonly due?: string;
      readonly text: string;
    }[];
  }[];
}

describe("reviews in the inbox", () => {
  const email = "exec-of-both@people.test";
  let api: TestApi;
  let acme: TestPartnership;
  let globex: TestPartnership;

  /** The review window of the cycle: cards are frozen, sessions are held. */
  async function openCycle(tenantId: TenantId, { review, program }: TestPartnership) {
    const { store, actor } = api.store.asSystem(tenantId);
    const { cycleId, period, freezesAt, closesAt } = review;
    const at = NOON.toISOString();
    const cycle = {
      cycleId,
      programId: program.programId,
      programVersion: program.version,
      period,
      span: { from: "2026-10-01", to: "2026-12-31" },
      currency: "USD",
      timeZone: "America/Chicago",
      status: "frozen" as const,
      ...{ opensAt: at, openedAt: at, freezesAt, closesAt },
      ...{ partnerCount: 1, chunkCount: 0, kickedOffAt: at, freezeStartedAt: at, frozenAt: at },
      ...{ closedAt: null, reviewsClosedAt: null, version: 1 },
    };
    await store.cycles.save(cycle, eventOf("cycle.opened", actor, NOON, {}));
  }
  const invited = (tenantId: TenantId, { partner }: TestPartnership, address: string) =>
    addPartnerUser(api.store.asSystem(tenantId), {
      partnerId: partner.partnerId,
      email: address,
      displayName: "Of both",
      roles: ["partner-exec"],
      initialPassword: TEST_PASSWORD,
    });
  const inboxOf = async (token: string) => {
    const response = await api.request("/v1/me/inbox", { token });
    expect(response.status).toBe(200);
    return ((await response.json()) as Inbox).items;
  };
  const reviewsIn = (items: Inbox["items"], tenantId: TenantId) =>
    items
      .filter((one) => one.tenantId === tenantId)
      .flatMap((one) => one.items.map(({ kind, due, text }) => [kind, due, text]));

  beforeAll(async () => {
    api = await testApi();
    acme = await testPartnership(api.store, ACME, { name: "Northwind" });
    globex = await testPartnership(api.store, GLOBEX, { name: "Fabrikam" });
    await openCycle(ACME, acme);
    await openCycle(GLOBEX, globex);
    await invited(ACME, acme, email);
    await invited(GLOBEX, globex, email);
  });

  it("G-12 say what each vendor's review waits for from this person, first what is due first", async () => {
    const login = await api.request("/v1/login", {
      body: { email, password: TEST_PASSWORD, tenantId: ACME },
    });
    const { accessToken: token } = (await login.json()) as { accessToken: string };
    const { closesAt, period } = acme.review;
    const [ours, theirs] = [`Northwind ${period}`, `Fabrikam ${globex.review.period}`];
    const first = await inboxOf(token);
    expect(reviewsIn(first, ACME)).toEqual([["review-contribution", closesAt, ours]]);
    expect(reviewsIn(first, GLOBEX)).toEqual([["review-contribution", closesAt, theirs]]);

    const admin = (await api.member(ACME, "admin")).token;
    const path = `/v1/review-cycles/${acme.review.cycleId}/reviews/${acme.partner.partnerId}`;
    const planned = await api.request(`${path}/session`, {
      token: admin,
      body: { heldOn: "2027-01-20" },
    });
    expect(planned.status).toBe(201);
    expect(reviewsIn(await inboxOf(token), ACME)).toEqual([
      ["review-contribution", "2027-01-20", ours],
      ["review-session", "2027-01-20", ours],
    ]);
    const posted = await api.request(`${path}/contributions`, {
      token,
      body: { kind: "win", text: "A large one" },
    });
    expect(posted.status).toBe(201);
    expect(reviewsIn(await inboxOf(token), ACME)).toEqual([["review-session", "2027-01-20", ours]]);

    const { store, actor } = api.store.asSystem(ACME);
    const session = await store.sessions.get(acme.review);
    if (session?.status !== "planned") throw new Error("it was planned");
    const at = NOON.toISOString();
    const closed = { closedAt: at, closedBy: actor as never, actionItemIds: [] };
    await store.sessions.save(
      { ...session, status: "closed", ...closed, version: session.version + 1 },
      eventOf("session.closed", actor, NOON, {}),
    );
    const last = await inboxOf(token);
    expect(reviewsIn(last, ACME)).toEqual([["review-signature", closesAt, ours]]);
    expect(reviewsIn(last, GLOBEX)).toEqual([["review-contribution", closesAt, theirs]]);
  });

  it("G-12 are those of the partners that a member manages or moderates, and of nobody else", async () => {
    const manager = await api.member(GLOBEX, "partner-manager");
    const moderator = await api.member(GLOBEX, "viewer");
    const bystander = await api.member(GLOBEX, "partner-manager");
    const { partnerId } = globex.partner;
    await updatePartner(api.store.asMember(GLOBEX, "admin"), {
      partnerId,
      ifVersion: 1,
      changes: { partnerManagerId: manager.member.memberId },
    });
    const admin = (await api.member(GLOBEX, "admin")).token;
    const assigned = await api.request(`/v1/partners/${partnerId}/assignments`, {
      token: admin,
      body: {
        duty: "moderator",
        holder: { kind: "member", memberId: moderator.member.memberId },
      },
    });
    expect(assigned.status).toBe(201);
    const path = `/v1/review-cycles/${globex.review.cycleId}/reviews/${partnerId}/session`;
    await api.request(path, { token: admin, body: { heldOn: "2027-01-21" } });
    const text = `Fabrikam ${globex.review.period}`;
    const session = ["review-session", "2027-01-21", text];
    expect(reviewsIn(await inboxOf(manager.token), GLOBEX)).toEqual([
      ["review-contribution", "2027-01-21", text],
      session,
    ]);
    expect(reviewsIn(await inboxOf(moderator.token), GLOBEX)).toEqual([session]);
    expect(reviewsIn(await inboxOf(bystander.token), GLOBEX)).toEqual([]);
  });

  it("G-12 cost four requests more at most for one review, and none where no cycle is open", async () => {
    await api.request("/v1/me/inbox", { token: (await api.member(ACME, "viewer")).token });
    const without = Number(api.log.at(-1)?.["requests"]);
    const user = await api.partnerUser(ACME, acme.partner.partnerId, "partner-user");
    await api.request("/v1/me/inbox", { token: user.token });
    expect(Number(api.log.at(-1)?.["requests"]) - without).toBeLessThanOrEqual(4);
  });
});
