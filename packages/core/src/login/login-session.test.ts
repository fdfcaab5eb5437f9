import { describe, expect, it } from "vitest";
import { LoginSessionId, MemberId, mintIds, PersonId } from "../id/index.ts";
import {
  decideRefresh,
  isOpen,
  openLoginSession,
  owesSecondFactor,
  provesPerson,
} from "./login-session.ts";

const START = new Date("2027-01-15T12:00:00.000Z");
const DAY = 86_400_000;
const later = (ms: number) => new Date(START.getTime() + ms);
const mint = mintIds(
  () => START.getTime(),
  () => 0.5,
);
const opened = (endsAt?: number) =>
  openLoginSession(
    {
      sessionId: mint(LoginSessionId),
      membershipId: mint(MemberId),
      personId: mint(PersonId),
      method: "password",
      client: "",
      refreshHash: "first",
    },
    START,
    endsAt,
  );
const refreshed = (at: Date, from = opened()) => {
  const decision = decideRefresh(from, from.generation, at);
  if (decision.kind !== "rotate") throw new Error("the current token rotates");
  return decision.next(`hash of ${from.generation + 1}`);
};

describe("a login session", () => {
  it("begins as its first token's, good for 14 days and 90 at most, without a second factor", () => {
    expect(opened()).toMatchObject({
      ...{ createdAt: "2027-01-15T12:00:00.000Z", lastUsedAt: "2027-01-15T12:00:00.000Z" },
      ...{ expiresAt: 1_800_014_400 + 14 * 86_400, endsAt: 1_800_014_400 + 90 * 86_400 },
      ...{ generation: 0, refreshHash: "first", secondFactor: "absent" },
    });
    expect(openLoginSession({ ...opened(), secondFactor: "owed" }, START).secondFactor).toBe(
      "owed",
    );
  });

  it("is refreshed as the next generation, with the hash of its token and the time", () => {
    expect(refreshed(later(DAY))).toEqual({
      ...opened(),
      ...{ generation: 1, refreshHash: "hash of 1", lastUsedAt: "2027-01-16T12:00:00.000Z" },
      expiresAt: 1_800_014_400 + 15 * 86_400,
    });
  });

  it("is over after 14 days without a refresh", () => {
    expect(isOpen(opened(), later(14 * DAY - 1))).toBe(true);
    expect(isOpen(opened(), later(14 * DAY))).toBe(false);
    expect(isOpen(refreshed(later(13 * DAY)), later(27 * DAY - 1))).toBe(true);
  });

  it("is over after 90 days however it is used", () => {
    let session = opened();
    for (let day = 10; day < 90; day += 10) session = refreshed(later(day * DAY), session);
    expect(isOpen(session, later(90 * DAY - 1))).toBe(true);
    expect(isOpen(session, later(90 * DAY))).toBe(false);
  });

  it("ends no later than the one it follows", () => {
    const session = opened(START.getTime() / 1000 + 3600);
    expect(isOpen(refreshed(later(1800_000), session), later(3600_000))).toBe(false);
  });

  it.each([
    { name: "the current token, however late", generation: 3, after: 13 * DAY, kind: "rotate" },
    { name: "the one before, at once", generation: 2, after: 0, kind: "repeat" },
    { name: "the one before, after 10 s", generation: 2, after: 10_000, kind: "repeat" },
    { name: "the one before, after 10.001 s", generation: 2, after: 10_001, kind: "replayed" },
    { name: "one before that", generation: 1, after: 0, kind: "replayed" },
    { name: "the first", generation: 0, after: 0, kind: "replayed" },
  ])("is asked with $name: $kind", ({ generation, after, kind }) => {
    const session = refreshed(START, refreshed(START, refreshed(START)));
    expect(decideRefresh(session, generation, later(after)).kind).toBe(kind);
  });

  it("proves the person by every way but a tenant's single sign-on", () => {
    expect(
      (["password", "link", "invitation", "sso"] as const).filter((method) =>
        provesPerson({ method }),
      ),
    ).toEqual(["password", "link", "invitation"]);
  });

  it.each([
    [true, "member", "password", true],
    [true, "member", "link", true],
    [true, "member", "sso", false],
    [true, "partner-user", "password", false],
    [false, "member", "password", false],
    [undefined, "member", "password", false],
  ] as const)(
    "where its tenant asks for a second factor (%s), of a %s by %s, owes one: %s",
    (requiresSecondFactor, kind, method, owes) => {
      const tenant = requiresSecondFactor === undefined ? {} : { requiresSecondFactor };
      expect(owesSecondFactor(tenant, { kind }, method)).toBe(owes);
    },
  );
});
