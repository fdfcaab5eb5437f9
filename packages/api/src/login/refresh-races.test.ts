import { setImmediate } from "node:timers/promises";
import { DomainError } from "@concord/core/error";
import { LoginSessionId } from "@concord/core/id";
import {
  type LoginSessionRepository,
  openLoginSession,
  refreshLogin,
  refreshTokenText,
} from "@concord/core/login";
import { addMember, type Member } from "@concord/core/member";
import { tokenHash } from "@concord/core/one-time-token";
import { ACME, figure, NOON, seeded, type TestStore, testStore } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

const SEED = 20_270_115;
/** Races of families that have nothing to do with each other. */
const AT_ONCE = 8;
const key = new Uint8Array(32).fill(7);
const at = (ms: number) => new Date(NOON.getTime() + ms);

/** Where the sessions of a race are; each read and write is one step, as in the table. */
type Sessions = Pick<LoginSessionRepository, "create" | "find" | "rotate" | "end">;

type Rotate = Sessions["rotate"];

interface Outcome {
  /** Honest clients who were refused. */
  readonly loggedOut: number;
  /** Races with other than one successor. */
  readonly forked: number;
  /** Replays that left the family alive. */
  readonly survivors: number;
}

describe("refresh tokens in a race", () => {
  let store: TestStore;
  let member: Member;
  let membership: Parameters<typeof openLoginSession>[0];
  beforeAll(async () => {
    store = await testStore();
    member = await addMember(store.asSystem(ACME), {
      email: "racer@people.test",
      displayName: "Racer",
      roles: ["viewer"],
      initialPassword: "a password of these tests",
    });
    membership = {
      sessionId: store.mint(LoginSessionId),
      membershipId: member.memberId,
      personId: member.personId,
      method: "password",
      client: "",
      refreshHash: "",
    };
  });

  /** On the table, with every step at a random moment. */
  function paced(random: () => number): Sessions {
    const { create, find, rotate, end } = store.openTenant(ACME).loginSessions;
    const step = async () => {
      for (let left = Math.floor(random() * 4); left > 0; left -= 1) await setImmediate();
    };
    const between = async <T>(ask: () => Promise<T>): Promise<T> => {
      await step();
      const answer = await ask();
      await step();
      return answer;
    };
    return {
      create,
      find: (...of) => between(() => find(...of)),
      rotate: (next) => between(() => rotate(next)),
      end: (...of) => between(() => end(...of)),
    };
  }

  /**
   * 2 to 8 clients show one token at once; some lose the connection and ask again, while the request
   * they gave up is held before its write until long after; then all go on with the successor, and
   * last a thief shows the token they began with.
   * @param loginSessions where the family of this race is
   */
  async function race(random: () => number, loginSessions: Sessions): Promise<Outcome> {
    const sessionId = store.mint(LoginSessionId);
    const { membershipId } = membership;
    const textOf = (generation: number) =>
      refreshTokenText(key, { tenantId: ACME, membershipId, sessionId, generation });
    const refreshHash = tokenHash(textOf(0));
    await loginSessions.create(openLoginSession({ ...membership, sessionId, refreshHash }, NOON));

    const { rotate } = loginSessions;
    const show = async (token: string, ms: number, held?: Promise<void>) => {
      const holding: Rotate = async (next) => {
        await held;
        return rotate(next);
      };
      const withoutSso = { get: async () => undefined };
      const opened = {
        loginSessions: { ...loginSessions, rotate: holding },
        singleSignOn: withoutSso,
      };
      const answer = await refreshLogin(
        {
          openTenant: () => opened as never,
          securityEvents: { add: async () => undefined } as never,
          tenants: { find: async () => [] } as never,
          issueToken: async () => "",
          tokenSecret: key,
          wallNow: at(ms),
        },
        token,
      ).catch((error: unknown) => {
        if (error instanceof DomainError) return undefined;
        throw error;
      });
      return answer?.refreshToken;
    };
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const clients = 2 + Math.floor(random() * 7);
    const together = (token: string, ms: number) =>
      Promise.all(Array.from({ length: clients }, () => show(token, ms + random() * 5_000)));

    const given = random() < 0.5 ? [show(textOf(0), 0, released)] : [];
    const first = await together(textOf(0), 0);
    const second = await together(first[0] ?? "", 600_000);
    release();
    await Promise.all(given);
    const third = await show(second[0] ?? "", 1_200_000);
    const isAlive = third !== undefined;
    await show(random() < 0.5 ? textOf(0) : textOf(1), 1_300_000);
    const afterReplay = await show(third ?? "", 1_300_001);
    const all = [...first, ...second, third];
    return {
      loggedOut: all.filter((token) => token === undefined).length,
      forked: [first, second].filter((tokens) => new Set(tokens).size !== 1).length,
      survivors: isAlive && afterReplay !== undefined ? 1 : 0,
    };
  }

  async function races(
    count: number,
    sessionsOf: (random: () => number) => Sessions,
  ): Promise<Outcome> {
    const random = seeded(SEED);
    const total = { loggedOut: 0, forked: 0, survivors: 0 };
    let left = count;
    const lane = async () => {
      while (left > 0) {
        left -= 1;
        const outcome = await race(random, sessionsOf(random));
        total.loggedOut += outcome.loggedOut;
        total.forked += outcome.forked;
        total.survivors += outcome.survivors;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    return total;
  }
  const none = { loggedOut: 0, forked: 0, survivors: 0 };

  it(
    "P-03 have exactly one successor, log nobody out who is honest, and end with a replay",
    async () => {
      expect(await races(figure(150, 10_000), paced), `seed ${SEED}`).toEqual(none);
    },
    figure(60_000, 1_800_000),
  );

  it("and it would show if the write did not look at what it was decided on", async () => {
    const blind = (random: () => number): Sessions => {
      const { find, rotate, ...sessions } = paced(random);
      return {
        ...sessions,
        find,
        async rotate(next) {
          const { session } = await find(next.membershipId, next.sessionId);
          return !!session && rotate({ ...next, generation: session.generation + 1 });
        },
      };
    };
    const { loggedOut } = await races(20, blind);
    expect(loggedOut).toBeGreaterThan(0);
  });
});
