import type { Roster } from "@concord/core/assignment";
import type { DevelopmentPlan } from "@concord/core/development-plan";
import type { Duties, HandoverReport } from "@concord/core/handover";
import { updatePartner } from "@concord/core/partner";
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

type Person = Awaited<ReturnType<TestApi["member"]>>;
type PartnerPerson = Awaited<ReturnType<TestApi["partnerUser"]>>;

const memberOf = ({ member }: Person) => ({ kind: "member", memberId: member.memberId });
const userOf = ({ partnerUser }: PartnerPerson) => ({
  kind: "partner-user",
  partnerUserId: partnerUser.partnerUserId,
});

let api: TestApi;
let admin: string;
let globex: string;
beforeAll(async () => {
  api = await testApi();
  admin = (await api.member(ACME, "admin")).token;
  globex = (await api.member(GLOBEX, "owner", "admin")).token;
});

let partnerships = 0;
/** A partnership of its own, so that no test meets the duties of another one. */
const partnership = (tenantId = ACME): Promise<TestPartnership> => {
  partnerships += 1;
  return testPartnership(api.store, tenantId, { name: `Partner ${partnerships}` });
};

const send = async (
  path: string,
  token: string,
  more: { body?: unknown; version?: number; key?: string } = {},
) => {
  const response = await api.request(`/v1${path}`, { method: "POST", token, ...more });
  return { response, ...(await answerOf(response)) };
};
const read = async <T>(path: string, token: string): Promise<T> =>
  (await (await api.request(`/v1${path}`, { token })).json()) as T;
const assign = (path: string, duty: string, holder: unknown, token = admin, key?: string) =>
  send(`${path}/assignments`, token, { body: { duty, holder }, ...(key ? { key } : {}) });
const assigned = async (path: string, duty: string, holder: unknown): Promise<Roster> => {
  const { status, body } = await assign(path, duty, holder);
  expect(status).toBe(201);
  return body as Roster;
};

