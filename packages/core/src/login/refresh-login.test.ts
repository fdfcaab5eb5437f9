import { describe, expect, it } from "vitest";
import {
  LoginSessionId,
  MemberId,
  mintIds,
  PartnerId,
  PartnerUserId,
  PersonId,
  TenantId,
} from "../id/index.ts";
import { tokenHash } from "../one-time-token/index.ts";
import type { SecurityEvent } from "../security-event/index.ts";
import { openLoginSession } from "./login-session.ts";
import { logOut, refreshLogin } from "./refresh-login.ts";
import { refreshTokenText } from "./refresh-token.ts";
import type { Holder, LoginSession } from "./schema.ts";

const START = new Date("2027-01-15T12:00:00.000Z");
const SECONDS = START.getTime() / 1000;
const DAY = 86_400;
const tokenSecret = new Uint8Array(32).fill(7);
let seed = 0;
const mint = mintIds(
  () => START.getTime(),
  () => {
    seed = (seed + 0.137) % 1;
    return seed;
  },
);
const [tenantId, personId, membershipId] = [mint(TenantId), mint(PersonId), mint(MemberId)];
const sessionId = mint(LoginSessionId);
const textOf = (generation: number): string =>
  refreshTokenText(tokenSecret, { tenantId, membershipId, sessionId, generation });

const row = {
  ...{ personId, displayName: "Ada", email: "ada@people.test", duties: [] },
  ...{ status: "active" as const, version: 3 },
  ...{ createdAt: START.toISOString(), updatedAt: START.toISOString() },
};
const member = (changes: object = {}): Holder => ({
  kind: "member",
  member: { ...row, memberId: membershipId, roles: ["viewer"], ...changes },
});
const partnerUser: Holder = {
  kind: "partner-user",
  partnerUser: {
    ...{ ...row, partnerUserId: mint(PartnerUserId), partnerId: mint(PartnerId) },
    roles: ["partner-user"],
  },
};
const session = (changes: Partial<LoginSession> = {}): LoginSession => ({
  ...openLoginSession(
    {
      ...{ sessionId, membershipId, personId, method: "password", client: "Firefox" },
      refreshHash: tokenHash(textOf(0)),
    },
    START,
  ),
  ...changes,
});

interface Stored {
  session: LoginSession | undefined;
  holder: Holder | undefined;
  /** How the next conditional writes go; the last one goes on. */
  readonly overtakenBy: (LoginSession | undefined)[];
  readonly sso: { readonly isEnabled: boolean; readonly isRequired: boolean } | undefined;
  readonly requiresSecondFactor: boolean | undefined;
}

/** One tenant with one session, and what was done to it. */
function world(changes: Partial<Stored> = {}) {
  const stored: Stored = {
    ...{ session: session(), holder: member(), overtakenBy: [], sso: undefined },
    ...{ requiresSecondFactor: false, ...changes },
  };
  const ended: unknown[] = [];
  const events: SecurityEvent[] = [];
  const opened: TenantId[] = [];
  let [reads, writes] = [0, 0];
  const loginSessions = {
    async find() {
      reads += 1;
      return { holder: stored.holder, session: stored.session };
    },
    async end(...of: unknown[]) {
      ended.push(of);
    },
    async rotate(next: LoginSession) {
      writes += 1;
      const twin = stored.overtakenBy.shift();
      stored.session = twin ?? next;
      return twin === undefined;
    },
  };
  const ctx = (secondsLater: number) =>
    ({
      tokenSecret,
      wallNow: new Date(START.getTime() + secondsLater * 1000),
      issueToken: async (claims: unknown) => JSON.stringify(claims),
      securityEvents: { add: async (event: SecurityEvent) => events.push(event) },
      tenants: {
        find: async ([wanted]: TenantId[]) =>
          wanted === tenantId && stored.requiresSecondFactor !== undefined
            ? [{ tenantId, requiresSecondFactor: stored.requiresSecondFactor }]
            : [],
      },
      openTenant(of: TenantId) {
        opened.push(of);
        return { loginSessions, singleSignOn: { get: async () => stored.sso } };
      },
    }) as unknown as Parameters<typeof refreshLogin>[0] & Parameters<typeof logOut>[0];
  return {
    ...{ stored, ended, events, opened },
    reads: () => reads,
    writes: () => writes,
    refresh: (generation: number, secondsLater = 60) =>
      refreshLogin(ctx(secondsLater), textOf(generation)),
    refreshText: (text: string) => refreshLogin(ctx(60), text),
    logOut: (text: string) => logOut(ctx(60), text),
  };
}
const isInvalid = expect.objectContaining({ code: "refresh-token-invalid" });

