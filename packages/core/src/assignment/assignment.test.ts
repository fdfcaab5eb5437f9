import { describe, expect, it } from "vitest";
import type { MemberActor } from "../actor/index.ts";
import { AssignmentId, MemberId, mintIds, PartnerId, PersonId } from "../id/index.ts";
import { assign, type HolderState, moveAssignment, withoutHolder } from "./assignment.ts";
import type { Roster } from "./schema.ts";

const NOW = new Date("2027-01-15T12:00:00.000Z");
let draws = 0;
const mint = mintIds(
  () => NOW.getTime(),
  () => {
    draws += 1;
    return (draws * 0.137) % 1;
  },
);
const admin: MemberActor = {
  kind: "member",
  personId: mint(PersonId),
  memberId: mint(MemberId),
  roles: ["admin"],
};
const scope = { partnerId: mint(PartnerId), programId: null };
const stateOf = (changes: Partial<HolderState> = {}): HolderState => ({
  holder: { kind: "member", memberId: mint(MemberId) },
  isActive: true,
  partnerId: null,
  duties: [],
  membership: {},
  ...changes,
});
const give = (roster: Roster | undefined, state: HolderState) =>
  assign(
    roster,
    {
      scope,
      assignmentId: mint(AssignmentId),
      input: { duty: "moderator", holder: state.holder },
    },
    state,
    { ofDuty: 10, ofPerson: 20 },
    admin,
    NOW,
  );
const codeOf = (act: () => unknown): string => {
  try {
    act();
    return "done";
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const rosterOf = (people: number): Roster => {
  let roster: Roster | undefined;
  for (let left = people; left > 0; left -= 1) roster = give(roster, stateOf()).next;
  if (!roster) throw new Error("somebody is on it");
  return roster;
};

describe("S-10 the limits of duties", () => {
  it("S-10 are ten people of a duty in one place, and twenty duties of one person", () => {
    expect(codeOf(() => give(rosterOf(9), stateOf()))).toBe("done");
    expect(codeOf(() => give(rosterOf(10), stateOf()))).toBe("assignments-full");
    const elsewhere = (number: number) =>
      Array.from({ length: number }, () => ({
        duty: "moderator" as const,
        partnerId: mint(PartnerId),
        programId: null,
      }));
    expect(codeOf(() => give(undefined, stateOf({ duties: elsewhere(19) })))).toBe("done");
    expect(codeOf(() => give(undefined, stateOf({ duties: elsewhere(20) })))).toBe(
      "assignments-full",
    );
  });
});

describe("S-10 moving a duty", () => {
  const from = stateOf();
  const { next: roster, holders } = give(undefined, from);
  const [assignment] = roster.current;
  const move = (to: HolderState) => {
    if (!assignment) throw new Error("it was assigned");
    const had = { ...from, duties: holders[0]?.duties ?? [] };
    const next = { assignment, assignmentId: mint(AssignmentId) };
    return moveAssignment(roster, next, { from: had, to }, admin, NOW);
  };

  it("S-10 takes it from the one and gives it to the other in one change", () => {
    const to = stateOf();
    expect(move(to)).toMatchObject({
      next: { current: [{ duty: "moderator", holder: to.holder }], version: 2 },
      ended: [{ holder: from.holder, until: NOW.toISOString() }],
      holders: [{ duties: [] }, { duties: [{ duty: "moderator", ...scope }] }],
    });
  });

  it("S-10 gives nobody a duty by their own hand", () => {
    const self = { kind: "member", memberId: admin.memberId } as const;
    expect(move(stateOf({ holder: self }))).toBe("assignment-for-oneself");
  });

  it("S-10 leaves it where the receiver has as many as they can", () => {
    const duties = Array.from({ length: 20 }, () => ({
      duty: "moderator" as const,
      partnerId: mint(PartnerId),
      programId: null,
    }));
    expect(move(stateOf({ duties }))).toBe("assignments-full");
  });
});

describe("S-10 the end of a membership", () => {
  it("S-10 takes every duty of the person from each roster, and nobody else's", () => {
    const leaver = stateOf();
    const [alone, shared] = [give(undefined, leaver).next, give(rosterOf(2), leaver).next];
    const changes = withoutHolder([alone, shared], leaver.holder, admin, NOW);
    expect(changes.map(({ next }) => next.current.length)).toEqual([0, 2]);
    expect(changes.map(({ ended }) => ended.map(({ holder }) => holder))).toEqual([
      [leaver.holder],
      [leaver.holder],
    ]);
  });
});