describe("S-10 assigning a duty", () => {
  it("S-10 shows who has it and since when, ends with its ETag, and stays among the past ones", async () => {
    const { partner, program } = await partnership();
    for (const path of [`/partners/${partner.partnerId}`, `/programs/${program.programId}`]) {
      expect(await read(`${path}/assignments`, admin)).toMatchObject({ current: [], version: 0 });
      const steward = await api.member(ACME, "viewer");
      const made = await assign(path, "data-collector", memberOf(steward));
      expect([made.status, made.response.headers.get("ETag")]).toEqual([201, '"1"']);
      const [assignment] = (made.body as Roster).current;
      expect(assignment).toMatchObject({
        duty: "data-collector",
        holder: memberOf(steward),
        since: expect.stringMatching(/^20/),
      });
      expect(await read(`${path}/assignments`, steward.token)).toEqual(made.body);
      const end = `${path}/assignments/${assignment?.assignmentId}/end`;
      expect((await send(end, admin)).status).toBe(428);
      expect(codeOf(await send(end, admin, { version: 7 }))).toEqual([412, "version-stale"]);
      const ended = await send(end, admin, { version: 1 });
      expect([ended.status, ended.body]).toMatchObject([200, { current: [], version: 2 }]);
      expect(codeOf(await send(end, admin, { version: 2 }))).toEqual([404, "assignment-not-found"]);
      const past = await read<{ items: unknown[] }>(`${path}/past-assignments`, admin);
      expect(past.items).toEqual([
        expect.objectContaining({ ...assignment, until: expect.stringMatching(/^20/) }),
      ]);
    }
  });

  it("S-10 is one assignment however often the request is repeated under its Idempotency-Key", async () => {
    const { partner } = await partnership();
    const path = `/partners/${partner.partnerId}`;
    const holder = memberOf(await api.member(ACME, "viewer"));
    const first = await assign(path, "moderator", holder, admin, "assign-once");
    const repeat = await assign(path, "moderator", holder, admin, "assign-once");
    expect([repeat.status, repeat.body]).toEqual([201, first.body]);
    expect(repeat.response.headers.get("Idempotency-Replayed")).toBe("true");
    expect((await read<Roster>(`${path}/assignments`, admin)).current).toHaveLength(1);
  });

  it("S-10 is refused for strangers, people of the wrong side, twice, and beyond what is possible", async () => {
    const { partner, program } = await partnership();
    const other = await partnership();
    const foreign = await partnership(GLOBEX);
    const [path, inProgram] = [`/partners/${partner.partnerId}`, `/programs/${program.programId}`];
    const viewer = await api.member(ACME, "viewer");
    const user = await api.partnerUser(ACME, partner.partnerId, "partner-user");
    const elsewhere = await api.partnerUser(ACME, other.partner.partnerId, "partner-user");
    const stranger = await api.member(GLOBEX, "viewer");
    const former = await api.member(ACME, "viewer");
    const ended = await send(`/members/${former.member.memberId}/end`, admin, { version: 1 });
    expect(ended.status).toBe(200);
    for (const holder of [memberOf(stranger), memberOf(former), userOf(elsewhere)]) {
      expect(codeOf(await assign(path, "data-collector", holder))).toEqual([
        422,
        "assignment-holder-unknown",
      ]);
    }
    expect(codeOf(await assign(path, "moderator", userOf(user)))).toEqual([
      422,
      "assignment-wrong-side",
    ]);
    expect(codeOf(await assign(inProgram, "data-collector", userOf(user)))).toEqual([
      422,
      "assignment-wrong-side",
    ]);
    await assigned(path, "moderator", memberOf(viewer));
    expect(codeOf(await assign(path, "moderator", memberOf(viewer)))).toEqual([
      409,
      "assignment-exists",
    ]);
    for (const wrong of [
      { duty: "owner", holder: memberOf(viewer) },
      { duty: "moderator", holder: { kind: "member" } },
      { duty: "moderator", holder: { ...memberOf(viewer), partnerUserId: "x" } },
      { duty: "moderator" },
    ]) {
      expect((await send(`${path}/assignments`, admin, { body: wrong })).status).toBe(400);
    }
    const theirs = `/partners/${foreign.partner.partnerId}`;
    expect(codeOf(await assign(theirs, "moderator", memberOf(viewer)))).toEqual([
      404,
      "partner-not-found",
    ]);
    const theirProgram = `/programs/${foreign.program.programId}`;
    expect(codeOf(await assign(theirProgram, "moderator", memberOf(viewer)))).toEqual([
      404,
      "program-not-found",
    ]);
    expect(codeOf(await assign(path, "moderator", memberOf(stranger), globex))).toEqual([
      404,
      "partner-not-found",
    ]);
  });

  it("S-10 is done by who may do what the duty gives, never for oneself, and by a partner's executive for signatories of their own", async () => {
    const { partner } = await partnership();
    const path = `/partners/${partner.partnerId}`;
    const manager = await api.member(ACME, "partner-manager");
    const steward = await api.member(ACME, "data-steward");
    const viewer = await api.member(ACME, "viewer");
    const exec = await api.partnerUser(ACME, partner.partnerId, "partner-exec");
    const user = await api.partnerUser(ACME, partner.partnerId, "partner-user");
    const refusal = [403, "assignment-not-grantable"];
    const give = (token: string, duty: string, holder: unknown) =>
      assign(path, duty, holder, token);
    expect((await give(viewer.token, "moderator", memberOf(manager))).status).toBe(403);
    expect(codeOf(await give(manager.token, "data-collector", memberOf(viewer)))).toEqual(refusal);
    expect(codeOf(await give(steward.token, "moderator", memberOf(viewer)))).toEqual(refusal);
    expect(codeOf(await give(steward.token, "plan-signatory", userOf(user)))).toEqual(refusal);
    expect(codeOf(await give(exec.token, "plan-signatory", memberOf(viewer)))).toEqual(refusal);
    expect(codeOf(await give(exec.token, "data-collector", userOf(user)))).toEqual(refusal);
    expect(codeOf(await give(manager.token, "moderator", memberOf(manager)))).toEqual([
      403,
      "member-is-yourself",
    ]);
    expect((await give(manager.token, "moderator", memberOf(viewer))).status).toBe(201);
    expect((await give(steward.token, "data-collector", memberOf(viewer))).status).toBe(201);
    expect((await give(exec.token, "plan-signatory", userOf(user))).status).toBe(201);
    const shown = await read<Roster>(`${path}/assignments`, user.token);
    expect(shown.current.map(({ duty }) => duty)).toEqual([
      "moderator",
      "data-collector",
      "plan-signatory",
    ]);
    const [moderator] = shown.current;
    const end = `${path}/assignments/${moderator?.assignmentId}/end`;
    expect(codeOf(await send(end, steward.token, { version: 3 }))).toEqual(refusal);
  });

  it("S-10 goes to as many people as the program says", async () => {
    const { program } = await partnership();
    const path = `/programs/${program.programId}`;
    const { draft, version } = await read<{
      draft: { decisionRights: object };
      version: number;
    }>(path, admin);
    const mostAssigned = { "data-collector": 10, moderator: 1, "plan-signatory": 10 };
    const patched = await api.request(`/v1${path}/draft`, {
      method: "PATCH",
      token: admin,
      version,
      body: { decisionRights: { ...draft.decisionRights, mostAssigned } },
    });
    expect(patched.status).toBe(200);
    const people = await Promise.all([api.member(ACME, "viewer"), api.member(ACME, "viewer")]);
    await assigned(path, "moderator", memberOf(people[0]));
    expect(codeOf(await assign(path, "moderator", memberOf(people[1])))).toEqual([
      409,
      "assignments-full",
    ]);
  });

  it("S-10 ends with the membership, whose row shows it, in the same write", async () => {
    const { partner, program } = await partnership();
    const path = `/partners/${partner.partnerId}`;
    const leaver = await api.member(ACME, "viewer");
    await assigned(path, "moderator", memberOf(leaver));
    await assigned(`/programs/${program.programId}`, "data-collector", memberOf(leaver));
    const member = `/members/${leaver.member.memberId}`;
    expect(await read(member, admin)).toMatchObject({
      version: 3,
      duties: [
        { duty: "moderator", partnerId: partner.partnerId, programId: null },
        { duty: "data-collector", partnerId: null, programId: program.programId },
      ],
    });
    const ended = await send(`${member}/end`, admin, { version: 3 });
    expect([ended.status, ended.body]).toMatchObject([200, { status: "ended", duties: [] }]);
    expect(await read(`${path}/assignments`, admin)).toMatchObject({ current: [], version: 2 });
    const past = await read<{ items: unknown[] }>(`${path}/past-assignments`, admin);
    expect(past.items).toHaveLength(1);
  });
});

