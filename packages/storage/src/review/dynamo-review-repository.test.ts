import {
  type ActionOwner,
  completeActionItem,
  createActionItem,
  listActionItems,
  listOwnActionItems,
} from "@concord/core/action-item";
import type { RequestContext } from "@concord/core/context";
import { endPartnerUser } from "@concord/core/member";
import {
  closeReviewWindow,
  closeSession,
  getReview,
  getSession,
  listContributions,
  listReviews,
  openReview,
  planSession,
  postContribution,
  type Session,
  signReview,
  updateAgendaItem,
} from "@concord/core/review";
import {
  ACME,
  GLOBEX,
  type TestPartnership,
  testPartnership,
  testStore,
} from "@concord/local/testing";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TenantStore } from "../tenant-store.ts";

type Ctx = RequestContext<TenantStore>;

const keyOf = ({ review: { cycleId, partnerId } }: TestPartnership) => ({ cycleId, partnerId });

/** Gives every agenda item an owner and a date. */
async function agreeAll(ctx: Ctx, session: Session, owner: ActionOwner) {
  let current = session;
  for (const { agendaItemId, title } of session.agenda) {
    const action = { text: `Do: ${title}`, owner, dueOn: "2027-02-28" };
    const target = { ...current, ifVersion: current.version };
    current = await updateAgendaItem(ctx, target, agendaItemId, { action });
  }
  return current;
}

