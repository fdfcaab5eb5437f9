import {
  cancelActionItem,
  completeActionItem,
  createActionItem,
  getActionItem,
  listActionItems,
  listOwnActionItems,
  updateActionItem,
} from "@concord/core/action-item";
import {
  ACME,
  GLOBEX,
  type TestPartnership,
  testPartnership,
  testStore,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

describe("action items in the table", () => {
  let own: TestPartnership;
  let other: TestPartnership;
  let globex: TestPartnership;
  beforeAll(async () => {
    const test = await testStore();
    own = await testPartnership(test, ACME, { name: "Fabrikam" });
    other = await testPartnership(test, ACME, { name: "Contoso" });
    globex = await testPartnership(test, GLOBEX, { name: "Fabrikam" });
  });

  const manager = () => own.as(own.members.manager);
  const user = () => own.as(own.partnerUsers.user);
  const create = (dueOn: string, text = `Due ${dueOn}`, at = own) =>
    createActionItem(at.as(at.members.manager), at.partner.partnerId, {
      text,
      owner: { kind: "partner-user", partnerUserId: at.partnerUsers.user.partnerUserId },
      dueOn,
    });

  it("are nobody's of another tenant or another partner, and answer like missing ones", async () => {
    const { actionItemId } = await create("2027-02-01");
    const target = { actionItemId, ifVersion: 1 };
    const refusal = { code: "action-item-not-found" };
    for (const stranger of [globex.as(globex.members.manager), other.as(other.partnerUsers.exec)]) {
      await expect(getActionItem(stranger, actionItemId)).rejects.toMatchObject(refusal);
      await expect(updateActionItem(stranger, target, { text: "x" })).rejects.toMatchObject(
        refusal,
      );
      await expect(completeActionItem(stranger, target, "2027-01-15")).rejects.toMatchObject(
        refusal,
      );
      await expect(cancelActionItem(stranger, target, "x")).rejects.toMatchObject(refusal);
      await expect(
        listActionItems(stranger, own.partner.partnerId, { limit: 10 }),
      ).rejects.toMatchObject({ code: "partner-not-found" });
    }
    expect(await getActionItem(user(), actionItemId)).toMatchObject({ version: 1 });
  });

  it("S-74 list open ones first by due date, then ended ones; the owner's list holds open ones", async () => {
    const at = other;
    const ctx = at.as(at.members.manager);
    const late = await create("2027-05-01", "Late", at);
    const early = await create("2027-03-01", "Early", at);
    const done = await create("2027-01-01", "Done", at);
    const { actionItemId } = done;
    await completeActionItem(ctx, { actionItemId, ifVersion: 1 }, "2027-01-01");
    const { items } = await listActionItems(ctx, at.partner.partnerId, { limit: 10 });
    expect(items.map(({ text }) => text)).toEqual(["Early", "Late", "Done"]);
    const mine = await listOwnActionItems(at.as(at.partnerUsers.user), { limit: 10 });
    expect(mine.items).toEqual([early, late]);
    expect((await listOwnActionItems(ctx, { limit: 10 })).items).toEqual([]);
  });

  it("move to the list of a new owner, who must be of the partnership", async () => {
    const { actionItemId } = await create("2027-06-01");
    const target = { actionItemId, ifVersion: 1 };
    for (const partnerUserId of [
      other.partnerUsers.user.partnerUserId,
      globex.partnerUsers.user.partnerUserId,
    ]) {
      await expect(
        updateActionItem(manager(), target, { owner: { kind: "partner-user", partnerUserId } }),
      ).rejects.toMatchObject({ code: "action-owner-unknown", places: [{ pointer: "/owner" }] });
    }
    const { memberId } = own.members.manager;
    const moved = await updateActionItem(manager(), target, {
      owner: { kind: "member", memberId },
    });
    const idsOf = async (ctx: ReturnType<typeof manager>) =>
      (await listOwnActionItems(ctx, { limit: 100 })).items.map((item) => item.actionItemId);
    expect(await idsOf(manager())).toContain(moved.actionItemId);
    expect(await idsOf(user())).not.toContain(moved.actionItemId);
  });

  it("take one of two changes at once", async () => {
    const { actionItemId } = await create("2027-07-01");
    const target = { actionItemId, ifVersion: 1 };
    const outcomes = await Promise.allSettled([
      completeActionItem(user(), target, "2027-01-15"),
      cancelActionItem(manager(), target, "No longer needed"),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await getActionItem(user(), actionItemId)).version).toBe(2);
  });
});
