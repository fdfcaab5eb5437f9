import { describe, expect, it } from "vitest";
import type { MemberActor } from "../actor/index.ts";
import { ActionItemId, CycleId, MemberId, PartnerId, PersonId } from "../id/index.ts";
import { cancel, carryOver, complete, create, update } from "./action-item.ts";
import { type ActionItem, CARRY_OVER_LIMIT, type OpenActionItem } from "./schema.ts";

const NOW = new Date("2027-01-15T12:00:00.000Z");
const id = (prefix: string, name = "A") => `${prefix}_${name.padStart(26, "0")}`;
const by: MemberActor = {
  kind: "member",
  personId: PersonId.parse(id("per")),
  memberId: MemberId.parse(id("mem")),
  roles: ["partner-manager"],
};
const owner = { kind: "member", memberId: by.memberId } as const;
const CYCLE = CycleId.parse(id("cyc"));

const open = (): OpenActionItem =>
  create(
    {
      actionItemId: ActionItemId.parse(id("act")),
      partnerId: PartnerId.parse(id("ptr")),
      cycleId: null,
    },
    { text: "Train two people", owner, dueOn: "2027-02-28" },
    by,
    NOW,
  ).next;
const done = () => complete(open(), "2027-02-28", by, NOW).next;
const cancelled = () => cancel(open(), "No longer needed", by, NOW).next;
const agreed = { text: "Train three people", owner, dueOn: "2027-05-31" };

const commands: Record<string, (item: ActionItem) => { next: ActionItem }> = {
  update: (item) => update(item, { text: "Other" }, by, NOW),
  complete: (item) => complete(item, "2027-03-01", by, NOW),
  cancel: (item) => cancel(item, "Why", by, NOW),
};

describe("an action item", () => {
  it.each([
    { command: "update", to: "open" },
    { command: "complete", to: "done" },
    { command: "cancel", to: "cancelled" },
  ])("that is open becomes $to by $command", ({ command, to }) => {
    expect(commands[command]?.(open()).next).toMatchObject({ status: to, version: 2 });
  });

  it.each(
    Object.keys(commands).flatMap((command) => [
      { command, state: "done", item: done },
      { command, state: "cancelled", item: cancelled },
    ]),
  )("that is $state refuses $command", ({ command, item }) => {
    expect(() => commands[command]?.(item())).toThrow(
      expect.objectContaining({ code: "action-item-ended" }),
    );
  });

  it.each([
    { doneOn: "2027-02-27", isOnTime: true },
    { doneOn: "2027-02-28", isOnTime: true },
    { doneOn: "2027-03-01", isOnTime: false },
  ])("S-74 done on $doneOn is on time: $isOnTime", ({ doneOn, isOnTime }) => {
    expect(complete(open(), doneOn, by, NOW).next).toMatchObject({ doneOn, isOnTime });
  });

  it("changes what is given and keeps the rest", () => {
    const next = update(open(), { dueOn: "2027-03-31" }, by, NOW).next;
    expect(next).toEqual({ ...open(), dueOn: "2027-03-31", version: 2 });
  });

  it("S-74 remembers each session that took it over, the latest ones on its row", () => {
    let item = open();
    for (let session = 0; session < CARRY_OVER_LIMIT + 2; session += 1) {
      item = carryOver(item, agreed, CYCLE, by, NOW).next;
    }
    expect(item.carriedOver).toHaveLength(CARRY_OVER_LIMIT);
    expect(carryOver(open(), agreed, CYCLE, by, NOW).next).toMatchObject({
      ...agreed,
      carriedOver: [{ cycleId: CYCLE, dueOnBefore: "2027-02-28" }],
    });
  });
});