describe("a review in the table", () => {
  let test: Awaited<ReturnType<typeof testStore>>;
  let globex: TestPartnership;
  let other: TestPartnership;
  let own: TestPartnership;
  let round = 0;
  beforeAll(async () => {
    test = await testStore();
    globex = await testPartnership(test, GLOBEX);
    other = await testPartnership(test, ACME, { name: "Contoso" });
  });
  beforeEach(async () => {
    round += 1;
    own = await testPartnership(test, ACME, { name: `Fabrikam ${round}` });
  });

  const manager = () => own.as(own.members.manager);
  const exec = () => own.as(own.partnerUsers.exec);
  const managerAsOwner = (): ActionOwner => ({
    kind: "member",
    memberId: own.members.manager.memberId,
  });
  const closedSession = async () => {
    const planned = await planSession(manager(), keyOf(own), "2027-01-20");
    const agreed = await agreeAll(manager(), planned, managerAsOwner());
    return closeSession(manager(), { ...keyOf(own), ifVersion: agreed.version });
  };

  it("exists once per cycle and partner, however often it is opened", async () => {
    const again = openReview(own.review, own.partner, new Date("2027-02-01T00:00:00Z"));
    const { reviews } = manager().store;
    const outcomes = await Promise.all([reviews.open(again), reviews.open(again)]);
    expect(outcomes).toEqual([undefined, undefined]);
    expect(await reviews.get(keyOf(own))).toEqual(own.review);
  });

  it("is nobody's of another tenant or another partner, and answers like a missing one", async () => {
    for (const stranger of [globex.as(globex.members.manager), other.as(other.partnerUsers.exec)]) {
      const refusal = { code: "review-not-found" };
      const key = keyOf(own);
      await expect(getReview(stranger, key)).rejects.toMatchObject(refusal);
      await expect(listContributions(stranger, key, { limit: 10 })).rejects.toMatchObject(refusal);
      await expect(getSession(stranger, key)).rejects.toMatchObject(refusal);
      await expect(
        postContribution(stranger, key, { kind: "win", text: "Mine" }),
      ).rejects.toMatchObject(refusal);
      const seen = { sessionVersion: 1, scorecardRevision: 1, reservation: null };
      await expect(signReview(stranger, { ...key, ifVersion: 1 }, seen)).rejects.toMatchObject(
        refusal,
      );
    }
    const listed = listReviews(other.as(other.partnerUsers.exec), own.review.cycleId, {
      limit: 10,
    });
    await expect(listed).rejects.toMatchObject({ code: "cycle-not-found" });
    expect((await listReviews(manager(), own.review.cycleId, { limit: 10 })).items).toEqual([
      own.review,
    ]);
  });

  it("S-70 keeps the contributions of both sides, oldest first", async () => {
    const post = (ctx: Ctx, text: string, minute: number) =>
      postContribution({ ...ctx, now: new Date(ctx.now.getTime() + minute * 60_000) }, keyOf(own), {
        kind: "win",
        text,
      });
    await post(exec(), "First", 1);
    await post(manager(), "Second", 2);
    await post(own.as(own.partnerUsers.user), "Third", 3);
    const { items } = await listContributions(exec(), keyOf(own), { limit: 10 });
    expect(items.map(({ text, side }) => [text, side])).toEqual([
      ["First", "partner"],
      ["Second", "vendor"],
      ["Third", "partner"],
    ]);
  });

  it("S-75 keeps the session open while an agenda item lacks owner or date, and then makes all items at once", async () => {
    const session = await planSession(manager(), keyOf(own), "2027-01-20");
    await expect(
      closeSession(manager(), { ...keyOf(own), ifVersion: session.version }),
    ).rejects.toMatchObject({ code: "session-incomplete" });
    expect(await getSession(manager(), keyOf(own))).toEqual(session);
    const agreed = await agreeAll(manager(), session, managerAsOwner());
    const target = { ...keyOf(own), ifVersion: agreed.version };
    const outcomes = await Promise.allSettled([
      closeSession(manager(), target),
      closeSession(manager(), target),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const { items } = await listActionItems(exec(), own.partner.partnerId, { limit: 100 });
    expect(items).toHaveLength(4);
    expect((await listOwnActionItems(manager(), { limit: 100 })).items).toEqual(items);
  });

  it("S-75 refuses an owner who is not of the partnership, or has left it since", async () => {
    const session = await planSession(manager(), keyOf(own), "2027-01-20");
    const [first] = session.agenda;
    if (!first) throw new Error("a session has an agenda");
    const give = (
      partnerUserId: TestPartnership["partnerUsers"]["exec"]["partnerUserId"],
      version: number,
    ) =>
      updateAgendaItem(manager(), { ...keyOf(own), ifVersion: version }, first.agendaItemId, {
        action: {
          text: "Do",
          owner: { kind: "partner-user", partnerUserId },
          dueOn: "2027-02-28",
        },
      });
    const refusal = { code: "action-owner-unknown" };
    await expect(give(other.partnerUsers.exec.partnerUserId, 1)).rejects.toMatchObject(refusal);
    const agreed = await agreeAll(manager(), session, managerAsOwner());
    const { user } = own.partnerUsers;
    const given = await give(user.partnerUserId, agreed.version);
    await endPartnerUser(manager(), { ...user, ifVersion: user.version });
    await expect(
      closeSession(manager(), { ...keyOf(own), ifVersion: given.version }),
    ).rejects.toMatchObject({
      ...refusal,
      places: [{ pointer: "/agenda/0/action/owner" }],
    });
  });

  it("S-74 carries an unfinished item into the next session with its new date, and leaves out a finished one", async () => {
    const give = (text: string) =>
      createActionItem(manager(), own.partner.partnerId, {
        text,
        owner: managerAsOwner(),
        dueOn: "2026-12-01",
      });
    const unfinished = await give("Train two people");
    const finished = await give("Send the price list");
    const session = await planSession(manager(), keyOf(own), "2027-01-20");
    expect(session.agenda.filter(({ carriesOver }) => carriesOver)).toHaveLength(2);
    await completeActionItem(
      exec(),
      { actionItemId: finished.actionItemId, ifVersion: 1 },
      "2026-11-30",
    );
    const agreed = await agreeAll(manager(), session, managerAsOwner());
    await closeSession(manager(), { ...keyOf(own), ifVersion: agreed.version });
    const carried = await manager().store.actionItems.get(unfinished.actionItemId);
    expect(carried).toMatchObject({
      status: "open",
      dueOn: "2027-02-28",
      version: 2,
      carriedOver: [{ cycleId: own.review.cycleId, dueOnBefore: "2026-12-01" }],
    });
    expect(await manager().store.actionItems.get(finished.actionItemId)).toMatchObject({
      status: "done",
      isOnTime: true,
      version: 2,
    });
  });

  it("is signed by both sides on what they saw, one of them with reservation", async () => {
    const session = await closedSession();
    const input = { sessionVersion: session.version, scorecardRevision: 1, reservation: null };
    const target = { ...keyOf(own), ifVersion: 1 };
    await expect(
      signReview(exec(), target, { ...input, sessionVersion: session.version - 1 }),
    ).rejects.toMatchObject({ code: "version-stale" });
    await expect(
      signReview(exec(), target, { ...input, scorecardRevision: 2 }),
    ).rejects.toMatchObject({ code: "version-stale" });
    await expect(signReview(own.as(own.partnerUsers.user), target, input)).rejects.toMatchObject({
      code: "permission-denied",
    });
    await signReview(exec(), target, { ...input, reservation: "The discount figure" });
    await expect(signReview(manager(), target, input)).rejects.toMatchObject({
      code: "version-stale",
    });
    const closed = await signReview(manager(), { ...target, ifVersion: 2 }, input);
    expect(closed).toMatchObject({ status: "closed", outcome: "signed-with-reservation" });
    expect(await getReview(exec(), keyOf(own))).toEqual(closed);
  });

  it("takes one of two signatures of the same side at once", async () => {
    const session = await closedSession();
    const input = { sessionVersion: session.version, scorecardRevision: 1, reservation: null };
    const target = { ...keyOf(own), ifVersion: 1 };
    const sign = () => signReview(exec(), target, input);
    const outcomes = await Promise.allSettled([sign(), sign()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("closes as not signed when its window ends, visibly to both sides, and once", async () => {
    const session = await closedSession();
    const input = { sessionVersion: session.version, scorecardRevision: 1, reservation: null };
    await signReview(exec(), { ...keyOf(own), ifVersion: 1 }, input);
    const system = own.asSystem(new Date("2027-01-29T12:00:00Z"));
    const closed = await closeReviewWindow(system, keyOf(own));
    expect(closed).toMatchObject({ outcome: "not-signed", unsignedBy: ["vendor"] });
    expect(await closeReviewWindow(system, keyOf(own))).toEqual(closed);
    expect(await getReview(exec(), keyOf(own))).toEqual(closed);
    await expect(
      signReview(manager(), { ...keyOf(own), ifVersion: 3 }, input),
    ).rejects.toMatchObject({ code: "review-closed" });
  });

  it("has one session", async () => {
    await planSession(manager(), keyOf(own), "2027-01-20");
    await expect(planSession(manager(), keyOf(own), "2027-01-21")).rejects.toMatchObject({
      code: "session-exists",
    });
  });
});