describe("a refresh", () => {
  it("exchanges the current token for the next with one read and one write, and names the membership as it is now", async () => {
    const { refresh, stored, opened, ended, events, reads, writes } = world();
    expect(await refresh(0)).toEqual({
      accessToken: JSON.stringify({
        ...{ sub: personId, tid: tenantId, sid: sessionId, mid: membershipId, mv: 3 },
      }),
      ...{ tokenType: "Bearer", expiresIn: 600 },
      ...{ refreshToken: textOf(1), refreshExpiresIn: 14 * DAY },
    });
    expect(stored.session).toEqual({
      ...session(),
      ...{ generation: 1, refreshHash: tokenHash(textOf(1)) },
      ...{ lastUsedAt: "2027-01-15T12:01:00.000Z", expiresAt: SECONDS + 60 + 14 * DAY },
    });
    expect([opened, ended, events]).toEqual([[tenantId], [], []]);
    expect([reads(), writes()]).toEqual([1, 1]);
  });

  it("gives whoever lost the answer the same successor, and writes nothing", async () => {
    const { refresh, writes, ended } = world();
    await refresh(0, 60);
    const again = await refresh(0, 70);
    expect(again).toMatchObject({ refreshToken: textOf(1), refreshExpiresIn: 14 * DAY - 10 });
    expect([writes(), ended]).toEqual([1, []]);
  });

  it("ends the family where an older token is shown, and tells the person", async () => {
    const { refresh, ended, events } = world({ session: session({ generation: 2 }) });
    await expect(refresh(0)).rejects.toThrow(isInvalid);
    expect(ended).toEqual([[membershipId, sessionId]]);
    expect(events).toEqual([
      {
        ...{ kind: "refresh-token-reused", name: sessionId, client: "Firefox" },
        ...{ personId, tenantId, membershipId },
        ...{ at: "2027-01-15T12:01:00.000Z", expiresAt: SECONDS + 60 + 180 * DAY },
      },
    ]);
  });

  it.each([
    ["of no session", { session: undefined }],
    ["of a session that is over", { session: session({ expiresAt: SECONDS + 60 }) }],
    ["of no membership", { holder: undefined }],
    ["of a membership that has ended", { holder: member({ status: "ended" }) }],
    ["of a membership that is another person's", { holder: member({ personId: mint(PersonId) }) }],
    ["of this generation, but not the one stored", { session: session({ refreshHash: "x" }) }],
  ])("is refused with a token %s, and changes nothing", async (_, changes) => {
    const { refresh, writes, ended, events } = world(changes);
    await expect(refresh(0)).rejects.toThrow(isInvalid);
    expect([writes(), ended, events]).toEqual([0, [], []]);
  });

  it("opens no tenant for a text that we never made", async () => {
    const { refreshText, opened } = world();
    await expect(refreshText(`${textOf(0)}x`)).rejects.toThrow(isInvalid);
    expect(opened).toEqual([]);
  });

  it.each([
    ["by password, where the tenant wants single sign-on now", "password", true, true],
    ["by single sign-on that is off now", "sso", false, false],
  ] as const)("ends a session %s", async (_, method, isEnabled, isRequired) => {
    const { refresh, writes, ended } = world({
      session: session({ method }),
      sso: { isEnabled, isRequired },
    });
    await expect(refresh(0)).rejects.toThrow(isInvalid);
    expect([writes(), ended]).toEqual([0, [[membershipId, sessionId]]]);
  });

  it("gives twins the same successor, whichever of them was written", async () => {
    const twin = session({
      ...{ generation: 1, refreshHash: tokenHash(textOf(1)) },
      lastUsedAt: "2027-01-15T12:01:00.000Z",
    });
    const { refresh, ended, writes } = world({ overtakenBy: [twin] });
    expect((await refresh(0)).refreshToken).toBe(textOf(1));
    expect([writes(), ended]).toEqual([1, []]);
  });

  it("refuses whoever was overtaken twice while they waited, and suspects nobody", async () => {
    const { refresh, ended, events } = world({ overtakenBy: [session({ generation: 2 })] });
    await expect(refresh(0)).rejects.toThrow(isInvalid);
    expect([ended, events]).toEqual([[], []]);
  });

  it("gives up after four attempts that were overtaken", async () => {
    const { refresh, writes, ended } = world({ overtakenBy: Array(9).fill(session()) });
    await expect(refresh(0)).rejects.toThrow(isInvalid);
    expect([writes(), ended]).toEqual([4, []]);
  });

  it.each([
    ["asks for it from now on", "absent", true, member(), "password", "owed"],
    ["asks for it no longer", "owed", false, member(), "password", "absent"],
    ["asks, and it was shown", "shown", true, member(), "password", "shown"],
    ["asks, and its own provider let them in", "absent", true, member(), "sso", "absent"],
    ["asks its members, not people of its partners", "absent", true, partnerUser, "link", "absent"],
    ["is not found", "owed", undefined, member(), "password", "owed"],
  ] as const)(
    "follows a tenant that %s with the second factor",
    async (_, before, requiresSecondFactor, holder, method, after) => {
      const { refresh, stored } = world({
        ...{ session: session({ secondFactor: before, method }), holder, requiresSecondFactor },
        sso: method === "sso" ? { isEnabled: true, isRequired: false } : undefined,
      });
      await refresh(0);
      expect(stored.session).toMatchObject({ generation: 1, secondFactor: after });
    },
  );
});

describe("a log-out", () => {
  it("ends the session of any of its tokens, and tells the person", async () => {
    const { logOut, ended, events } = world({ session: session({ generation: 5 }) });
    await logOut(textOf(2));
    expect(ended).toEqual([[membershipId, sessionId]]);
    expect(events).toMatchObject([
      { kind: "session-ended", name: sessionId, personId, tenantId, membershipId },
    ]);
  });

  it("tells nothing of a session that is gone, and opens no tenant for a text that is no token", async () => {
    const { logOut, events, opened } = world({ session: undefined });
    await logOut(textOf(0));
    await logOut("no token");
    expect([events, opened]).toEqual([[], [tenantId]]);
  });
});
