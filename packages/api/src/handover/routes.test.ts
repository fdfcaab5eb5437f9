import { createPartner } from "@concord/core/partner";
import { ACME, GLOBEX, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

describe("handing duties over, over HTTP", () => {
  let api: TestApi;
  let globex: string;
  beforeAll(async () => {
    api = await testApi();
    globex = await api.logIn("owner@globex.test", TEST_PASSWORD);
  });

  it("S-13 shows a member's duties, moves them and shows that nothing is left; a repeat moves nothing", async () => {
    const { token } = await api.member(ACME, "admin");
    const { member: leaver, token: managerToken } = await api.member(ACME, "partner-manager");
    const { member: receiver } = await api.member(ACME, "partner-manager");
    const path = `/v1/members/${leaver.memberId}`;
    const partner = await createPartner(api.store.asMember(ACME, "admin"), {
      ...{ name: "Northwind", type: "reseller", lifecycleStage: "growing", region: "Central" },
      ...{ partnerManagerId: leaver.memberId, executiveSponsorId: null, dataStewardId: null },
    });
    const { partnerId } = partner;
    const owner = { kind: "member", memberId: leaver.memberId };
    const body = { text: "Train two people", owner, dueOn: "2027-03-01" };
    await api.request(`/v1/partners/${partnerId}/action-items`, { token, body });

    const duties = await api.request(`${path}/duties`, { token });
    expect(await duties.json()).toMatchObject({
      counts: { "partner-manager": 1, "action-item": 1, source: 0 },
      first: [
        { kind: "partner-manager", id: partnerId, partnerId, text: "Northwind", due: null },
        { kind: "action-item", partnerId, text: "Train two people", due: "2027-03-01" },
      ],
      hasMore: false,
    });

    const hand = (as: string, to: string) =>
      api.request(`${path}/handover`, {
        token: as,
        body: { to },
        headers: { "Idempotency-Key": "hand-over" },
      });
    expect((await hand(managerToken, receiver.memberId)).status).toBe(403);
    expect((await hand(globex, receiver.memberId)).status).toBe(404);
    expect((await api.request(`${path}/duties`, { token: globex })).status).toBe(404);
    const self = await hand(token, leaver.memberId);
    expect([self.status, ((await self.json()) as { code: string }).code]).toEqual([
      422,
      "handover-to-self",
    ]);

    const moved = await hand(token, receiver.memberId);
    expect([moved.status, await moved.json()]).toMatchObject([
      200,
      { moved: { "partner-manager": 1, "action-item": 1 }, reasons: [], isDone: true },
    ]);
    const repeated = await hand(token, receiver.memberId);
    expect([repeated.status, await repeated.json()]).toMatchObject([
      200,
      { moved: { "partner-manager": 0, "action-item": 0 }, reasons: [], isDone: true },
    ]);
    const read = await api.request(`/v1/partners/${partnerId}`, { token });
    expect(await read.json()).toMatchObject({ partnerManagerId: receiver.memberId, version: 2 });
  });

  it("S-13 does the same for the people of a partner, by their executive", async () => {
    const partner = await createPartner(api.store.asMember(ACME, "admin"), {
      ...{ name: "Contoso", type: "reseller", lifecycleStage: "growing", region: "Central" },
      ...{ partnerManagerId: null, executiveSponsorId: null, dataStewardId: null },
    });
    const { partnerId } = partner;
    const exec = await api.partnerUser(ACME, partnerId, "partner-exec");
    const user = await api.partnerUser(ACME, partnerId, "partner-user");
    const { partnerUserId } = user.partnerUser;
    const owner = { kind: "partner-user", partnerUserId };
    const body = { text: "Train two people", owner, dueOn: "2027-03-01" };
    await api.request(`/v1/partners/${partnerId}/action-items`, { token: user.token, body });
    const path = `/v1/partners/${partnerId}/users/${partnerUserId}`;
    const hand = (token: string) =>
      api.request(`${path}/handover`, {
        token,
        body: { to: exec.partnerUser.partnerUserId },
      });
    expect((await hand(user.token)).status).toBe(403);
    expect((await hand(globex)).status).toBe(404);
    expect(await (await hand(exec.token)).json()).toMatchObject({
      moved: { "action-item": 1 },
      isDone: true,
    });
    const duties = await api.request(`${path}/duties`, { token: user.token });
    expect(await duties.json()).toMatchObject({ counts: { "action-item": 0 }, first: [] });
    const { partnerUser: stranger } = await api.partnerUser(GLOBEX, await theirs(), "partner-user");
    const refused = await api.request(`${path}/handover`, {
      token: exec.token,
      body: { to: stranger.partnerUserId },
    });
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      422,
      "partner-user-unknown",
    ]);
  });

  const theirs = async () => {
    const { partnerId } = await createPartner(api.store.asMember(GLOBEX, "admin"), {
      ...{ name: "Contoso", type: "reseller", lifecycleStage: "growing", region: "Central" },
      ...{ partnerManagerId: null, executiveSponsorId: null, dataStewardId: null },
    });
    return partnerId;
  };
});