describe("S-10 a moderator", () => {
  it("S-10 alone leads the session where one is assigned; owners and admins may too, until it ends at once", async () => {
    const { partner, review } = await partnership();
    const path = `/partners/${partner.partnerId}`;
    const session = `/review-cycles/${review.cycleId}/reviews/${partner.partnerId}/session`;
    const manager = await api.member(ACME, "partner-manager");
    const viewer = await api.member(ACME, "viewer");
    const stranger = await api.member(ACME, "viewer");
    const body = { heldOn: "2027-01-20" };
    expect((await send(session, viewer.token, { body })).status).toBe(403);
    const roster = await assigned(path, "moderator", memberOf(viewer));
    expect(codeOf(await send(session, manager.token, { body }))).toEqual([403, "duty-of-others"]);
    expect((await send(session, stranger.token, { body })).status).toBe(403);
    expect((await send(session, viewer.token, { body })).status).toBe(201);
    const item = { section: "partner", title: "Wins" };
    const agenda = `${session}/agenda`;
    expect(codeOf(await send(agenda, manager.token, { body: item, version: 1 }))).toEqual([
      403,
      "duty-of-others",
    ]);
    expect((await send(agenda, viewer.token, { body: item, version: 1 })).status).toBe(200);
    expect((await send(agenda, admin, { body: item, version: 2 })).status).toBe(200);
    // Who has the duty is known from what every request reads: no request more than without assignments.
    await send(agenda, viewer.token, { body: item, version: 3 });
    expect(api.log.at(-1)).toMatchObject({ status: 200, requests: 5 });
    const end = `${path}/assignments/${roster.current[0]?.assignmentId}/end`;
    expect((await send(end, admin, { version: 1 })).status).toBe(200);
    expect((await send(agenda, viewer.token, { body: item, version: 4 })).status).toBe(403);
    expect((await send(agenda, manager.token, { body: item, version: 4 })).status).toBe(200);
  });

  it("S-10 of a program leads the sessions of its reviews and of no others", async () => {
    const [own, other] = [await partnership(), await partnership()];
    const viewer = await api.member(ACME, "viewer");
    await assigned(`/programs/${own.program.programId}`, "moderator", memberOf(viewer));
    const body = { heldOn: "2027-01-20" };
    const at = ({ review, partner }: TestPartnership) =>
      send(`/review-cycles/${review.cycleId}/reviews/${partner.partnerId}/session`, viewer.token, {
        body,
      });
    expect((await at(other)).status).toBe(403);
    expect((await at(own)).status).toBe(201);
  });
});

