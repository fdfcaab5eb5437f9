import { describe, expect, it } from "vitest";
import { createItem } from "../action-item/index.ts";
import { ActionItemId, AgendaItemId } from "../id/index.ts";
import {
  agreed,
  CYCLE_ID,
  closed,
  exec,
  manager,
  mint,
  NOW,
  open,
  owner,
  PARTNER_ID,
  planned,
} from "./review.fixture.ts";
import { asOpened } from "./review.ts";
import { AGENDA_LIMIT, type Session } from "./schema.ts";
import { addAgendaItem, closeSession, planSession, updateAgendaItem } from "./session.ts";

const item = (text: string, dueOn = "2026-12-01") =>
  createItem(
    { actionItemId: mint(ActionItemId), partnerId: PARTNER_ID, cycleId: null },
    { text, owner: { kind: "partner-user", partnerUserId: exec.partnerUserId }, dueOn },
    manager,
    NOW,
  ).next;

const extra = { section: "deal-quality" as const, title: "Discounts", minutes: 10 };
const add = (session: Session) =>
  addAgendaItem(session, mint(AgendaItemId), extra, manager, NOW).next;

describe("the agenda of a session", () => {
  it("S-74 begins with the unfinished commitments, each with its owner and date", () => {
    const unfinished = [item("Train two people"), item("Clean the pipeline", "2027-01-10")];
    const { next } = planSession(open(), "2027-01-20", unfinished, mint, manager, NOW);
    expect(next.agenda.map(({ section }) => section)).toEqual([
      "carried-over",
      "carried-over",
      "partner",
      "pipeline-health",
      "deal-quality",
      "engagement",
    ]);
    expect(next.agenda[0]).toMatchObject({
      title: "Train two people",
      action: { text: "Train two people", dueOn: "2026-12-01" },
      carriesOver: unfinished[0]?.actionItemId,
    });
  });

  it("S-70 reserves time for the partner", () => {
    expect(planned().agenda[0]).toMatchObject({ section: "partner", minutes: 15 });
  });

  it("holds as many items as its row can, however many commitments are open", () => {
    const many = Array.from({ length: 60 }, (_, index) => item(`Item ${index}`));
    const full = planSession(open(), "2027-01-20", many, mint, manager, NOW).next;
    expect(full.agenda).toHaveLength(AGENDA_LIMIT);
    expect(full.agenda.at(-1)?.section).toBe("engagement");
    expect(() => add(full)).toThrow(expect.objectContaining({ code: "agenda-full" }));
  });

  it("changes what is given and keeps the rest", () => {
    const session = planned();
    const first = session.agenda[0];
    if (!first) throw new Error("a session has an agenda");
    const noted = updateAgendaItem(session, first.agendaItemId, { notes: "Late" }, manager, NOW);
    expect(noted.next.agenda[0]).toEqual({ ...first, notes: "Late" });
    expect(noted.next.version).toBe(2);
    expect(() =>
      updateAgendaItem(session, mint(AgendaItemId), { notes: "x" }, manager, NOW),
    ).toThrow(expect.objectContaining({ code: "agenda-item-not-found" }));
  });
});

