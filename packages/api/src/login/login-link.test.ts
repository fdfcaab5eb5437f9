import { loginLimits } from "@concord/core/login-limit";
import { LoginLink, mailedLink } from "@concord/core/login-link";
import { addMember } from "@concord/core/member";
import { ACME, GLOBEX, NOON, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { openRequestStores, type Table } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { diesAfterNewPassword } from "./dying-table.fixture.ts";

type Body = Record<string, unknown>;
const bodyOf = (response: Response) => response.json() as Promise<Body>;
const MINUTE = 60_000;

describe("the mailed link", () => {
  let api: TestApi;
  let request: TestApi["request"];
  let asked = 0;
  const put: Body[] = [];
  /** Keeps what is written, as the change feed would hand it on. */
  const recorded = (table: Table): Table => ({
    ...table,
    put: (item, condition) => {
      put.push(item);
      return table.put(item, condition);
    },
    metered: (meter) => recorded(table.metered(meter)),
  });
  beforeAll(async () => {
    api = await testApi({ loginLimits });
    request = api.through((opened) => openRequestStores(recorded(api.store.table), opened));
  });
  const newcomer = (email: string, tenantId = ACME) =>
    addMember(api.store.asSystem(tenantId), {
      ...{ email, displayName: "Olga", initialPassword: TEST_PASSWORD },
      roles: ["viewer"],
    });
  /** Each time from another network, unless one is named. */
  const ask = (email: string, clientAddress?: string) => {
    asked += 1;
    return request("/v1/login/link", {
      body: { email },
      clientAddress: clientAddress ?? `10.20.${asked}.1`,
    });
  };
  const cost = () => {
    const { requests, readUnits, writeUnits } = api.log.at(-1) ?? {};
    return { requests, readUnits, writeUnits };
  };
  const lastLink = () => LoginLink.parse(put.findLast(({ entity }) => entity === "LoginLink"));
  const redeem = (body: Body) => request("/v1/login/link/redeem", { body });
  const mailed = async (email: string) => {
    await ask(email);
    return mailedLink(api.tokenSecret, lastLink().linkId);
  };
  const codeOf = async (response: Response) => (await bodyOf(response))["code"];

  it("P-03 logs in once, and proves the person as a password does", async () => {
    await newcomer("olga@one.example");
    const token = await mailed("olga@one.example");
    const opened = await redeem({ token });
    expect(opened.status).toBe(200);
    const { accessToken } = await bodyOf(opened);
    const me = await api.request("/v1/me", { token: String(accessToken) });
    expect(await bodyOf(me)).toMatchObject({ actor: { email: "olga@one.example" } });
    const again = await redeem({ token });
    expect([again.status, await codeOf(again)]).toEqual([401, "login-link-invalid"]);
  });

  it("P-03 has ended the other login sessions where a process dies once the password is set", async () => {
    const email = "olga@cut-off.example";
    await newcomer(email);
    const elsewhere = await api.logIn(email, TEST_PASSWORD);
    const token = await mailed(email);
    const cutOff = api.through((opened) =>
      openRequestStores(diesAfterNewPassword(api.store.table), opened),
    );
    const password = "a better one than before";
    const body = { token, password };
    expect((await cutOff("/v1/login/link/redeem", { body })).status).toBe(500);
    expect(await api.logIn(email, password)).toBeTruthy();
    expect((await api.request("/v1/me", { token: elsewhere })).status).toBe(401);
  });

  it("lets one in of several who use it at the same moment", async () => {
    await newcomer("olga@race.example");
    const token = await mailed("olga@race.example");
    const answers = await Promise.all(Array.from({ length: 5 }, () => redeem({ token })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
  });

  it("answers known, unknown and limited addresses with the same 202, at the same cost", async () => {
    await newcomer("olga@two.example");
    const known = await ask("olga@two.example");
    const costOfKnown = cost();
    const unknown = await ask("nobody@two.example");
    expect([known.status, unknown.status]).toEqual([202, 202]);
    expect(await known.text()).toBe(await unknown.text());
    expect(costOfKnown).toEqual({ requests: 5, readUnits: 1, writeUnits: 4 });
    expect(cost()).toEqual(costOfKnown);
    for (let n = 0; n < 4; n += 1) {
      await ask("olga@two.example");
      const late = cost();
      await ask("nobody@two.example");
      expect(cost()).toEqual(late);
    }
    expect((await ask("olga@two.example")).status).toBe(202);
  });

  it("writes a link at least as often as one expires, however many ask in somebody's name", async () => {
    await newcomer("olga@three.example");
    const written: number[] = [];
    let last = "";
    for (let minute = 0; minute < 90; minute += 3) {
      api.wallNow = new Date(NOON.getTime() + minute * MINUTE);
      await ask("olga@three.example");
      const { linkId } = lastLink();
      if (linkId !== last) written.push(minute);
      last = linkId;
    }
    api.wallNow = NOON;
    expect(written.slice(0, 3)).toEqual([0, 3, 6]);
    const pauses = written.slice(1).map((at, index) => at - (written[index] ?? 0));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(15);
    expect(written.length).toBeLessThan(10);
  });

  it("tells a network that asks for too many, whoever's they are", async () => {
    const answers: number[] = [];
    for (let n = 0; n < 21; n += 1) {
      answers.push((await ask(`nobody-${n}@four.example`, "203.0.113.9")).status);
    }
    expect(answers).toEqual([...Array.from({ length: 20 }, () => 202), 429]);
  });

  it.each([
    ["forged", async (token: string) => `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`],
    ["another's", async (token: string) => `${token.split(".")[0]}.${"A".repeat(43)}`],
    ["without a token", async (token: string) => token.split(".")[0] ?? ""],
    ["no link", async () => "lnk_nothing.at.all"],
  ])("that is %s is refused with the same 401 as an unknown one", async (_, change) => {
    await newcomer(`olga-${asked}@five.example`);
    const token = await mailed(`olga-${asked}@five.example`);
    const refused = await redeem({ token: await change(token) });
    expect([refused.status, await codeOf(refused)]).toEqual([401, "login-link-invalid"]);
  });

  it("is refused after 15 minutes, and for an address that nobody has", async () => {
    await newcomer("olga@six.example");
    const token = await mailed("olga@six.example");
    api.wallNow = new Date(NOON.getTime() + 15 * MINUTE);
    expect((await redeem({ token })).status).toBe(401);
    api.wallNow = NOON;
    const nobodys = await mailed("nobody@six.example");
    expect((await redeem({ token: nobodys })).status).toBe(401);
  });

  it("asks for a choice among memberships, and is not spent by asking", async () => {
    const email = "both@seven.example";
    await newcomer(email);
    await newcomer(email, GLOBEX);
    const token = await mailed(email);
    const choices = await redeem({ token });
    expect(choices.status).toBe(409);
    const chosen = await redeem({ token, tenantId: GLOBEX });
    expect(await bodyOf(chosen)).toMatchObject({ tenant: { tenantId: GLOBEX } });
  });

  it("P-03 sets a forgotten password, ends every other login, and is not spent by a poor one", async () => {
    const email = "olga@eight.example";
    await newcomer(email);
    const before = await api.logIn(email, TEST_PASSWORD);
    const token = await mailed(email);
    const poor = await redeem({ token, password: "password1" });
    expect([poor.status, await codeOf(poor)]).toEqual([422, "password-unsuitable"]);
    const opened = await redeem({ token, password: "a better one than before" });
    expect(opened.status).toBe(200);
    expect((await api.request("/v1/me", { token: before })).status).toBe(401);
    const old = await api.request("/v1/login", { body: { email, password: TEST_PASSWORD } });
    expect(old.status).toBe(401);
    expect(await api.logIn(email, "a better one than before")).toBeTruthy();
  });
});

describe("changing one's password", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await testApi();
  });
  const change = (token: string, body: Body) => api.request("/v1/me/password", { token, body });
  const NEW = "a better one than before";

  it("P-03 asks for the current one and ends every other login session", async () => {
    const { token, member } = await api.member(ACME, "viewer");
    const elsewhere = await api.logIn(member.email, TEST_PASSWORD);
    const wrong = await change(token, { currentPassword: "not the password", newPassword: NEW });
    expect([wrong.status, (await bodyOf(wrong))["code"]]).toEqual([422, "password-wrong"]);
    expect((await change(token, { newPassword: NEW })).status).toBe(422);
    expect((await api.request("/v1/me", { token: elsewhere })).status).toBe(200);

    const done = await change(token, { currentPassword: TEST_PASSWORD, newPassword: NEW });
    expect(done.status).toBe(204);
    expect((await api.request("/v1/me", { token })).status).toBe(200);
    expect((await api.request("/v1/me", { token: elsewhere })).status).toBe(401);
    expect(await api.logIn(member.email, NEW)).toBeTruthy();
  });

  it.each(["password123", "iloveyou", "Acme-2027!", "short", "people.test"])(
    "refuses %j as a new one",
    async (newPassword) => {
      const { token } = await api.member(ACME, "viewer");
      const answer = await change(token, { currentPassword: TEST_PASSWORD, newPassword });
      expect([400, 422]).toContain(answer.status);
    },
  );
});
