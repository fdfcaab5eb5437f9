import { addMember } from "@concord/core/member";
import { ACME, GLOBEX, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { openRequestStores } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";

const NEW_PASSWORD = "quite another one of these tests";

type Sessions = ReturnType<TestApi["store"]["openTenant"]>["loginSessions"];

describe("a password that is changed while somebody switches to another membership", () => {
  const EMAIL = "two@tenants.test";

  async function race(
    held: (meanwhile: () => Promise<void>, sessions: Sessions) => Partial<Sessions>,
  ) {
    const api = await testApi();
    for (const tenantId of [ACME, GLOBEX]) {
      await addMember(api.store.asSystem(tenantId), {
        ...{ email: EMAIL, displayName: "Two", roles: ["viewer"], initialPassword: TEST_PASSWORD },
      });
    }
    const logIn = async () => {
      const body = { email: EMAIL, password: TEST_PASSWORD, tenantId: ACME };
      const answer = await api.request("/v1/login", { body });
      return String(((await answer.json()) as Record<string, unknown>)["accessToken"]);
    };
    const [token, other] = [await logIn(), await logIn()];
    const answer = await api.request("/v1/me/memberships", { token });
    const { items } = (await answer.json()) as {
      items: { tenantId: string; membershipId: string }[];
    };
    const membershipId = items.find(({ tenantId }) => tenantId === GLOBEX)?.membershipId;
    const meanwhile = async () => {
      const body = { currentPassword: TEST_PASSWORD, newPassword: NEW_PASSWORD };
      const changed = await api.request("/v1/me/password", { token: other, body });
      expect(changed.status).toBe(204);
    };
    const request = api.through((opened) => {
      const stores = openRequestStores(api.store.table, opened);
      return {
        ...stores,
        openTenant(tenantId, record) {
          const store = stores.openTenant(tenantId, record);
          const { loginSessions } = store;
          return {
            ...store,
            loginSessions: { ...loginSessions, ...held(meanwhile, loginSessions) },
          };
        },
      };
    });
    const switched = await request("/v1/login/switch", { token, body: { membershipId } });
    const text = (await switched.json()) as Record<string, string>;
    const opened = text["accessToken"]
      ? (await api.request("/v1/me", { token: text["accessToken"] })).status
      : undefined;
    const first = (await api.request("/v1/me", { token })).status;
    const changer = (await api.request("/v1/me", { token: other })).status;
    return { status: switched.status, code: text["code"], opened, first, changer };
  }

  it("P-03 before the session is written: nobody is switched, and only who changed it stays", async () => {
    const outcome = await race((meanwhile, sessions) => ({
      async createWhile(...of) {
        await meanwhile();
        return sessions.createWhile(...of);
      },
    }));
    expect(outcome).toEqual({
      ...{ status: 401, code: "login-failed", opened: undefined, first: 401, changer: 200 },
    });
  });

  it("P-03 after it was written: the new session ends with the others", async () => {
    const outcome = await race((meanwhile, sessions) => ({
      async createWhile(...of) {
        const isWritten = await sessions.createWhile(...of);
        await meanwhile();
        return isWritten;
      },
    }));
    expect(outcome).toMatchObject({ status: 200, opened: 401, first: 401, changer: 200 });
  });

  it("and a switch that forgets the version would stay", async () => {
    const outcome = await race((meanwhile, sessions) => ({
      async createWhile(session) {
        await meanwhile();
        await sessions.create(session);
        return true;
      },
    }));
    expect(outcome).toMatchObject({ status: 200, opened: 200 });
  });
});

describe("a password that is changed while somebody logs in with the one before", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await testApi();
  });

  /** A log-in whose requests of login sessions are what `held` makes of them. */
  const logInThrough = (held: (sessions: Sessions) => Partial<Sessions>) =>
    api.through((request) => {
      const stores = openRequestStores(api.store.table, request);
      return {
        ...stores,
        openTenant(tenantId, record) {
          const store = stores.openTenant(tenantId, record);
          const { loginSessions } = store;
          return { ...store, loginSessions: { ...loginSessions, ...held(loginSessions) } };
        },
      };
    });

  /** The change falls into the log-in where `meanwhile` is waited for. */
  async function race(
    held: (sessions: Sessions, meanwhile: () => Promise<void>) => Partial<Sessions>,
  ) {
    const { member, token } = await api.member(ACME, "viewer");
    let changes = 0;
    const meanwhile = async () => {
      changes += 1;
      const body = { currentPassword: TEST_PASSWORD, newPassword: NEW_PASSWORD };
      const changed = await api.request("/v1/me/password", { token, body });
      expect(changed.status).toBe(204);
    };
    const request = logInThrough((sessions) => held(sessions, meanwhile));
    const body = { email: member.email, password: TEST_PASSWORD };
    const response = await request("/v1/login", { body });
    expect(changes).toBe(1);
    const { accessToken, refreshToken, code } = (await response.json()) as Record<string, string>;
    const me = accessToken && (await api.request("/v1/me", { token: accessToken })).status;
    const refreshed =
      refreshToken && (await api.request("/v1/login/refresh", { body: { refreshToken } })).status;
    const left = await api.store.openTenant(ACME).loginSessions.listOf(member.memberId);
    expect((await api.request("/v1/me", { token })).status).toBe(200);
    return { status: response.status, code, me, refreshed, sessions: left.length };
  }

  it.each<{ name: string; held: Parameters<typeof race>[0] }>([
    {
      name: "before the membership is read",
      held: (sessions, meanwhile) => ({
        async find(...of) {
          await meanwhile();
          return sessions.find(...of);
        },
      }),
    },
    {
      name: "before the session is written",
      held: (sessions, meanwhile) => ({
        async createWhile(...of) {
          await meanwhile();
          return sessions.createWhile(...of);
        },
      }),
    },
  ])("P-03 $name: nobody is logged in", async ({ held }) => {
    expect(await race(held)).toEqual({ status: 401, code: "login-failed", sessions: 1 });
  });

  it("P-03 after the session was written: it ends with the others", async () => {
    const ended = await race((sessions, meanwhile) => ({
      async createWhile(...of) {
        const isWritten = await sessions.createWhile(...of);
        await meanwhile();
        return isWritten;
      },
    }));
    expect(ended).toEqual({ status: 200, code: undefined, me: 401, refreshed: 401, sessions: 1 });
  });

  it("and a session that is written whatever has happened would go on", async () => {
    const survived = await race((sessions, meanwhile) => ({
      async createWhile(session) {
        await meanwhile();
        await sessions.create(session);
        return true;
      },
    }));
    expect(survived).toMatchObject({ status: 200, me: 200, refreshed: 200, sessions: 2 });
  });
});
