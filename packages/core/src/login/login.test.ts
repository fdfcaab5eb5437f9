import { describe, expect, it } from "vitest";
import { LoginSessionId, MemberId, mintIds, PersonId, TenantId } from "../id/index.ts";
import { actorOf } from "./login.ts";

const NOW = new Date("2027-01-15T12:00:00.000Z");
let seed = 0;
const mint = mintIds(
  () => NOW.getTime(),
  () => {
    seed = (seed + 0.137) % 1;
    return seed;
  },
);
const [sub, stranger] = [mint(PersonId), mint(PersonId)];
const mid = mint(MemberId);
const sid = mint(LoginSessionId);
const claims = { sub, sid, mid, tid: mint(TenantId), mv: 2 };
const member = {
  personId: sub,
  memberId: mid,
  displayName: "Ada",
  duties: [],
  email: "ada@people.test",
  roles: ["viewer" as const],
  status: "active" as "active" | "ended",
  version: 2,
  createdAt: NOW.toISOString(),
  updatedAt: NOW.toISOString(),
};
const session = {
  sessionId: sid,
  membershipId: mid,
  personId: sub,
  method: "password" as const,
  client: "",
  createdAt: NOW.toISOString(),
  lastUsedAt: NOW.toISOString(),
  endsAt: NOW.getTime() / 1000 + 6000,
  expiresAt: NOW.getTime() / 1000 + 600,
  generation: 0,
  refreshHash: "",
  secondFactor: "absent" as const,
};
const holder = (changes: Partial<typeof member> = {}) => ({
  kind: "member" as const,
  member: { ...member, ...changes },
});

describe("who acts with a token", () => {
  it("acts with the roles that are stored, also where the token has seen older ones", () => {
    const found = { holder: holder({ roles: ["viewer"], version: 9 }), session };
    expect(actorOf(claims, found, NOW)).toEqual({
      kind: "member",
      personId: sub,
      memberId: mid,
      roles: ["viewer"],
      duties: [],
    });
  });

  it.each([
    ["no membership", { holder: undefined, session }],
    ["an ended membership", { holder: holder({ status: "ended" }), session }],
    ["somebody else's membership", { holder: holder({ personId: stranger }), session }],
    ["a membership older than the token has seen", { holder: holder({ version: 1 }), session }],
    ["no session", { holder: holder(), session: undefined }],
    ["somebody else's session", { holder: holder(), session: { ...session, personId: stranger } }],
    [
      "a session of another membership",
      { holder: holder(), session: { ...session, membershipId: mint(MemberId) } },
    ],
    [
      "a session that ends now",
      { holder: holder(), session: { ...session, expiresAt: NOW.getTime() / 1000 } },
    ],
  ])("is refused with %s", (_, found) => {
    expect(() => actorOf(claims, found, NOW)).toThrow(
      expect.objectContaining({ code: "unauthenticated" }),
    );
  });
});
