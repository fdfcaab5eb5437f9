import { addMember } from "@concord/core/member";
import { ACME, GLOBEX, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

interface Offers {
  readonly invitations: readonly { readonly invitationId: string; readonly tenantName: string }[];
}

describe("invitations in the inbox", () => {
  let api: TestApi;
  let globex: string;
  beforeAll(async () => {
    api = await testApi();
    globex = (await api.member(GLOBEX, "admin")).token;
  });

  const known = async (email: string) => {
    await addMember(api.store.asSystem(ACME), {
      email,
      displayName: "At Acme",
      roles: ["viewer"],
      initialPassword: TEST_PASSWORD,
    });
    return api.logIn(email, TEST_PASSWORD);
  };
  const invite = async (email: string) => {
    const response = await api.request("/v1/invitations", {
      token: globex,
      body: { email, roles: ["viewer"] },
    });
    expect(response.status).toBe(201);
    return (await response.json()) as { invitationId: string; version: number; validUntil: string };
  };
  const offersOf = async (token: string) => {
    const response = await api.request("/v1/me/inbox", { token });
    expect(response.status).toBe(200);
    return ((await response.json()) as Offers).invitations;
  };

  it("G-12 are those of the person's own address, by whichever tenant, until they are withdrawn", async () => {
    const token = await known("invited@people.test");
    const other = await known("uninvited@people.test");
    expect(await offersOf(token)).toEqual([]);
    const { invitationId, validUntil } = await invite("invited@people.test");
    const offer = { invitationId, tenantName: "Globex", to: "member", validUntil };
    expect(await offersOf(token)).toEqual([offer]);
    expect(await offersOf(other)).toEqual([]);
    expect(await offersOf(globex)).toEqual([]);
    const revoked = await api.request(`/v1/invitations/${invitationId}/revoke`, {
      method: "POST",
      token: globex,
      version: 1,
    });
    expect(revoked.status).toBe(200);
    expect(await offersOf(token)).toEqual([]);
  });

  it("G-12 are gone once accepted, and once they have expired", async () => {
    const email = "joins@people.test";
    const token = await known(email);
    const { invitationId } = await invite(email);
    const accepted = await api.request("/v1/invitations/accept", {
      body: { token: await api.mailedToken(GLOBEX, invitationId), displayName: "Joins" },
    });
    expect(accepted.status).toBe(200);
    expect(await offersOf(token)).toEqual([]);

    const late = "late@people.test";
    await known(late);
    await invite(late);
    const before = api.wallNow;
    api.wallNow = new Date(before.getTime() + 8 * 86_400_000);
    expect(await offersOf(await api.logIn(late, TEST_PASSWORD))).toEqual([]);
    api.wallNow = before;
  });

  it("G-12 are not shown to who was let in by a tenant's provider", async () => {
    const email = "by-provider@people.test";
    const token = await known(email);
    await invite(email);
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    const { loginSessions } = api.store.openTenant(ACME);
    const { session } = await loginSessions.find(claims.mid, claims.sid);
    if (!session) throw new Error("the session was opened");
    expect(await offersOf(token)).toHaveLength(1);
    await loginSessions.end(claims.mid, claims.sid);
    await loginSessions.create({ ...session, method: "sso" });
    expect(await offersOf(token)).toEqual([]);
  });
});
