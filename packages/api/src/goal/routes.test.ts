import type { ProposeGoal, ShownGoal } from "@concord/core/goal";
import {
  ACME,
  answerOf,
  codeOf,
  GLOBEX,
  type TestApi,
  type TestPartnership,
  testApi,
  testPartnership,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

/** The test clock stands in January 2027. */
let api: TestApi;
let north: TestPartnership;
let south: TestPartnership;
let owners: ProposeGoal["owners"];
let tokens: Record<
  "owner" | "other" | "programs" | "viewer" | "exec" | "user" | "colleague" | "stranger" | "globex",
  string
>;

beforeAll(async () => {
  api = await testApi();
  north = await testPartnership(api.store, ACME, { name: "Northwind" });
  south = await testPartnership(api.store, ACME, { name: "Southwind" });
  await testPartnership(api.store, GLOBEX, { name: "Northwind" });
  const { partnerId } = north.partner;
  const owner = await api.member(ACME, "partner-manager");
  const user = await api.partnerUser(ACME, partnerId, "partner-user");
  owners = { vendor: owner.member.memberId, partner: user.partnerUser.partnerUserId };
  tokens = {
    owner: owner.token,
    other: (await api.member(ACME, "partner-manager")).token,
    programs: (await api.member(ACME, "program-manager")).token,
    viewer: (await api.member(ACME, "viewer")).token,
    exec: (await api.partnerUser(ACME, partnerId, "partner-exec")).token,
    user: user.token,
    colleague: (await api.partnerUser(ACME, partnerId, "partner-user")).token,
    stranger: (await api.partnerUser(ACME, south.partner.partnerId, "partner-exec")).token,
    globex: (await api.member(GLOBEX, "owner", "admin")).token,
  };
});

const terms = (changes: Record<string, unknown> = {}) => ({
  title: "Twenty certified people",
  why: "The new line sells where people know it",
  owners,
  startOn: "2027-01-01",
  dueOn: "2027-12-31",
  measure: { name: "Certified people", unit: "count", target: 20 },
  milestones: [
    { title: "Ten are certified", dueOn: "2027-06-30", side: "partner", weight: 3 },
    { title: "Training material is there", dueOn: "2027-01-10", side: "vendor" },
  ],
  ...changes,
});
const path = () => `/partners/${north.partner.partnerId}/goals`;
const send = async (
  method: string,
  at: string,
  token: string,
  more: { body?: unknown; version?: number; key?: string } = {},
) => answerOf(await api.request(`/v1${at}`, { method, token, ...more }));
const shownOf = async ({ goalId }: ShownGoal): Promise<ShownGoal> =>
  (await send("GET", `${path()}/${goalId}`, tokens.viewer)).body;
const act = (
  goal: ShownGoal,
  what: string,
  token: string,
  body?: unknown,
  version = goal.version,
) => send("POST", `${path()}/${goal.goalId}/${what}`, token, { body, version });
const proposed = async (token = tokens.owner, changes = {}): Promise<ShownGoal> =>
  (await send("POST", path(), token, { body: terms(changes) })).body;
const opened = async (changes = {}): Promise<ShownGoal> =>
  (await act(await proposed(tokens.owner, changes), "agree", tokens.exec)).body;
const move = (goal: ShownGoal, nth: number, token: string, doneOn: string | null) => {
  const id = goal.agreed?.milestones[nth]?.milestoneId;
  const at = `${path()}/${goal.goalId}/milestones/${id}`;
  return send("PUT", at, token, { body: { doneOn }, version: goal.version });
};

describe("S-16 shared goals", () => {
  it("S-16 are in force once both sides have agreed, whoever proposes", async () => {
    const goal = await proposed();
    expect(goal).toMatchObject({
      status: "proposed",
      agreed: null,
      proposal: { number: 1, vendor: { by: { kind: "member" } }, partner: null },
    });
    expect(codeOf(await act(goal, "agree", tokens.other))).toEqual([409, "goal-agreed-already"]);
    expect(codeOf(await act(goal, "agree", tokens.user))).toEqual([403, "permission-denied"]);
    const agreed = await act(goal, "agree", tokens.exec);
    expect([agreed.status, agreed.etag]).toEqual([200, '"2"']);
    expect(agreed.body).toMatchObject({
      status: "open",
      proposal: null,
      agreed: { measure: { target: 20 } },
    });

    // A user of the partner proposes, but agrees for nobody.
    const theirs = await proposed(tokens.user);
    expect(theirs.proposal).toMatchObject({ vendor: null, partner: null });
    const half = (await act(theirs, "agree", tokens.owner)).body;
    expect(half.status).toBe("proposed");
    expect((await act(half, "agree", tokens.exec)).body.status).toBe("open");
  });

  it("S-16 ask both sides again when they change, and what was agreed stays until then", async () => {
    const goal = await opened();
    const [first, second] = goal.agreed?.milestones ?? [];
    const done = (await move(goal, 1, tokens.owner, "2027-01-05")).body;
    const other = terms({
      title: "Thirty certified people",
      milestones: [{ ...first, title: "Fifteen are certified" }, second],
    });
    const again = (await act(done, "proposals", tokens.user, other)).body;
    expect(again).toMatchObject({
      status: "open",
      agreed: { title: "Twenty certified people" },
      proposal: { vendor: null, partner: null, terms: { title: "Thirty certified people" } },
    });
    const half = (await act(again, "agree", tokens.other)).body;
    const both = (await act(half, "agree", tokens.exec)).body;
    expect(both.agreed.title).toBe("Thirty certified people");
    expect(both.agreed.milestones[0].milestoneId).toBe(first?.milestoneId);
    // What was done stays done: weight 1 of 4.
    expect((await shownOf(both)).progress).toMatchObject({
      donePercent: 25,
      done: 1,
      milestones: 2,
    });

    const third = (await act(both, "proposals", tokens.owner, other)).body;
    const declined = await act(third, "decline", tokens.exec, { reason: "It is right as it is" });
    expect(declined.body).toMatchObject({ status: "open", proposal: null });
  });

  it("are dropped where the first proposal is declined", async () => {
    const declined = await act(await proposed(), "decline", tokens.user, {
      reason: "Not this year",
    });
    expect(declined.body).toMatchObject({
      status: "dropped",
      closed: { reason: "Not this year", by: { kind: "partner-user" } },
    });
    expect(codeOf(await act(declined.body, "agree", tokens.exec))).toEqual([
      409,
      "goal-nothing-proposed",
    ]);
  });

  it("show their progress by weight, and what is overdue on the tenant's day", async () => {
    const goal = await opened();
    expect((await shownOf(goal)).progress).toMatchObject({
      donePercent: 0,
      isOverdue: false,
      overdue: [goal.agreed?.milestones[1]?.milestoneId],
    });
    const moved = await move(goal, 0, tokens.user, "2027-01-12");
    expect((await shownOf(goal)).progress).toMatchObject({ donePercent: 75, done: 1 });
    expect((await move(moved.body, 0, tokens.exec, null)).status).toBe(200);
    expect((await shownOf(goal)).progress.donePercent).toBe(0);
  });

  it("let each side's owner and managers move that side's milestones, and nobody else", async () => {
    const goal = await opened();
    for (const token of [tokens.other, tokens.viewer, tokens.colleague]) {
      expect(codeOf(await move(goal, 1, token, "2027-01-05"))).toEqual([403, "goal-of-others"]);
    }
    // The other side's milestone.
    expect(codeOf(await move(goal, 0, tokens.owner, "2027-01-05"))).toEqual([
      403,
      "goal-of-others",
    ]);
    expect(codeOf(await move(goal, 0, tokens.user, "2027-03-01"))).toEqual([422, "goal-invalid"]);
    expect((await move(goal, 1, tokens.programs, "2027-01-05")).status).toBe(200);
    expect(codeOf(await move(goal, 1, tokens.programs, "2027-01-05"))).toEqual([
      412,
      "version-stale",
    ]);
    const waiting = await proposed();
    const at = `${path()}/${waiting.goalId}/milestones/${waiting.proposal?.terms.milestones[0]?.milestoneId}`;
    const early = await send("PUT", at, tokens.user, {
      body: { doneOn: "2027-01-05" },
      version: 1,
    });
    expect(codeOf(early)).toEqual([409, "goal-not-open"]);
  });

  it("take notes from their owners, with where the measure stands", async () => {
    const goal = await opened();
    const first = (await act(goal, "notes", tokens.user, { text: "Four have passed", value: 4 }))
      .body;
    expect(first.value).toBe(4);
    const second = (await act(first, "notes", tokens.owner, { text: "Two more are booked" })).body;
    expect(second.value).toBe(4);
    const { body } = await send("GET", `${path()}/${goal.goalId}/notes`, tokens.viewer);
    expect(body.items).toMatchObject([
      { side: "vendor", text: "Two more are booked", value: null },
      { side: "partner", text: "Four have passed", value: 4 },
    ]);
    const { store } = api.store.asSystem(ACME);
    const told = await store.goals.toldBy([{ object: { id: goal.goalId, version: 3 } }]);
    expect(told).toMatchObject({ goals: [{ goalId: goal.goalId }], notes: [{ value: 4 }] });
  });

  it("end achieved when all is done, missed when time is over, dropped with a reason", async () => {
    const goal = await opened();
    const close = (at: ShownGoal, body: unknown, token = tokens.owner) =>
      act(at, "close", token, body);
    expect(codeOf(await close(goal, { outcome: "achieved" }))).toEqual([
      409,
      "goal-milestones-open",
    ]);
    expect(codeOf(await close(goal, { outcome: "missed", reason: "Late" }))).toEqual([
      409,
      "goal-not-overdue",
    ]);
    expect((await close(goal, { outcome: "dropped" })).status).toBe(400);
    expect(codeOf(await close(goal, { outcome: "dropped", reason: "x" }, tokens.other))).toEqual([
      403,
      "goal-of-others",
    ]);
    const one = (await move(goal, 0, tokens.user, "2027-01-05")).body;
    const both = (await move({ ...goal, version: one.version }, 1, tokens.owner, "2027-01-05"))
      .body;
    const achieved = (await close(both, { outcome: "achieved" }, tokens.exec)).body;
    expect(achieved).toMatchObject({ status: "achieved", closed: { reason: null } });
    expect(codeOf(await close(achieved, { outcome: "achieved" }))).toEqual([409, "goal-not-open"]);
    const late = await opened({ startOn: "2026-01-01", dueOn: "2026-12-31", milestones: [] });
    expect((await shownOf(late)).progress).toMatchObject({ isOverdue: true, donePercent: null });
    const missed = await close(late, { outcome: "missed", reason: "The line came late" });
    expect(missed.body.status).toBe("missed");
  });

  it("are listed by status and last day, page by page", async () => {
    const of = async (query: string) =>
      (await send("GET", `${path()}?${query}`, tokens.viewer)).body;
    const missed = await of("status=missed");
    expect(missed.items.map(({ status }: ShownGoal) => status)).toEqual(["missed"]);
    const all = await of("limit=100");
    const rank = ["open", "proposed", "achieved", "missed", "dropped"];
    const keys = all.items.map(({ status, agreed, proposal }: ShownGoal) =>
      [rank.indexOf(status), (agreed ?? proposal?.terms)?.dueOn].join(" "),
    );
    expect(keys).toEqual(keys.toSorted());
    const page = await of("limit=2");
    const next = await of(`limit=100&cursor=${page.nextCursor}`);
    expect([...page.items, ...next.items]).toEqual(all.items);
  });

  it.each<[string, Record<string, unknown>, number, string]>([
    ["an end before the beginning", { dueOn: "2026-12-01", milestones: [] }, 422, "/dueOn"],
    ["a milestone after the end", { dueOn: "2027-03-31" }, 422, "/milestones/0/dueOn"],
    [
      "an objective that is none",
      { objective: { programId: "pgm_0000000000000000000000000Z", objectiveId: "x" } },
      422,
      "/objective",
    ],
    ["a title of nothing", { title: " " }, 400, "/title"],
    [
      "a milestone of another goal",
      {
        milestones: [
          {
            milestoneId: "gms_0000000000000000000000000Z",
            title: "x",
            dueOn: "2027-02-01",
            side: "vendor",
          },
        ],
      },
      422,
      "/milestones/0/milestoneId",
    ],
  ])("refuse %s", async (_, changes, status, pointer) => {
    const refused = await send("POST", path(), tokens.owner, { body: terms(changes) });
    expect(refused.status).toBe(status);
    expect(refused.body.errors[0].pointer).toBe(pointer);
  });

  it("serve an objective of a published program, and have owners on both sides", async () => {
    const { program } = north;
    const [objective] = program.definition.objectives;
    const serving = { programId: program.programId, objectiveId: objective?.objectiveId };
    const goal = await proposed(tokens.owner, { objective: serving });
    expect(goal.proposal?.terms.objective).toEqual(serving);
    const strange = { ...owners, partner: south.partnerUsers.user.partnerUserId };
    const refused = await send("POST", path(), tokens.owner, { body: terms({ owners: strange }) });
    expect(codeOf(refused)).toEqual([422, "goal-owner-unknown"]);
  });

  it("are made once for one Idempotency-Key", async () => {
    const first = await send("POST", path(), tokens.owner, { body: terms(), key: "goal-1" });
    const again = await send("POST", path(), tokens.owner, { body: terms(), key: "goal-1" });
    expect(first.status).toBe(201);
    expect([again.status, again.body.goalId]).toEqual([201, first.body.goalId]);
  });

  it("go to another owner with what somebody hands over, on either side", async () => {
    const goal = await opened();
    const admin = (await api.member(ACME, "admin")).token;
    const heir = await api.member(ACME, "partner-manager");
    const next = await api.partnerUser(ACME, north.partner.partnerId, "partner-user");
    const members = `/members/${owners.vendor}`;
    const users = `/partners/${north.partner.partnerId}/users/${owners.partner}`;
    const before = (await send("GET", `${members}/duties`, admin)).body;
    expect(before.counts.goal).toBeGreaterThan(0);
    const given = await send("POST", `${members}/handover`, admin, {
      body: { to: heir.member.memberId },
    });
    expect(given.body.moved.goal).toBe(before.counts.goal);
    const theirs = await send("POST", `${users}/handover`, admin, {
      body: { to: next.partnerUser.partnerUserId },
    });
    expect(theirs.body.moved.goal).toBe(before.counts.goal);
    const after = await shownOf(goal);
    expect(after.agreed?.owners).toEqual({
      vendor: heir.member.memberId,
      partner: next.partnerUser.partnerUserId,
    });
    // The new owner moves the milestone, the one before no longer does.
    expect(codeOf(await move(after, 1, tokens.owner, "2027-01-05"))).toEqual([
      403,
      "goal-of-others",
    ]);
    expect((await move(after, 1, heir.token, "2027-01-05")).status).toBe(200);
  });

  it("are nobody's of another partner or tenant, and answer like missing ones", async () => {
    const goal = await opened();
    for (const token of [tokens.stranger, tokens.globex]) {
      expect(codeOf(await send("GET", `${path()}/${goal.goalId}`, token))).toEqual([
        404,
        "goal-not-found",
      ]);
      expect(codeOf(await act(goal, "agree", token))).toEqual([404, "goal-not-found"]);
      expect((await send("GET", path(), token)).status).toBe(404);
      expect((await send("POST", path(), token, { body: terms() })).status).toBe(404);
    }
    const elsewhere = `/partners/${south.partner.partnerId}/goals/${goal.goalId}`;
    expect(codeOf(await send("GET", elsewhere, tokens.owner))).toEqual([404, "goal-not-found"]);
    expect(codeOf(await send("POST", path(), tokens.viewer, { body: terms() }))).toEqual([
      403,
      "permission-denied",
    ]);
  });
});
