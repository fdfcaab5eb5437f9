import type { Actor, MemberRole } from "@concord/core/actor";
import type { PartnerId, TenantId } from "@concord/core/id";
import {
  acceptByToken,
  acceptInvitation,
  type Invitation,
  type InvitationContext,
  inviteMember,
  invitePartnerUser,
  listInvitations,
  listPartnerInvitations,
  resendInvitation,
  revokeInvitation,
  toMailed,
} from "@concord/core/invitation";
import {
  addMember,
  addPartnerUser,
  endMember,
  type Member,
  updateMember,
} from "@concord/core/member";
import { oneTimeToken } from "@concord/core/one-time-token";
import { createPartner } from "@concord/core/partner";
import { hashPassword } from "@concord/core/person";
import { ACME, actorOf, GLOBEX, NOON, type TestStore, testStore } from "@concord/local/testing";
import { openSystemStore } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";

const SECRET = new Uint8Array(32).fill(7);
const PASSWORD = "a password of these tests";
const AFTER_A_WEEK = new Date("2027-01-22T12:00:00.000Z");

describe("invitations in the table", () => {
  let test: TestStore;
  let hashes = 0;
  beforeAll(async () => {
    test = await testStore();
  });

  const memberOf = (tenantId: TenantId, email: string, ...roles: MemberRole[]) =>
    addMember(test.asSystem(tenantId), {
      email,
      displayName: "Somebody",
      roles,
      initialPassword: PASSWORD,
    });
  const acting = (tenantId: TenantId, actor: Actor, wallNow = NOON) => ({
    ...test.asSystem(tenantId),
    actor,
    wallNow,
    tokenSecret: SECRET,
  });
  const as = (tenantId: TenantId, member: Member, wallNow?: Date) =>
    acting(tenantId, actorOf(member), wallNow);
  const partnerOf = (tenantId: TenantId, name: string) =>
    createPartner(test.asMember(tenantId, "admin"), {
      name,
      type: "reseller",
      lifecycleStage: "growing",
      region: "Central",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });
  const mailed = (tenantId: TenantId, { invitationId, generation }: Invitation) =>
    toMailed({
      tenantId,
      invitationId,
      token: oneTimeToken(SECRET, "invitation", invitationId, generation),
    });
  const acceptance = (wallNow = NOON) => ({
    people: openSystemStore(test.table).people,
    openTenant: test.openTenant,
    isCommonPassword: async () => false,
    hashPassword: (password: string, owner: string) => {
      hashes += 1;
      return hashPassword(password, owner);
    },
    mint: test.mint,
    now: NOON,
    wallNow,
  });
  const accept = (token: string, password: string | undefined = PASSWORD, wallNow?: Date) =>
    acceptByToken(acceptance(wallNow), { token, displayName: "Ada", password });
  const person = async (email: string) => {
    const { people } = openSystemStore(test.table);
    const personId = await people.findPersonId(email);
    return personId === undefined ? undefined : people.load(personId);
  };
  const refused = async (action: Promise<unknown>, code: string) =>
    expect(action).rejects.toMatchObject({ code });

  it("P-02 makes a person of a new mailbox, and one with two memberships of a known one", async () => {
    const owner = await memberOf(ACME, "owner@one.test", "owner");
    const manager = await memberOf(GLOBEX, "manager@one.test", "partner-manager");
    const { partnerId } = await partnerOf(GLOBEX, "Northwind");
    const first = await inviteMember(as(ACME, owner), { email: "ada@one.test", roles: ["viewer"] });
    expect(await person("ada@one.test")).toBeUndefined();
    const ours = await accept(mailed(ACME, first));
    const second = await invitePartnerUser(as(GLOBEX, manager), {
      partnerId,
      email: "ada@one.test",
      roles: ["partner-exec"],
    });
    // Who is known is asked for no password, and keeps theirs whatever they send.
    const before = await person("ada@one.test");
    hashes = 0;
    const theirs = await accept(mailed(GLOBEX, second), "another password of theirs");
    expect(hashes).toBe(0);
    expect(theirs.personId).toBe(ours.personId);
    const after = await person("ada@one.test");
    expect(after?.person).toEqual(before?.person);
    expect(after?.memberships.map(({ tenantId, partnerId: at }) => [tenantId, at]).sort()).toEqual(
      [
        [ACME, null],
        [GLOBEX, partnerId],
      ].sort(),
    );
    const { members } = test.openTenant(ACME);
    expect(await members.get(ours.membershipId as Member["memberId"])).toMatchObject({
      roles: ["viewer"],
      displayName: "Ada",
      status: "active",
    });
    expect(await test.openTenant(ACME).invitations.get(first.invitationId)).toMatchObject({
      status: "accepted",
      membershipId: ours.membershipId,
    });
  });

  it("asks a person without a password for one, once", async () => {
    const owner = await memberOf(ACME, "owner@two.test", "owner");
    const invitation = await inviteMember(as(ACME, owner), {
      email: "sso@two.test",
      roles: ["viewer"],
    });
    await refused(
      acceptByToken(acceptance(), { token: mailed(ACME, invitation), displayName: "Ada" }),
      "password-needed",
    );
    expect(await person("sso@two.test")).toBeUndefined();
    await acceptInvitation(
      acceptance(),
      { tenantId: ACME, invitationId: invitation.invitationId },
      { email: "sso@two.test", displayName: "Ada", needsPassword: false },
    );
    expect((await person("sso@two.test"))?.person).toMatchObject({
      passwordHash: null,
      version: 1,
    });
    const admin = await memberOf(GLOBEX, "admin@two.test", "admin");
    const other = await inviteMember(as(GLOBEX, admin), {
      email: "sso@two.test",
      roles: ["viewer"],
    });
    await accept(mailed(GLOBEX, other));
    expect((await person("sso@two.test"))?.person).toMatchObject({
      passwordHash: expect.stringMatching(/^\$argon2id/),
      version: 2,
    });
  });

  it("is good once: of two acceptances at once, and of any later one, the second changes nothing", async () => {
    const owner = await memberOf(ACME, "owner@three.test", "owner");
    const invitation = await inviteMember(as(ACME, owner), {
      email: "twice@three.test",
      roles: ["viewer"],
    });
    const token = mailed(ACME, invitation);
    const outcomes = await Promise.allSettled([accept(token), accept(token)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const [lost] = outcomes.filter((one) => one.status === "rejected");
    expect(lost?.reason).toMatchObject({ code: "invitation-accepted" });
    const before = await person("twice@three.test");
    await refused(accept(token), "invitation-accepted");
    expect(before?.memberships).toHaveLength(1);
    expect(await person("twice@three.test")).toEqual(before);
  });

  it("refuses whatever is not the token that was mailed last, alike", async () => {
    const owner = await memberOf(ACME, "owner@four.test", "owner");
    const ctx = as(ACME, owner);
    const first = await inviteMember(ctx, { email: "ada@four.test", roles: ["viewer"] });
    const { invitationId } = first;
    const again = await resendInvitation(ctx, { invitationId, ifVersion: 1 });
    const good = mailed(ACME, again);
    const [, , token = ""] = good.split(".");
    for (const wrong of [
      mailed(ACME, first),
      mailed(GLOBEX, again),
      good.slice(0, -1),
      `${good}A`,
      `${good}.x`,
      token,
      `${ACME}.inv_${"0".repeat(26)}.${token}`,
      `${ACME}.${invitationId}.`,
      "",
      oneTimeToken(SECRET, "login-link", invitationId, 2),
    ]) {
      await refused(accept(wrong), "invitation-not-found");
    }
    expect(await person("ada@four.test")).toBeUndefined();
    await refused(
      acceptInvitation(
        acceptance(),
        { tenantId: ACME, invitationId },
        { email: "mallory@four.test", displayName: "M", password: PASSWORD, needsPassword: true },
      ),
      "invitation-not-found",
    );
    await accept(good);
  });

  it("ends after seven days, comes back when it is sent again, and is withdrawn for good", async () => {
    const owner = await memberOf(ACME, "owner@five.test", "owner");
    const late = as(ACME, owner, AFTER_A_WEEK);
    const email = "late@five.test";
    const invitation = await inviteMember(as(ACME, owner), { email, roles: ["viewer"] });
    const { invitationId } = invitation;
    await refused(accept(mailed(ACME, invitation), PASSWORD, AFTER_A_WEEK), "invitation-expired");
    await refused(revokeInvitation(late, { invitationId, ifVersion: 1 }), "invitation-expired");
    const again = await resendInvitation(late, { invitationId, ifVersion: 1 });
    await refused(inviteMember(late, { email, roles: ["viewer"] }), "invitation-exists");
    const revoked = await revokeInvitation(late, { invitationId, ifVersion: 2 });
    expect(revoked).toMatchObject({ status: "revoked", version: 3 });
    await refused(accept(mailed(ACME, again), PASSWORD, AFTER_A_WEEK), "invitation-revoked");
    await refused(resendInvitation(late, { invitationId, ifVersion: 3 }), "invitation-revoked");
    expect(await person(email)).toBeUndefined();
    const fresh = await inviteMember(late, { email, roles: ["data-steward"] });
    await accept(mailed(ACME, fresh), PASSWORD, AFTER_A_WEEK);
  });

  it("lets another invitation take the place of one that has expired, and no other", async () => {
    const owner = await memberOf(ACME, "owner@six.test", "owner");
    const email = "ada@six.test";
    const first = await inviteMember(as(ACME, owner), { email, roles: ["viewer"] });
    await refused(inviteMember(as(ACME, owner), { email, roles: ["admin"] }), "invitation-exists");
    const late = as(ACME, owner, AFTER_A_WEEK);
    await inviteMember(late, { email, roles: ["data-steward"] });
    await refused(
      resendInvitation(late, { invitationId: first.invitationId, ifVersion: 1 }),
      "invitation-exists",
    );
    const admin = await memberOf(GLOBEX, "admin@six.test", "admin");
    await inviteMember(as(GLOBEX, admin), { email, roles: ["viewer"] });
    const { invitations } = test.openTenant(ACME);
    expect(await invitations.pendingOf(email)).toHaveLength(1);
    expect(await invitations.countPending(AFTER_A_WEEK, 500)).toBe(1);
  });

  it("stands on the right of who sent it: without it nobody joins", async () => {
    const owner = await memberOf(ACME, "owner@seven.test", "owner");
    const demoted = await memberOf(ACME, "demoted@seven.test", "admin");
    const gone = await memberOf(ACME, "gone@seven.test", "admin");
    const invited = await inviteMember(as(ACME, demoted), {
      email: "a@seven.test",
      roles: ["admin"],
    });
    const other = await inviteMember(as(ACME, gone), { email: "b@seven.test", roles: ["viewer"] });
    await updateMember(as(ACME, owner), {
      memberId: demoted.memberId,
      ifVersion: 1,
      changes: { roles: ["viewer"] },
    });
    await endMember(as(ACME, owner), { memberId: gone.memberId, ifVersion: 1 });
    await refused(accept(mailed(ACME, invited)), "invitation-void");
    await refused(accept(mailed(ACME, other)), "invitation-void");
    expect(await person("a@seven.test")).toBeUndefined();
    // Whoever may grant it sends it again, and it stands on their right.
    const { invitationId } = other;
    const again = await resendInvitation(as(ACME, owner), { invitationId, ifVersion: 1 });
    await accept(mailed(ACME, again));
  });

  it("is not for who is there already, whenever they came", async () => {
    const owner = await memberOf(ACME, "owner@eight.test", "owner");
    const email = "there@eight.test";
    const invitation = await inviteMember(as(ACME, owner), { email, roles: ["viewer"] });
    await memberOf(ACME, email, "data-steward");
    await refused(accept(mailed(ACME, invitation)), "member-exists");
    await refused(inviteMember(as(ACME, owner), { email, roles: ["viewer"] }), "member-exists");
    expect((await person(email))?.memberships).toHaveLength(1);
  });

  it("costs the inviter the same whether another tenant knows the address or nobody does", async () => {
    await memberOf(GLOBEX, "known@nine.test", "viewer");
    const owner = await memberOf(ACME, "owner@nine.test", "owner");
    const cost = (email: string) =>
      test.costOf(async (contextOf) => {
        const ctx = { ...as(ACME, owner), ...contextOf(actorOf(owner), ACME) };
        await inviteMember(ctx, { email, roles: ["viewer"] });
      });
    expect(await cost("known@nine.test")).toEqual(await cost("nobody@nine.test"));
  });

  describe("at a partner", () => {
    let own: PartnerId;
    let other: PartnerId;
    let exec: InvitationContext & { store: ReturnType<TestStore["openTenant"]> };
    beforeAll(async () => {
      own = (await partnerOf(ACME, "Own")).partnerId;
      other = (await partnerOf(ACME, "Other")).partnerId;
      const user = await addPartnerUser(test.asSystem(ACME), {
        partnerId: own,
        email: "exec@own.test",
        displayName: "Exec",
        roles: ["partner-exec"],
        initialPassword: PASSWORD,
      });
      exec = acting(ACME, actorOf(user));
    });

    it("P-02 lets an executive invite to their own partner, and see and withdraw that alone", async () => {
      const mine = await invitePartnerUser(exec, {
        partnerId: own,
        email: "user@own.test",
        roles: ["partner-user"],
      });
      const admin = await memberOf(ACME, "admin@own.test", "admin");
      const theirs = await invitePartnerUser(as(ACME, admin), {
        partnerId: other,
        email: "user@own.test",
        roles: ["partner-exec"],
      });
      const members = await inviteMember(as(ACME, admin), {
        email: "user@own.test",
        roles: ["viewer"],
      });
      await refused(
        invitePartnerUser(exec, { partnerId: other, email: "x@own.test", roles: ["partner-user"] }),
        "partner-not-found",
      );
      await refused(
        inviteMember(exec, { email: "x@own.test", roles: ["viewer"] }),
        "permission-denied",
      );
      const page = { limit: 50 };
      expect((await listPartnerInvitations(exec, own, page)).items).toEqual([mine]);
      await refused(listPartnerInvitations(exec, other, page), "partner-not-found");
      await refused(listInvitations(exec, page), "permission-denied");
      for (const { invitationId } of [theirs, members]) {
        await refused(
          revokeInvitation(exec, { invitationId, ifVersion: 1 }),
          "invitation-not-found",
        );
        await refused(
          resendInvitation(exec, { invitationId, ifVersion: 1 }),
          "invitation-not-found",
        );
      }
      const globex = await memberOf(GLOBEX, "admin@globex-own.test", "admin");
      await refused(
        revokeInvitation(as(GLOBEX, globex), { invitationId: mine.invitationId, ifVersion: 1 }),
        "invitation-not-found",
      );
      await revokeInvitation(exec, { invitationId: mine.invitationId, ifVersion: 1 });
      await accept(mailed(ACME, theirs));
      await accept(mailed(ACME, members));
      expect((await person("user@own.test"))?.memberships).toHaveLength(2);
    });

    it("invites nobody to a partner of another tenant", async () => {
      const globex = await memberOf(GLOBEX, "manager@globex-own.test", "partner-manager");
      await refused(
        invitePartnerUser(as(GLOBEX, globex), {
          partnerId: own,
          email: "spy@own.test",
          roles: ["partner-exec"],
        }),
        "partner-not-found",
      );
    });
  });

  it("grants no more than the inviter holds, and no moderator", async () => {
    const admin = await memberOf(ACME, "admin@ten.test", "admin");
    const invite = (...roles: MemberRole[]) =>
      inviteMember(as(ACME, admin), { email: "x@ten.test", roles });
    await refused(invite("owner"), "role-not-grantable");
    await refused(invite("viewer", "moderator"), "moderator-needs-two");
    const owner = await memberOf(ACME, "owner@ten.test", "owner");
    const { invitationId } = await inviteMember(as(ACME, owner), {
      email: "x@ten.test",
      roles: ["owner"],
    });
    await refused(
      resendInvitation(as(ACME, admin), { invitationId, ifVersion: 1 }),
      "role-not-grantable",
    );
    await refused(
      revokeInvitation(as(ACME, admin), { invitationId, ifVersion: 1 }),
      "role-not-grantable",
    );
  });

  it("stops at five hundred that nobody has answered", async () => {
    const owner = await memberOf(ACME, "owner@eleven.test", "owner");
    const ctx = as(ACME, owner);
    const crowded = {
      ...ctx,
      store: {
        ...ctx.store,
        invitations: { ...ctx.store.invitations, countPending: async () => 500 },
      },
    };
    await refused(
      inviteMember(crowded, { email: "one@eleven.test", roles: ["viewer"] }),
      "invitations-too-many",
    );
  });
});
