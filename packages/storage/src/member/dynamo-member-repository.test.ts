import { MemberId } from "@concord/core/id";
import {
  addMember,
  addPartnerUser,
  endMember,
  endPartnerUser,
  firstMember,
  getMember,
  getPartnerUser,
  listMembers,
  listPartnerUsers,
  updateMember,
  updatePartnerUser,
} from "@concord/core/member";
import { createPartner } from "@concord/core/partner";
import { newMembership } from "@concord/core/person";
import { ACME, GLOBEX, NOON, testStore } from "@concord/local/testing";
import { openSystemStore } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { createMeter } from "../dynamo-table/meter.ts";
import { openTenantStore } from "../tenant-store.ts";

type Test = Awaited<ReturnType<typeof testStore>>;

const person = (email: string, displayName = "Ada") => ({
  email,
  displayName,
  initialPassword: "a password of these tests",
});

describe("members and partner users in the table", () => {
  let test: Test;
  beforeAll(async () => {
    test = await testStore();
  });

  const partnerOf = (tenantId: typeof ACME, name: string) =>
    createPartner(test.asMember(tenantId, "admin"), {
      name,
      type: "reseller",
      lifecycleStage: "growing",
      region: "Central",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });
  const stored = async (email: string) => {
    const { people } = openSystemStore(test.table);
    const personId = await people.findPersonId(email);
    return personId === undefined ? undefined : people.load(personId);
  };

  it("P-02 makes one person of one address, however many tenants and partners add it", async () => {
    const acme = test.asSystem(ACME);
    const globex = test.asSystem(GLOBEX);
    const { partnerId } = await partnerOf(GLOBEX, "Northwind");
    const ours = await addMember(acme, { ...person("ada@people.test"), roles: ["viewer"] });
    const theirs = await addMember(globex, {
      ...person("ada@people.test", "A. L."),
      roles: ["admin"],
    });
    const partners = await addPartnerUser(globex, {
      ...person("ada@people.test"),
      roles: ["partner-user"],
      partnerId,
    });
    expect(new Set([ours.personId, theirs.personId, partners.personId]).size).toBe(1);
    const found = await stored("ada@people.test");
    expect(found?.person?.email).toBe("ada@people.test");
    expect(
      found?.memberships.map(({ tenantId, membershipId }) => [tenantId, membershipId]).sort(),
    ).toEqual(
      [
        [ACME, ours.memberId],
        [GLOBEX, theirs.memberId],
        [GLOBEX, partners.partnerUserId],
      ].sort(),
    );
    const viewers = [ACME, GLOBEX].map((tenantId) => test.asMember(tenantId, "viewer"));
    await expect(getMember(viewers[1] ?? globex, ours.memberId)).rejects.toMatchObject({
      code: "member-not-found",
    });
    expect((await getMember(viewers[0] ?? acme, ours.memberId)).displayName).toBe("Ada");
  });

  it("refuses the same person a second time, and keeps no password in clear", async () => {
    const ctx = test.asSystem(ACME);
    await addMember(ctx, { ...person("twice@people.test"), roles: ["viewer"] });
    await expect(
      addMember(ctx, { ...person("twice@people.test"), roles: ["admin"] }),
    ).rejects.toMatchObject({ code: "member-exists" });
    const found = await stored("twice@people.test");
    expect(found?.memberships).toHaveLength(1);
    expect(found?.person?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(found)).not.toContain("a password of these tests");
  });

  it("refuses the second of two who make a new person of one address, and writes nothing of it", async () => {
    const membershipIds = [test.mint(MemberId), test.mint(MemberId)];
    const email = "race@people.test";
    // Both have looked the address up before either is saved.
    const entries = await Promise.all(
      membershipIds.map((membershipId) =>
        newMembership(test.asSystem(ACME), {
          membershipId,
          partnerId: null,
          email,
          password: "a password of these tests",
        }),
      ),
    );
    const save = (at: 0 | 1, tenantId: typeof ACME) => {
      const entry = entries[at];
      const memberId = membershipIds[at];
      if (!entry || !memberId) throw new Error("two entries were made");
      const { personId } = entry.membership;
      const made = firstMember(
        { memberId, personId },
        { email, displayName: "Ada", roles: ["viewer"] },
        { kind: "system", name: "bootstrap" },
        NOON,
      );
      const { members } = test.openTenant(tenantId);
      return members.add({ ...entry, member: made.next, event: made.event });
    };
    await save(0, ACME);
    await expect(save(1, GLOBEX)).rejects.toMatchObject({ code: "address-busy" });
    expect(await stored(email)).toMatchObject({
      person: { personId: entries[0]?.membership.personId },
      memberships: [{ tenantId: ACME, membershipId: membershipIds[0] }],
    });
  });

  it("takes the way in away when a membership ends, and gives it back to who is added again", async () => {
    const ctx = test.asMember(ACME, "admin");
    const input = { ...person("leaver@people.test"), roles: ["viewer" as const] };
    const { memberId, personId } = await addMember(test.asSystem(ACME), input);
    const ended = await endMember(ctx, { memberId, ifVersion: 1 });
    expect(ended).toMatchObject({ status: "ended", version: 2 });
    expect((await stored("leaver@people.test"))?.memberships).toEqual([]);
    await expect(endMember(ctx, { memberId, ifVersion: 2 })).rejects.toMatchObject({
      code: "member-ended",
    });
    const again = await addMember(test.asSystem(ACME), input);
    expect(again.personId).toBe(personId);
    expect(again.memberId).not.toBe(memberId);
  });

  it("leaves a tenant an owner when two owners take the role from each other at once", async () => {
    const system = test.asSystem(ACME);
    const owners = await Promise.all(
      ["one@people.test", "two@people.test"].map((email) =>
        addMember(system, { ...person(email), roles: ["owner"] }),
      ),
    );
    const [one, two] = owners;
    if (!one || !two) throw new Error("two owners were added");
    const acting = (as: typeof one) => ({
      ...test.asMember(ACME),
      actor: {
        kind: "member" as const,
        personId: as.personId,
        memberId: as.memberId,
        roles: as.roles,
      },
    });
    const outcomes = await Promise.allSettled([
      endMember(acting(one), { memberId: two.memberId, ifVersion: 1 }),
      updateMember(acting(two), {
        memberId: one.memberId,
        ifVersion: 1,
        changes: { roles: ["viewer"] },
      }),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const left = await Promise.all(
      owners.map(({ memberId }) => getMember(test.asMember(ACME, "admin"), memberId)),
    );
    expect(
      left.filter(({ roles, status }) => roles.includes("owner") && status === "active"),
    ).toHaveLength(1);
  });

  it("lists members by name, page by page, and the two tenants apart", async () => {
    const fresh = await testStore();
    const acme = fresh.asMember(ACME, "admin");
    for (const name of ["Zoë", "ada", "Mia"]) {
      await addMember(fresh.asSystem(ACME), {
        ...person(`${name.length}${name.charCodeAt(0)}@people.test`, name),
        roles: ["viewer"],
      });
    }
    const first = await listMembers(acme, { limit: 2 });
    expect(first.items.map(({ displayName }) => displayName)).toEqual(["ada", "Mia"]);
    const rest = await listMembers(acme, { limit: 2, position: first.position });
    expect(rest.items.map(({ displayName }) => displayName)).toEqual(["Zoë"]);
    const globex = fresh.asMember(GLOBEX, "admin");
    expect((await listMembers(globex, { limit: 50 })).items).toEqual([]);
    await expect(listMembers(globex, { limit: 2, position: first.position })).rejects.toMatchObject(
      { code: "cursor-invalid" },
    );
  });

  it("keeps the people of a partner to that partner and to the tenant", async () => {
    const admin = test.asMember(ACME, "admin");
    const [own, other] = [await partnerOf(ACME, "Own"), await partnerOf(ACME, "Other")];
    const add = (partnerId: typeof own.partnerId, email: string) =>
      addPartnerUser(test.asSystem(ACME), { ...person(email), roles: ["partner-user"], partnerId });
    const mine = await add(own.partnerId, "mine@people.test");
    const theirs = await add(other.partnerId, "theirs@people.test");
    const ctx = test.asPartner(ACME, own.partnerId, "partner-exec");
    expect((await listPartnerUsers(ctx, own.partnerId, { limit: 50 })).items).toEqual([mine]);
    await expect(listPartnerUsers(ctx, other.partnerId, { limit: 50 })).rejects.toMatchObject({
      code: "partner-not-found",
    });
    for (const key of [theirs, { partnerId: own.partnerId, partnerUserId: theirs.partnerUserId }]) {
      await expect(getPartnerUser(ctx, key)).rejects.toMatchObject({
        code: "partner-user-not-found",
      });
    }
    const promotion = { ifVersion: 1, changes: { roles: ["partner-exec" as const] } };
    await expect(updatePartnerUser(ctx, { ...theirs, ...promotion })).rejects.toMatchObject({
      code: "partner-user-not-found",
    });
    const user = test.asPartner(ACME, own.partnerId, "partner-user");
    await expect(updatePartnerUser(user, { ...mine, ...promotion })).rejects.toMatchObject({
      code: "permission-denied",
    });
    const changed = await updatePartnerUser(ctx, { ...mine, ...promotion });
    const ended = await endPartnerUser(admin, { ...changed, ifVersion: 2 });
    expect(ended).toMatchObject({ roles: ["partner-exec"], status: "ended", version: 3 });
    expect((await stored("mine@people.test"))?.memberships).toEqual([]);
  });

  it("adds nobody to a partner that is not there, or that is another tenant's", async () => {
    const { partnerId } = await partnerOf(GLOBEX, "Of Globex");
    await expect(
      addPartnerUser(test.asSystem(ACME), {
        ...person("nobody@people.test"),
        roles: ["partner-user"],
        partnerId,
      }),
    ).rejects.toMatchObject({ code: "partner-not-found" });
    expect(await stored("nobody@people.test")).toBeUndefined();
  });

  describe("costs", () => {
    const budget = async (
      action: (store: ReturnType<typeof openTenantStore>) => Promise<unknown>,
    ) => {
      const meter = createMeter();
      await action(openTenantStore(test.table.metered(meter), ACME));
      const { requests, readUnits, writeUnits } = meter.usage();
      return [requests, readUnits, writeUnits];
    };
    type Store = ReturnType<typeof openTenantStore>;
    const inStore = (store: Store) => ({ ...test.asMember(ACME, "admin"), store });
    const bySystem = (store: Store) => ({ ...test.asSystem(ACME), store });

    it("what AP-20 to AP-31 say", async () => {
      const { partnerId } = await partnerOf(ACME, "Budgets");
      const people = openSystemStore(test.table).people;
      const newInput = { ...person("cost@people.test"), roles: ["viewer" as const] };
      expect(await budget((store) => store.people.findPersonId("cost@people.test"))).toEqual([
        1, 1, 0,
      ]);
      // AP-20 and AP-24: look the address up, then member, event, way in, address and person.
      expect(await budget((store) => addMember(bySystem(store), newInput))).toEqual([2, 1, 13]);
      const personId = await people.findPersonId("cost@people.test");
      if (!personId) throw new Error("the person was added");
      expect(await budget((store) => store.members.list({ limit: 50 }))).toEqual([1, 0.5, 0]);
      const [{ membershipId } = { membershipId: undefined }] = (await people.load(personId))
        .memberships;
      const { items } = await listMembers(test.asMember(ACME, "admin"), { limit: 100 });
      const member = items.find(({ memberId }) => memberId === membershipId);
      if (!member) throw new Error("the member was added");
      const { memberId } = member;
      expect(await budget((store) => store.members.get(memberId))).toEqual([1, 1, 0]);
      // AP-20 and AP-30, the person known already.
      const user = { ...person("cost@people.test"), roles: ["partner-user" as const], partnerId };
      expect(await budget((store) => addPartnerUser(bySystem(store), user))).toEqual([2, 1, 11]);
      expect(await budget((store) => store.partnerUsers.listOf(partnerId, { limit: 50 }))).toEqual([
        1, 0.5, 0,
      ]);
      // AP-22 and AP-26; AP-22 and AP-27.
      const change = { memberId, ifVersion: 1, changes: { roles: ["data-steward" as const] } };
      expect(await budget((store) => updateMember(inStore(store), change))).toEqual([2, 1, 5]);
      expect(
        await budget((store) => endMember(inStore(store), { memberId, ifVersion: 2 })),
      ).toEqual([2, 1, 11]);
    });
  });
});
