import { MemberId, PersonId } from "@concord/core/id";
import type { Member } from "@concord/core/member";
import { describe, expect, it } from "vitest";
import { approverDirectory } from "./approver-directory.ts";

const member = (name: string, status: Member["status"] = "active"): Member => ({
  memberId: MemberId.parse(`mem_${name.padStart(26, "0")}`),
  personId: PersonId.parse(`per_${name.padStart(26, "0")}`),
  displayName: name,
  duties: [],
  email: `${name.toLowerCase()}@acme.example`,
  status,
  roles: ["partner-manager"],
  version: 1,
  createdAt: "2026-09-01T12:00:00.000Z",
  updatedAt: "2026-09-01T12:00:00.000Z",
});

/** A list that is older than the rows. */
const directory = (listed: readonly Member[], rows: readonly Member[]) =>
  approverDirectory({
    list: async ({ position }) => {
      const start = Number(position ?? 0);
      const next = start + 2;
      const items = listed.slice(start, next);
      return next < listed.length ? { items, position: String(next) } : { items };
    },
    get: async (memberId) => rows.find((row) => row.memberId === memberId),
  });

describe("the directory of approvers", () => {
  it("holds every active member, over all pages", async () => {
    const all = [member("A"), member("B", "ended"), member("C"), member("D"), member("E")];
    const candidates = await directory(all, all).candidates([]);
    expect(candidates.map(({ memberId }) => memberId.at(-1))).toEqual(["A", "C", "D", "E"]);
  });

  it("is right about who is named where the list is late: just added, just ended, gone", async () => {
    const added = member("N");
    const ended = member("A", "ended");
    const gone = member("G");
    const listed = [member("A"), member("C"), gone];
    const candidates = await directory(listed, [ended, member("C"), added]).candidates([
      added.memberId,
      ended.memberId,
      gone.memberId,
    ]);
    expect(candidates.map(({ memberId }) => memberId.at(-1))).toEqual(["C", "N"]);
  });
});
