import { addMember, addPartnerUser } from "@concord/core/member";
import { createPartner } from "@concord/core/partner";
import { ACME, GLOBEX, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

const bodyOf = (response: Response) => response.json() as Promise<Record<string, unknown>>;
const withoutRequestId = ({ requestId, instance, ...rest }: Record<string, unknown>) => rest;

describe("log-in", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await testApi();
  });
  const logIn = (body: unknown) => api.request("/v1/login", { body });

  it("P-03 gives a member a token of ten minutes that names tenant and roles", async () => {
    const response = await logIn({ email: "Owner@Acme.test", password: TEST_PASSWORD });
    const answer = await bodyOf(response);
    expect(response.status).toBe(200);
    expect(answer).toMatchObject({
      tokenType: "Bearer",
      expiresIn: 600,
      tenant: { tenantId: ACME, name: "Acme" },
      actor: { kind: "member", roles: ["owner"], email: "owner@acme.test" },
    });
    const me = await api.request("/v1/me", { token: String(answer["accessToken"]) });
    expect(await bodyOf(me)).toMatchObject({
      tenant: { tenantId: ACME, name: "Acme" },
      actor: answer["actor"],
    });
  });

  it("answers an unknown address and a wrong password alike", async () => {
    const wrong = await logIn({ email: "owner@acme.test", password: "not the password" });
    const unknown = await logIn({ email: "nobody@acme.test", password: "not the password" });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const bodies = [await bodyOf(wrong), await bodyOf(unknown)];
    expect(bodies[0]?.["code"]).toBe("login-failed");
    expect(withoutRequestId(bodies[0] ?? {})).toEqual(withoutRequestId(bodies[1] ?? {}));
  });

  it("lists the memberships of a person only after the right password, and takes a choice", async () => {
    const email = "both@people.test";
    const person = { email, displayName: "Of both", initialPassword: TEST_PASSWORD };
    const partner = await createPartner(api.store.asMember(GLOBEX, "admin"), {
      name: "Northwind",
      type: "reseller",
      lifecycleStage: "growing",
      region: "Central",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });
    const { partnerId } = partner;
    const member = await addMember(api.store.asSystem(ACME), { ...person, roles: ["viewer"] });
    const user = await addPartnerUser(api.store.asSystem(GLOBEX), {
      ...person,
      roles: ["partner-user"],
      partnerId,
    });
    expect(user.personId).toBe(member.personId);

    const asked = await logIn({ email, password: TEST_PASSWORD });
    expect(asked.status).toBe(409);
    const problem = await bodyOf(asked);
    expect(problem["code"]).toBe("login-choice-needed");
    expect(problem["choices"]).toEqual([
      { tenantId: ACME, tenantName: "Acme", membershipId: member.memberId, partnerId: null },
      {
        tenantId: GLOBEX,
        tenantName: "Globex",
        membershipId: user.partnerUserId,
        partnerId: partner.partnerId,
      },
    ]);
    const wrong = await logIn({ email, password: "not the password" });
    expect(await bodyOf(wrong)).not.toHaveProperty("choices");

    const chosen = await logIn({ email, password: TEST_PASSWORD, tenantId: GLOBEX });
    expect(await bodyOf(chosen)).toMatchObject({
      tenant: { tenantId: GLOBEX },
      actor: { kind: "partner-user", membershipId: user.partnerUserId, partnerId },
    });
  });

  it("P-03 opens every membership with the person's own password, and none with one that a later tenant says", async () => {
    const email = "shared@people.test";
    const person = { email, displayName: "Shared", roles: ["viewer" as const] };
    await addMember(api.store.asSystem(ACME), { ...person, initialPassword: "the own password" });
    await addMember(api.store.asSystem(GLOBEX), { ...person, initialPassword: "said by globex" });
    for (const tenantId of [ACME, GLOBEX]) {
      const own = await logIn({ email, password: "the own password", tenantId });
      expect(await bodyOf(own)).toMatchObject({ tenant: { tenantId } });
      const said = await logIn({ email, password: "said by globex", tenantId });
      expect((await bodyOf(said))["code"]).toBe("login-failed");
    }
  });

  it.each([
    { name: "a password of 257 characters", body: { password: "x".repeat(257) } },
    { name: "no password", body: { password: undefined } },
    { name: "something that is no address", body: { email: "owner" } },
    { name: "an unknown member", body: { remember: true } },
  ])("refuses $name with 400 before any work", async ({ body }) => {
    const response = await logIn({ email: "owner@acme.test", password: TEST_PASSWORD, ...body });
    expect(response.status).toBe(400);
    expect(api.log.at(-1)).toMatchObject({ requests: 0, route: "/v1/login" });
  });

  it("does not let in a member whose membership has ended", async () => {
    const { token } = await api.member(ACME, "admin");
    const { member } = await api.member(ACME, "viewer");
    const ended = await api.request(`/v1/members/${member.memberId}/end`, {
      method: "POST",
      token,
      version: 1,
    });
    expect(ended.status).toBe(200);
    const again = await logIn({ email: member.email, password: TEST_PASSWORD });
    expect((await bodyOf(again))["code"]).toBe("login-failed");
  });

  it("logs neither address nor password nor token", async () => {
    const { token, member } = await api.member(ACME, "viewer");
    await logIn({ email: member.email, password: TEST_PASSWORD });
    const lines = JSON.stringify(api.log);
    expect(api.log.length).toBeGreaterThan(2);
    for (const secret of [token, member.email, TEST_PASSWORD, "@"])
      expect(lines).not.toContain(secret);
  });
});