describe("closing a session", () => {
  it("S-75 names every agenda item that lacks an action, an owner or a due date", () => {
    const session = agreed();
    const [first, second, third] = session.agenda;
    if (!first || !second || !third) throw new Error("a session has an agenda");
    const text = "Do it";
    const withAction = (current: Session, at: typeof first, action: typeof first.action) =>
      updateAgendaItem(current, at.agendaItemId, { action }, manager, NOW).next;
    let gaps: Session = withAction(session, first, null);
    gaps = withAction(gaps, second, { text, owner: null, dueOn: "2027-02-28" });
    gaps = withAction(gaps, third, { text, owner, dueOn: null });
    expect(() => closeSession(gaps, [], mint, manager, NOW)).toThrow(
      expect.objectContaining({
        code: "session-incomplete",
        places: [
          expect.objectContaining({ pointer: "/agenda/0/action" }),
          expect.objectContaining({ pointer: "/agenda/1/action/owner" }),
          expect.objectContaining({ pointer: "/agenda/2/action/dueOn" }),
        ],
      }),
    );
  });

  it("makes an action item of each agreed action", () => {
    const { next, items } = closed();
    expect(next).toMatchObject({ status: "closed", version: 6 });
    expect(items).toHaveLength(4);
    expect(next.actionItemIds).toEqual(items.map((made) => made.next.actionItemId));
    expect(items[0]?.next).toMatchObject({
      cycleId: CYCLE_ID,
      partnerId: PARTNER_ID,
      text: "Do: Wins, lessons and needs of the partner",
      owner,
      dueOn: "2027-02-28",
      status: "open",
    });
    expect(items.map(({ event }) => event.type)).toEqual(Array(4).fill("action-item.created"));
  });

  it("S-74 renews what it carries over, with the date before", () => {
    const unfinished = item("Train two people");
    const session = planSession(open(), "2027-01-20", [unfinished], mint, manager, NOW).next;
    const { items } = closeSession(agreed(session), [unfinished], mint, manager, NOW);
    expect(items).toHaveLength(5);
    expect(items[0]?.next).toMatchObject({
      actionItemId: unfinished.actionItemId,
      dueOn: "2027-02-28",
      version: 2,
      carriedOver: [{ cycleId: CYCLE_ID, dueOnBefore: "2026-12-01" }],
    });
    expect(items[0]?.event.type).toBe("action-item.carried-over");
  });

  it("carries nothing over that was finished since the session was planned", () => {
    const unfinished = item("Train two people");
    const session = planSession(open(), "2027-01-20", [unfinished], mint, manager, NOW).next;
    expect(closeSession(agreed(session), [], mint, manager, NOW).items).toHaveLength(4);
  });

  it.each([
    { name: "an item added", change: () => add(closed().next) },
    { name: "closed again", change: () => closeSession(closed().next, [], mint, manager, NOW) },
    { name: "an item changed", change: () => agreed(closed().next) },
  ])("is final: $name is refused", ({ change }) => {
    expect(change).toThrow(expect.objectContaining({ code: "session-closed" }));
  });
});

describe("S-14 the agenda of a segment", () => {
  const agendaOf = (segment: object) =>
    planSession({ ...open(), ...segment }, "2027-01-20", [], mint, manager, NOW).next.agenda.map(
      ({ section, title, minutes }) => `${section} ${minutes} ${title.split(":")[0]}`,
    );

  it("is short in a light review, and about what fits the stage of the partner", () => {
    const focus = ["market-entry", "enablement", "fast-feedback"] as const;
    expect(agendaOf({ segment: { segmentId: "young", depth: "light", focus } })).toEqual([
      "partner 10 Wins, lessons and needs of the partner",
      "pipeline-health 10 Pipeline health",
      "pipeline-health 5 Market entry",
      "engagement 5 Enablement",
      "partner 5 Fast feedback",
    ]);
  });

  it("takes its time in depth, and is the standard one in a program without segments", () => {
    const focus = ["governance"] as const;
    expect(agendaOf({ segment: { segmentId: "old", depth: "deep-dive", focus } })).toEqual([
      "partner 20 Wins, lessons and needs of the partner",
      "pipeline-health 30 Pipeline health",
      "deal-quality 30 Deal quality",
      "engagement 20 Engagement and enablement",
      "partner 15 Governance",
    ]);
    expect(agendaOf({})).toEqual([
      "partner 15 Wins, lessons and needs of the partner",
      "pipeline-health 20 Pipeline health",
      "deal-quality 20 Deal quality",
      "engagement 15 Engagement and enablement",
    ]);
  });
});

it("a review that was signed is still known as it was opened, its segment included", () => {
  const place = { segmentId: "old", depth: "deep-dive" as const, focus: ["roadmap" as const] };
  const opened = { ...open(), segment: place };
  const later = { ...opened, updatedAt: "2027-01-20T12:00:00.000Z", version: 2 };
  expect(asOpened(later)).toEqual(opened);
});
