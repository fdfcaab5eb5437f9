import { type CreateActionItem, createActionItem } from "@concord/core/action-item";
import type { PartnerId, TenantId } from "@concord/core/id";
import { addMember, addPartnerUser } from "@concord/core/member";
import { createPartner } from "@concord/core/partner";
import { ACME, GLOBEX, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

interface Inbox {
  readonly items: {
    readonly tenantId: string;
    readonly tenantName: string;
    readonly partnerId: string | null;
    readonly access: string;
    readonly hasMore: boolean;
    readonly items: { readonly kind: string; readonly text: string; readonly partnerId: string }[];
  }[];
}

describe("one inbox over every vendor", () => {
  const email = "both@people.test";
  let api: TestApi;
  let atAcme: PartnerId;
  let atGlobex: PartnerId;
  let otherAtGlobex: PartnerId;
  let membershipAtGlobex: string;

  const partnerOf = async (tenantId: TenantId, name: string) => {
    const partner = await createPartner(api.store.asMember(tenantId, "admin"), {
      name,
      type: "reseller",
      lifecycleStage: "growing",
      region: "Central",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });
    return partner.partnerId;
  };
  const userOf = (tenantId: TenantId, partnerId: PartnerId, address: string) =>
    addPartnerUser(api.store.asSystem(tenantId), {
      partnerId,
      email: address,
      displayName: "Of both",
      roles: ["partner-user"],
      initialPassword: TEST_PASSWORD,
    });
  const give = (
    tenantId: TenantId,
    partnerId: PartnerId,
    owner: CreateActionItem["owner"],
    text: string,
  ) =>
    createActionItem(api.store.asMember(tenantId, "admin"), partnerId, {
      text,
      owner,
      dueOn: "2027-02-01",
    });
  const read = async (tenantId: TenantId, membershipId?: string) => {
    const login = await api.request("/v1/login", {
      body: { email, password: TEST_PASSWORD, tenantId, membershipId },
    });
    const { accessToken } = (await login.json()) as { accessToken: string };
    const response = await api.request("/v1/me/inbox", { token: accessToken });
    expect(response.status).toBe(200);
    return (await response.json()) as Inbox;
  };

  beforeAll(async () => {
    api = await testApi();
    atAcme = await partnerOf(ACME, "Northwind");
    atGlobex = await partnerOf(GLOBEX, "Northwind");
    otherAtGlobex = await partnerOf(GLOBEX, "Other");
    const ours = await userOf(ACME, atAcme, email);
    const theirs = await userOf(GLOBEX, atGlobex, email);
    membershipAtGlobex = theirs.partnerUserId;
    const stranger = await userOf(GLOBEX, otherAtGlobex, "stranger@people.test");
    const colleague = await userOf(ACME, atAcme, "colleague@people.test");
    const member = await addMember(api.store.asSystem(GLOBEX), {
      email,
      displayName: "Of both",
      roles: ["partner-manager"],
      initialPassword: TEST_PASSWORD,
    });
    const user = (partnerUserId: typeof ours.partnerUserId) =>
      ({ kind: "partner-user", partnerUserId }) as const;
    await give(ACME, atAcme, user(ours.partnerUserId), "to do at acme");
    await give(ACME, atAcme, user(colleague.partnerUserId), "a colleague's at acme");
    await give(GLOBEX, atGlobex, user(theirs.partnerUserId), "to do at globex");
    await give(GLOBEX, otherAtGlobex, user(stranger.partnerUserId), "a stranger's at globex");
    const asMember = { kind: "member", memberId: member.memberId } as const;
    await give(GLOBEX, otherAtGlobex, asMember, "to do for globex");
  });

  it("G-12 shows what waits in every membership, whichever of them one is logged in to, and nothing else", async () => {
    for (const [tenantId, membershipId] of [
      [ACME, undefined],
      [GLOBEX, membershipAtGlobex],
    ] as const) {
      const memberships = (await read(tenantId, membershipId)).items;
      expect(memberships.map((one) => [one.tenantName, one.partnerId, one.access]).sort()).toEqual(
        [
          ["Acme", atAcme, "open"],
          ["Globex", atGlobex, "open"],
          ["Globex", null, "open"],
        ].sort(),
      );
      const texts = memberships.flatMap(({ tenantName, items }) =>
        items.map(({ kind, text }) => [tenantName, kind, text]),
      );
      expect(texts.sort(), tenantId).toEqual(
        [
          ["Acme", "action-item", "to do at acme"],
          ["Globex", "action-item", "to do at globex"],
          ["Globex", "action-item", "to do for globex"],
        ].sort(),
      );
      const everything = JSON.stringify(memberships);
      for (const foreign of ["colleague", "stranger"]) expect(everything).not.toContain(foreign);
    }
  });

  it("shows nobody else's, however full the tenants are", async () => {
    const { token } = await api.member(ACME, "owner");
    const response = await api.request("/v1/me/inbox", { token });
    const { items } = (await response.json()) as Inbox;
    expect(items).toMatchObject([{ tenantId: ACME, items: [], hasMore: false }]);
  });

  it("says where more waits than it shows", async () => {
    const address = "busy@people.test";
    const busy = await userOf(ACME, atAcme, address);
    for (let number = 0; number < 26; number += 1) {
      const owner = { kind: "partner-user", partnerUserId: busy.partnerUserId } as const;
      await give(ACME, atAcme, owner, `number ${number}`);
    }
    const token = await api.logIn(address, TEST_PASSWORD);
    const response = await api.request("/v1/me/inbox", { token });
    const { items } = (await response.json()) as Inbox;
    expect([items.length, items[0]?.items.length, items[0]?.hasMore]).toEqual([1, 25, true]);
  });

  it("shows nothing of another tenant to who was let in by one tenant's single sign-on", async () => {
    const { store } = api;
    const login = await api.request("/v1/login", {
      body: { email, password: TEST_PASSWORD, tenantId: ACME },
    });
    const { accessToken } = (await login.json()) as { accessToken: string };
    const claims = JSON.parse(
      Buffer.from(accessToken.split(".")[1] ?? "", "base64url").toString(),
    ) as { mid: never; sid: never };
    const { loginSessions } = store.openTenant(ACME);
    const { session } = await loginSessions.find(claims.mid, claims.sid);
    if (!session) throw new Error("the session was opened");
    await loginSessions.end(claims.mid, claims.sid);
    await loginSessions.create({ ...session, method: "sso" });
    const response = await api.request("/v1/me/inbox", { token: accessToken });
    const { items } = (await response.json()) as Inbox;
    expect(items.map(({ tenantId }) => tenantId)).toEqual([ACME]);
    expect(JSON.stringify(items)).not.toContain("globex");
  });
});
