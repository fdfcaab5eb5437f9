import { ACME, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { openRequestStores } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";

const NEW_PASSWORD = "quite another one of these tests";

type Sessions = ReturnType<TestApi["store"]["openTenant"]>["loginSessions"];

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
