import { linkDay, recordChange, verifyTrail } from "@concord/core/audit";
import { begin, happen } from "@concord/core/edition";
import { type MemberId, PersonId } from "@concord/core/id";
import { LoginLink, mailedLink } from "@concord/core/login-link";
import { addMember, addPartnerUser, type Member } from "@concord/core/member";
import { createPartner } from "@concord/core/partner";
import {
  ACME,
  answerOf,
  GLOBEX,
  NOON,
  TEST_PASSWORD,
  type TestApi,
  testApi,
} from "@concord/local/testing";
import { auditSourceOf, openSystemStore } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";

type Body = Record<string, unknown>;
const SYSTEM = { kind: "system", name: "bootstrap" } as const;

describe("erasing a person", () => {
  let api: TestApi;
  let owner: string;
  beforeAll(async () => {
    api = await testApi({ wallNow: new Date() });
    owner = await api.logIn("owner@acme.test", TEST_PASSWORD);
  });
  const answered = async (response: Response) => {
    const { status, body } = await answerOf(response);
    return { status, code: body["code"], body: body as Body, headers: response.headers };
  };
  const eraseMe = async (token: string, body: Body) =>
    answered(await api.request("/v1/me/erase", { token, body }));
  const erase = async (
    path: string,
    version: number | undefined,
    { token = owner, key }: { token?: string; key?: string } = {},
  ) => answered(await api.request(`/v1${path}/erase`, { method: "POST", token, version, key }));
  const statusOfMe = async (token: string) => (await api.request("/v1/me", { token })).status;
  const linkTo = async ({ email, personId }: Member) => {
    await api.request("/v1/login/link", { body: { email } });
    const rows = await api.store.dump();
    const link = rows.find((row) => row["entity"] === "LoginLink" && row["personId"] === personId);
    return mailedLink(api.tokenSecret, LoginLink.parse(link).linkId);
  };
  const everywhere = async (text: string) =>
    (await api.store.dump()).filter((row) => JSON.stringify(row).includes(text)).length;
  /** A member of both tenants. */
  const ofBoth = async (word: string): Promise<{ token: string; acme: Member; globex: Member }> => {
    const input = { email: `${word}@both.test`, initialPassword: TEST_PASSWORD };
    const add = (tenantId: typeof ACME, displayName: string) =>
      addMember(api.store.asSystem(tenantId), { ...input, displayName, roles: ["viewer"] });
    const acme = await add(ACME, `${word} in acme`);
    const globex = await add(GLOBEX, `${word} in globex`);
    const answer = await api.request("/v1/login", {
      body: { email: input.email, password: TEST_PASSWORD, tenantId: ACME },
    });
    const { accessToken } = (await answer.json()) as { accessToken: string };
    return { token: accessToken, acme, globex };
  };

  describe("by themselves", () => {
    it("P-15 asks for their password, and changes nothing without", async () => {
      const { token, member } = await api.member(ACME, "viewer");
      for (const body of [{ password: "another password" }, {}]) {
        expect(await eraseMe(token, body)).toMatchObject({ status: 422, code: "password-wrong" });
      }
      const wrong = await eraseMe(token, { linkToken: "lnk_x.y" });
      expect(wrong).toMatchObject({ status: 401, code: "login-link-invalid" });
      expect(await statusOfMe(token)).toBe(200);
      expect((await api.store.openTenant(ACME).members.get(member.memberId))?.version).toBe(1);
    });

    it("P-15 takes a mailed link instead, once, and nobody else's", async () => {
      const { token, member } = await api.member(ACME, "viewer");
      const other = await api.member(ACME, "viewer");
      const foreign = await linkTo(other.member);
      expect(await eraseMe(token, { linkToken: foreign })).toMatchObject({
        status: 401,
        code: "login-link-invalid",
      });
      const linkToken = await linkTo(member);
      expect((await eraseMe(token, { linkToken })).status).toBe(204);
      expect(await everywhere(member.email)).toBe(0);
      // Another's link that was shown is still good for its own person.
      expect((await eraseMe(other.token, { linkToken: foreign })).status).toBe(204);
    });

    it("P-15 is refused from the next request on, in every tenant", async () => {
      const { token, acme } = await ofBoth("next");
      const inGlobex = await api.request("/v1/login", {
        body: { email: acme.email, password: TEST_PASSWORD, tenantId: GLOBEX },
      });
      const { accessToken, refreshToken } = (await inGlobex.json()) as Record<string, string>;
      expect((await eraseMe(token, { password: TEST_PASSWORD })).status).toBe(204);
      expect([await statusOfMe(token), await statusOfMe(String(accessToken))]).toEqual([401, 401]);
      const refreshed = await api.request("/v1/login/refresh", { body: { refreshToken } });
      expect(refreshed.status).toBe(401);
      expect((await eraseMe(token, { password: TEST_PASSWORD })).status).toBe(401);
      expect(await everywhere(acme.email)).toBe(0);
      expect(await everywhere("next in ")).toBe(0);
    });

    it("P-15 leaves no tenant without an owner, and writes nothing where it would", async () => {
      const before = await api.store.dump();
      const refused = await eraseMe(owner, { password: TEST_PASSWORD });
      expect(refused).toMatchObject({ status: 409, code: "member-last-owner" });
      const rest = (rows: typeof before) => rows.filter(({ entity }) => entity !== "RateBucket");
      expect(rest(await api.store.dump())).toEqual(rest(before));
      const second = await api.member(ACME, "owner");
      expect((await eraseMe(second.token, { password: TEST_PASSWORD })).status).toBe(204);
      expect(await eraseMe(owner, { password: TEST_PASSWORD })).toMatchObject({ status: 409 });
    });

    it.each(["suspended", "closed"] as const)(
      "P-15 works in a tenant that is %s, for its last owner too once it is closed",
      async (state) => {
        const own = await testApi({ wallNow: new Date() });
        const { token, member } = await own.member(ACME, "viewer");
        const last = await own.logIn("owner@acme.test", TEST_PASSWORD);
        const { subscriptions } = own.store.openTenant(ACME);
        const change = happen(begin("growth", "active", SYSTEM, NOON).next, "closed", SYSTEM, NOON);
        if (!change) throw new Error("it was open");
        await subscriptions.save({ ...change, next: { ...change.next, state } });
        const body = { password: TEST_PASSWORD };
        const ask = (by: string) => own.request("/v1/me/erase", { token: by, body });
        expect((await ask(token)).status).toBe(204);
        const rows = JSON.stringify(await own.store.dump());
        expect(rows).not.toContain(member.email);
        expect((await ask(last)).status).toBe(state === "closed" ? 204 : 409);
      },
    );

    it("gives nobody who is being erased another way in", async () => {
      const { token, member } = await api.member(ACME, "viewer");
      const { people, personErasures } = openSystemStore(api.store.table);
      const { person } = await people.load(member.personId);
      if (!person) throw new Error("the person is there");
      await personErasures.begin({ ...person, erasure: "requested", version: 2 }, []);
      const adding = addMember(api.store.asSystem(GLOBEX), {
        email: member.email,
        displayName: "Again",
        roles: ["viewer"],
        initialPassword: TEST_PASSWORD,
      });
      await expect(adding).rejects.toMatchObject({ code: "address-busy" });
      expect((await eraseMe(token, { password: TEST_PASSWORD })).status).toBe(204);
    });
  });

  describe("by a tenant", () => {
    const memberPath = (memberId: MemberId) => `/members/${memberId}`;

    it("P-15 takes what this tenant knows, and leaves what another one does", async () => {
      const { token, acme, globex } = await ofBoth("copy");
      const erased = await erase(memberPath(acme.memberId), 1);
      expect(erased).toMatchObject({
        status: 200,
        body: { displayName: "Erased person", status: "ended", version: 2 },
      });
      expect(await statusOfMe(token)).toBe(401);
      expect(await everywhere("copy in acme")).toBe(0);
      const rows = await api.store.dump();
      const ofAcme = rows.filter(({ pk }) => String(pk).startsWith(`T#${ACME}#`));
      expect(JSON.stringify(ofAcme)).not.toContain(acme.email);
      expect(await api.store.openTenant(GLOBEX).members.get(globex.memberId)).toEqual(globex);
      const login = { email: acme.email, password: TEST_PASSWORD };
      expect((await api.request("/v1/login", { body: login })).status).toBe(200);
    });

    it("P-15 takes the person too where it was their last way in", async () => {
      const { member } = await api.member(ACME, "viewer");
      expect((await erase(memberPath(member.memberId), 1)).status).toBe(200);
      expect(await everywhere(member.email)).toBe(0);
      const left = await everywhere(`SYSTEM#PERSON#${PersonId.parse(member.personId)}`);
      expect(left).toBe(0);
    });

    it("P-15 takes what an ended membership left", async () => {
      const { member } = await api.member(ACME, "viewer");
      await api.request(`/v1/members/${member.memberId}/end`, {
        method: "POST",
        token: owner,
        version: 1,
      });
      expect((await erase(memberPath(member.memberId), 2)).status).toBe(200);
      expect(await everywhere(member.email)).toBe(0);
    });

    it("is safe to repeat, and answers a repeat under its key as the first time", async () => {
      const { member } = await api.member(ACME, "viewer");
      const path = memberPath(member.memberId);
      const first = await erase(path, 1, { key: "erase-once" });
      const replayed = await erase(path, 1, { key: "erase-once" });
      expect(replayed.headers.get("Idempotency-Replayed")).toBe("true");
      expect(replayed.body).toEqual(first.body);
      expect(await erase(path, 1)).toMatchObject({ status: 412, code: "version-stale" });
      expect(await erase(path, 2)).toMatchObject({ status: 200, body: { version: 2 } });
      expect((await erase(path, undefined)).status).toBe(428);
    });

    it("refuses oneself, whoever may not, and the owner by an admin", async () => {
      const admin = await api.member(ACME, "admin");
      const viewer = await api.member(ACME, "viewer");
      const self = await erase(memberPath(admin.member.memberId), 1, { token: admin.token });
      expect(self).toMatchObject({ status: 403, code: "member-is-yourself" });
      const by = await erase(memberPath(admin.member.memberId), 1, { token: viewer.token });
      expect(by).toMatchObject({ status: 403, code: "permission-denied" });
      const { items } = (await (await api.request("/v1/members", { token: owner })).json()) as {
        items: { memberId: MemberId; email: string }[];
      };
      const ownerId = items.find(({ email }) => email === "owner@acme.test")?.memberId as MemberId;
      const upward = await erase(memberPath(ownerId), 1, { token: admin.token });
      expect(upward).toMatchObject({ status: 403, code: "role-not-grantable" });
    });

    it("answers a foreign and a missing member identically", async () => {
      const theirs = await api.member(GLOBEX, "viewer");
      const missing = memberPath("mem_00000000000000000000000000" as MemberId);
      const answers = [await erase(memberPath(theirs.member.memberId), 1), await erase(missing, 1)];
      const told = answers.map(({ body: { requestId: _, instance: __, ...rest } }) => rest);
      expect(told[0]).toMatchObject({ status: 404, code: "member-not-found" });
      expect(told[0]).toEqual(told[1]);
      expect(await statusOfMe(theirs.token)).toBe(200);
    });

    it("P-15 takes one of two partners' memberships of a person, and not the other", async () => {
      const partner = (name: string) =>
        createPartner(api.store.asMember(ACME, "admin"), {
          ...{ name, type: "reseller", lifecycleStage: "growing", region: "Central" },
          ...{ partnerManagerId: null, executiveSponsorId: null, dataStewardId: null },
        });
      const [one, two] = [await partner("Contoso"), await partner("Fabrikam")];
      const first = await api.partnerUser(ACME, one.partnerId, "partner-exec");
      const second = await addPartnerUser(api.store.asSystem(ACME), {
        partnerId: two.partnerId,
        email: first.partnerUser.email,
        displayName: "Same of Fabrikam",
        roles: ["partner-exec"],
        initialPassword: TEST_PASSWORD,
      });
      const path = `/partners/${one.partnerId}/users/${first.partnerUser.partnerUserId}`;
      const foreign = `/partners/${two.partnerId}/users/${first.partnerUser.partnerUserId}`;
      expect(await erase(foreign, 1)).toMatchObject({
        status: 404,
        code: "partner-user-not-found",
      });
      expect(await erase(path, 1)).toMatchObject({ status: 200 });
      const { partnerUsers } = api.store.openTenant(ACME);
      expect(await partnerUsers.get(second.partnerUserId)).toEqual(second);

      // The salt of the one is gone, the other's digests are still what was committed to.
      const ctx = api.store.asSystem(ACME);
      for (const row of await api.store.dump()) {
        const isOfAcme = String(row["pk"]).startsWith(`T#${ACME}#`);
        if (isOfAcme && row["entity"] === "Event") await recordChange(ctx, auditSourceOf(row));
      }
      await linkDay(ctx, NOON.toISOString().slice(0, 10));
      const verifyHead = () => true;
      const { outcome, findings } = await verifyTrail(ctx, { tenantId: ACME, verifyHead });
      expect([outcome, findings]).toEqual(["intact", []]);
    });
  });
});