describe("S-10 a data collector", () => {
  it("S-10 announces files and answers reports for the partner alone", async () => {
    const [own, other] = [await partnership(), await partnership()];
    const { partnerId } = own.partner;
    const path = `/partners/${partnerId}`;
    const collector = await api.member(ACME, "viewer");
    const exec = await api.partnerUser(ACME, partnerId, "partner-exec");
    const source = await send("/sources", admin, {
      body: { name: `CRM ${partnerId}`, currency: "USD" },
    });
    const file = { sourceId: source.body.sourceId, fileName: "own.csv" };
    const report = await send(`${path}/fact-reports`, exec.token, {
      body: { kind: "missing", text: "A deal is missing" },
    });
    const resolve = `${path}/fact-reports/${report.body.factReportId}/resolve`;
    const answer = { body: { outcome: "declined", answer: "It was lost" }, version: 1 };
    const announce = (token: string, body: object) => send("/imports", token, { body });
    expect((await announce(collector.token, { ...file, partnerId })).status).toBe(403);
    expect((await send(resolve, collector.token, answer)).status).toBe(403);
    await assigned(path, "data-collector", memberOf(collector));
    expect((await announce(collector.token, file)).status).toBe(403);
    const { partnerId: otherId } = other.partner;
    expect((await announce(collector.token, { ...file, partnerId: otherId })).status).toBe(403);
    const job = await announce(collector.token, { ...file, partnerId });
    expect([job.status, job.body.import]).toMatchObject([201, { partnerId }]);
    expect((await send(resolve, collector.token, answer)).status).toBe(200);
  });

  it("S-10 of the partner's side sees its own imports, nothing of the source, and answers no report", async () => {
    const own = await partnership();
    const { partnerId } = own.partner;
    const path = `/partners/${partnerId}`;
    const user = await api.partnerUser(ACME, partnerId, "partner-user");
    const exec = await api.partnerUser(ACME, partnerId, "partner-exec");
    await assigned(path, "data-collector", userOf(user));
    const source = await send("/sources", admin, {
      body: { name: `CRM ${partnerId}`, currency: "USD" },
    });
    const file = { sourceId: source.body.sourceId, fileName: "own.csv" };
    const job = await send("/imports", user.token, { body: { ...file, partnerId } });
    expect(job.status).toBe(201);
    const all = await send("/imports", admin, { body: file });
    const { importId } = job.body.import;
    expect((await api.request(`/v1/imports/${importId}`, { token: user.token })).status).toBe(200);
    expect((await api.request(`/v1/imports/${importId}`, { token: exec.token })).status).toBe(403);
    const foreign = `/v1/imports/${all.body.import.importId}`;
    expect((await api.request(foreign, { token: user.token })).status).toBe(403);
    expect((await api.request("/v1/imports", { token: user.token })).status).toBe(403);
    const report = await send(`${path}/fact-reports`, exec.token, {
      body: { kind: "missing", text: "A deal is missing" },
    });
    const resolve = `${path}/fact-reports/${report.body.factReportId}/resolve`;
    const answer = { body: { outcome: "accepted", answer: "Yes" }, version: 1 };
    expect((await send(resolve, user.token, answer)).status).toBe(403);
  });
});

