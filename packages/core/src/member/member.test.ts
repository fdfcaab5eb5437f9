import { describe, expect, it } from "vitest";
import { type MemberActor, MemberRole } from "../actor/index.ts";
import { MemberId, mintIds, PersonId } from "../id/index.ts";
import { addMember, changeMember, endMember } from "./member.ts";
import { AddMember, type Member } from "./schema.ts";

const NOW = new Date("2027-01-15T12:00:00.000Z");
const mint = mintIds(
  () => NOW.getTime(),
  () => 0.5,
);
const personId = mint(PersonId);
const memberId = MemberId.parse("mem_00000000000000000000000AAA");
const by = (...roles: readonly MemberRole[]): MemberActor => ({
  kind: "member",
  personId,
  memberId: mint(MemberId),
  roles,
});
const member = (...roles: MemberRole[]): Member => ({
  personId,
  memberId,
  displayName: "Ada",
  duties: [],
  email: "ada@people.test",
  roles,
  status: "active",
  version: 3,
  createdAt: NOW.toISOString(),
  updatedAt: NOW.toISOString(),
});
const input = (...roles: MemberRole[]) => ({
  email: "ada@people.test",
  displayName: "Ada",
  roles,
});

describe("granting roles", () => {
  const outcome = (act: () => unknown): string => {
    try {
      act();
      return "granted";
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it.each(MemberRole.options)("lets an owner grant %s, except moderator", (role) => {
    expect(
      outcome(() => changeMember(member("data-steward"), { roles: [role] }, by("owner"), NOW)),
    ).toBe(role === "moderator" ? "moderator-needs-two" : "granted");
  });

  it.each(MemberRole.options)("lets an admin grant %s, except owner and moderator", (role) => {
    const refused: Partial<Record<MemberRole, string>> = {
      owner: "role-not-grantable",
      moderator: "moderator-needs-two",
    };
    expect(
      outcome(() => changeMember(member("viewer"), { roles: ["viewer", role] }, by("admin"), NOW)),
    ).toBe(refused[role] ?? "granted");
  });

  it("lets one administrator take the role of moderator away", () => {
    for (const role of ["owner", "admin"] as const) {
      const { next } = changeMember(member("moderator"), { roles: ["viewer"] }, by(role), NOW);
      expect(next.roles).toEqual(["viewer"]);
    }
  });

  it("lets nobody but an owner take the role of owner away, by a change or by an end", () => {
    const change = { roles: ["viewer" as const] };
    expect(outcome(() => changeMember(member("owner"), change, by("admin"), NOW))).toBe(
      "role-not-grantable",
    );
    expect(outcome(() => endMember(member("owner"), by("admin"), NOW))).toBe("role-not-grantable");
    expect(outcome(() => changeMember(member("owner"), change, by("owner"), NOW))).toBe("granted");
    expect(outcome(() => endMember(member("owner"), by("owner"), NOW))).toBe("granted");
  });

  it("lets an admin change an owner's name, whose roles stay", () => {
    const { next } = changeMember(member("owner"), { displayName: "A. L." }, by("admin"), NOW);
    expect(next).toMatchObject({ displayName: "A. L.", roles: ["owner"], version: 4 });
  });

  it("lets nobody change or end their own membership, but their own name", () => {
    const self = { ...by("owner"), memberId };
    expect(outcome(() => changeMember(member("owner"), { roles: ["viewer"] }, self, NOW))).toBe(
      "member-is-yourself",
    );
    expect(outcome(() => endMember(member("owner"), self, NOW))).toBe("member-is-yourself");
    expect(changeMember(member("owner"), { displayName: "Me" }, self, NOW).next.displayName).toBe(
      "Me",
    );
  });

  it("changes nothing of a membership that has ended", () => {
    const ended = { ...member("viewer"), status: "ended" as const };
    expect(outcome(() => changeMember(ended, { displayName: "X" }, by("owner"), NOW))).toBe(
      "member-ended",
    );
    expect(outcome(() => endMember(ended, by("owner"), NOW))).toBe("member-ended");
  });

  it("remembers roles in the event, and neither name nor address", () => {
    const { event } = addMember({ memberId, personId }, input("viewer"), by("owner"), NOW);
    expect(event.data).toEqual({ personId, roles: ["viewer"] });
    const changed = changeMember(member("viewer"), { roles: ["admin"] }, by("owner"), NOW);
    expect(changed.event.data).toEqual({ before: ["viewer"], roles: ["admin"] });
  });
});

describe("a new member", () => {
  const good = { ...input("viewer"), initialPassword: "12345678" };

  it("is one person however the address is typed", () => {
    expect(AddMember.parse({ ...good, email: "Ada@People.TEST" }).email).toBe("ada@people.test");
  });

  it.each([
    ["no role", { roles: [] }],
    ["a role twice", { roles: ["viewer", "viewer"] }],
    ["a role of a partner", { roles: ["partner-exec"] }],
    ["a password of 7 characters", { initialPassword: "1234567" }],
    ["a password of 257 characters", { initialPassword: "x".repeat(257) }],
    ["an address without a host", { email: "ada" }],
    ["an address of two lines", { email: "ada@people.test\nbcc: x@y.test" }],
    ["an empty name", { displayName: "  " }],
  ])("is refused with %s", (_, wrong) => {
    expect(AddMember.safeParse(good).success).toBe(true);
    expect(AddMember.safeParse({ ...good, ...wrong }).success).toBe(false);
  });
});