describe("S-10 a plan signatory", () => {
  const planOf = ({ review }: TestPartnership) => ({
    cycleId: review.cycleId,
    title: "Win more of what we pursue",
    summary: "Coaching, then joint calls.",
    budget: { amount: "500.00", currency: "USD" },
    activities: [
      {
        title: "Workshop",
        type: "workshop",
        metricId: "win-rate",
        target: "75",
        milestones: [{ title: "Held", dueOn: "2027-02-15" }],
      },
    ],
  });

  async function scene() {
    const own = await partnership();
    const { partnerId } = own.partner;
    const manager = await api.member(ACME, "partner-manager");
    await updatePartner(api.store.asMember(ACME, "admin"), {
      partnerId,
      ifVersion: 1,
      changes: { partnerManagerId: manager.member.memberId },
    });
    const exec = await api.partnerUser(ACME, partnerId, "partner-exec");
    const draft = async (): Promise<string> => {
      const made = await send(`/partners/${partnerId}/development-plans`, exec.token, {
        body: planOf(own),
      });
      expect(made.status).toBe(201);
      return `/development-plans/${made.body.planId}`;
    };
    return { own, path: `/partners/${partnerId}`, manager, exec, draft };
  }
  const stepOf = (plan: unknown) => (plan as DevelopmentPlan).approval?.steps[0];

  it("S-10 of the tenant decides instead of the named manager, and keeps the duty while a plan waits", async () => {
    const { path, manager, exec, draft } = await scene();
    const signatory = await api.member(ACME, "viewer");
    const roster = await assigned(path, "plan-signatory", memberOf(signatory));
    const plan = await draft();
    await send(`${plan}/accept`, exec.token, { version: 1 });
    const submitted = await send(`${plan}/submit`, exec.token, { version: 2 });
    expect(stepOf(submitted.body)).toMatchObject({
      approverId: signatory.member.memberId,
      needsSignatory: true,
      substituteRole: null,
    });
    const approve = (token: string) => send(`${plan}/approve`, token, { body: {}, version: 3 });
    expect(codeOf(await approve(manager.token))).toEqual([409, "plan-not-your-turn"]);
    const end = `${path}/assignments/${roster.current[0]?.assignmentId}/end`;
    expect(codeOf(await send(end, admin, { version: 1 }))).toEqual([
      409,
      "assignment-step-waiting",
    ]);
    const approved = await approve(signatory.token);
    expect([approved.status, approved.body]).toMatchObject([200, { status: "approved" }]);
    expect((await send(end, admin, { version: 1 })).status).toBe(200);
  });

  it("S-10 hands duty and waiting decision over together, so that nothing is stuck", async () => {
    const { path, exec, draft } = await scene();
    const from = await api.member(ACME, "viewer");
    const to = await api.member(ACME, "viewer");
    await assigned(path, "plan-signatory", memberOf(from));
    const plan = await draft();
    await send(`${plan}/accept`, exec.token, { version: 1 });
    await send(`${plan}/submit`, exec.token, { version: 2 });
    const member = `/members/${from.member.memberId}`;
    const duties = await read<Duties>(`${member}/duties`, admin);
    expect(duties.counts).toMatchObject({ "plan-signatory": 1, "plan-approval": 1 });
    const moved = await send(`${member}/handover`, admin, { body: { to: to.member.memberId } });
    expect((moved.body as HandoverReport).moved).toMatchObject({
      "plan-signatory": 1,
      "plan-approval": 1,
    });
    const approve = (token: string) => send(`${plan}/approve`, token, { body: {}, version: 4 });
    expect((await approve(from.token)).status).toBe(409);
    expect((await approve(to.token)).body).toMatchObject({ status: "approved" });
    const shown = await read<Roster>(`${path}/assignments`, admin);
    expect(shown.current.map(({ holder }) => holder)).toEqual([memberOf(to)]);
  });

  it("S-10 of the partner accepts plans in its executive's place", async () => {
    const { path, exec, draft, own } = await scene();
    const user = await api.partnerUser(ACME, own.partner.partnerId, "partner-user");
    const plan = await draft();
    expect((await send(`${plan}/accept`, user.token, { version: 1 })).status).toBe(403);
    await assigned(path, "plan-signatory", userOf(user));
    expect(codeOf(await send(`${plan}/accept`, exec.token, { version: 1 }))).toEqual([
      403,
      "duty-of-others",
    ]);
    expect((await send(`${plan}/accept`, user.token, { version: 1 })).status).toBe(200);
  });

  it("S-10 who has written the plan is passed over for who stands in by the decision rights", async () => {
    const { path, exec, own } = await scene();
    const author = await api.member(ACME, "partner-manager");
    await assigned(path, "plan-signatory", memberOf(author));
    const made = await send(`${path}/development-plans`, author.token, { body: planOf(own) });
    const plan = `/development-plans/${made.body.planId}`;
    await send(`${plan}/accept`, exec.token, { version: 1 });
    const submitted = await send(`${plan}/submit`, author.token, { version: 2 });
    expect(stepOf(submitted.body)).toMatchObject({
      needsSignatory: true,
      substituteRole: "program-manager",
    });
  });
});
