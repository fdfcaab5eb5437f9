import { refusePlan, submitPlan } from "@concord/core/development-plan";
import { fileDispute } from "@concord/core/dispute";
import { eventOf } from "@concord/core/event";
import { type CycleId, ImportId, PlanId, type TenantId } from "@concord/core/id";
import type { RetentionKind } from "@concord/core/retention";
import {
  ACME,
  answerOf,
  GLOBEX,
  NOON,
  TEST_PASSWORD,
  type TestApi,
  type TestPartnership,
  testApi,
  testPartnership,
} from "@concord/local/testing";
import type { Item } from "@concord/storage";
import { recordAll } from "./world.fixture.ts";

/** One record of every kind that is over, each text in it with a word of its own. */
export interface Records {
  readonly partnership: TestPartnership;
  readonly cycleId: CycleId;
  readonly canaries: ReadonlyMap<RetentionKind, string>;
}

export interface RecordsWorld {
  readonly api: TestApi;
  readonly owner: string;
  /** Of two partners of one tenant, and of one of the other. */
  readonly first: Records;
  readonly second: Records;
  readonly foreign: Records;
}

export const RULES = {
  days: {
    ...{ contribution: 365, session: 365, dispute: 365, "fact-report": 365 },
    ...{ "action-item": 365, goal: 365, "development-plan": 365, import: 365 },
  },
} as const;

/** Kinds of which something of the canaries stands in these rows. */
export const leftIn = (
  { canaries }: Records,
  rows: readonly Item[],
  kinds: readonly RetentionKind[] = [...canaries.keys()],
): RetentionKind[] => {
  const text = JSON.stringify(rows);
  return kinds.filter((kind) => text.includes(canaries.get(kind) ?? ""));
};

export async function recordsWorld(): Promise<RecordsWorld> {
  const api = await testApi();
  const first = await recordsOf(api, ACME, "first");
  const second = await recordsOf(api, ACME, "second");
  const foreign = await recordsOf(api, GLOBEX, "foreign");
  const owner = await api.logIn("owner@acme.test", TEST_PASSWORD);
  await recordAll(api.store.table, await api.store.dump());
  return { api, owner, first, second, foreign };
}

async function recordsOf(api: TestApi, tenantId: TenantId, name: string): Promise<Records> {
  const partnership = await testPartnership(api.store, tenantId, { name });
  const { token } = await api.member(tenantId, "admin");
  const { partner, review, members } = partnership;
  const partnerUser = await api.partnerUser(tenantId, partner.partnerId, "partner-exec");
  const word = (kind: RetentionKind) => `${name}-${kind}-canary`;
  let requests = 0;
  const send = async (
    method: string,
    path: string,
    body: unknown,
    { version, as = token }: { version?: number; as?: string } = {},
  ): Promise<Record<string, unknown>> => {
    requests += 1;
    const key = method === "POST" ? `${name}-${requests}` : undefined;
    const options = { method, token: as, body, version, key };
    const response = await api.request(`/v1${path}`, options);
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return (await answerOf(response)).body as Record<string, unknown>;
  };

  const reviewPath = `/review-cycles/${review.cycleId}/reviews/${partner.partnerId}`;
  for (const kind of ["win", "lesson"]) {
    const text = `${kind} ${word("contribution")}`;
    await send("POST", `${reviewPath}/contributions`, { kind, text });
  }
  await send("POST", `${reviewPath}/session`, { heldOn: "2027-01-20" });
  const item = { section: "partner", title: word("session") };
  const session = await send("POST", `${reviewPath}/session/agenda`, item, { version: 1 });
  const { agendaItemId } = (session["agenda"] as { agendaItemId: string; title: string }[]).find(
    ({ title }) => title === word("session"),
  ) ?? { agendaItemId: "" };
  const notes = { notes: `What was said: ${word("session")}` };
  await send("PATCH", `${reviewPath}/session/agenda/${agendaItemId}`, notes, { version: 2 });

  const owner = { kind: "member", memberId: members.manager.memberId };
  const commitment = { text: `Do ${word("action-item")}`, owner, dueOn: "2027-05-01" };
  const made = await send("POST", `/partners/${partner.partnerId}/action-items`, commitment);
  const actionPath = `/action-items/${String(made["actionItemId"])}`;
  await send("PATCH", actionPath, { text: `Rather do ${word("action-item")}` }, { version: 1 });
  const reason = `Not needed: ${word("action-item")}`;
  await send("POST", `${actionPath}/cancel`, { reason }, { version: 2 });

  const report = { kind: "missing", text: `A deal is missing: ${word("fact-report")}` };
  const reported = await send("POST", `/partners/${partner.partnerId}/fact-reports`, report, {
    as: partnerUser.token,
  });
  const answer = { outcome: "declined", answer: `It is not: ${word("fact-report")}` };
  const reportPath = `/partners/${partner.partnerId}/fact-reports/${String(reported["factReportId"])}`;
  await send("POST", `${reportPath}/resolve`, answer, { version: 1 });

  await droppedGoal(partnership, send, partnerUser.token, word("goal"));
  await rejectedDispute(partnership, send, word("dispute"));
  await rejectedPlan(partnership, send, partnerUser.token, word("development-plan"));
  await endedImport(api, tenantId, partnership, send, word("import"));
  await closedCycle(api, tenantId, partnership);
  const kinds = Object.keys(RULES.days) as RetentionKind[];
  return {
    partnership,
    cycleId: review.cycleId,
    canaries: new Map(kinds.map((kind) => [kind, word(kind)])),
  };
}

type Send = (
  method: string,
  path: string,
  body: unknown,
  more?: { version?: number; as?: string },
) => Promise<Record<string, unknown>>;

async function droppedGoal(
  { partner, members, partnerUsers }: TestPartnership,
  send: Send,
  partnerToken: string,
  word: string,
): Promise<void> {
  const owners = {
    vendor: members.manager.memberId,
    partner: partnerUsers.exec.partnerUserId,
  };
  const milestone = { title: `Milestone ${word}`, dueOn: "2027-05-01", side: "vendor" };
  const goal = await send("POST", `/partners/${partner.partnerId}/goals`, {
    ...{ title: `Goal ${word}`, why: `Because ${word}`, owners, milestones: [milestone] },
    ...{ startOn: "2027-01-01", dueOn: "2027-12-31" },
  });
  const path = `/partners/${partner.partnerId}/goals/${String(goal["goalId"])}`;
  await send("POST", `${path}/agree`, undefined, { as: partnerToken, version: 1 });
  await send("POST", `${path}/notes`, { text: `It goes well: ${word}` }, { version: 2 });
  const closing = { outcome: "dropped", reason: `Not needed: ${word}` };
  await send("POST", `${path}/close`, closing, { version: 3 });
}

async function rejectedPlan(
  { partner, review, card, members, as }: TestPartnership,
  send: Send,
  partnerToken: string,
  word: string,
): Promise<void> {
  const milestone = { title: `Milestone ${word}`, dueOn: "2027-02-01" };
  const drafted = await send("POST", `/partners/${partner.partnerId}/development-plans`, {
    cycleId: review.cycleId,
    title: `Plan ${word}`,
    summary: `Summary ${word}`,
    budget: { amount: "100.00", currency: "USD" },
    activities: [
      {
        title: `Activity ${word}`,
        type: "workshop",
        metricId: card.metrics[0]?.metricId,
        target: "55",
        milestones: [milestone],
      },
    ],
  });
  const planId = PlanId.parse(drafted["planId"]);
  await send("POST", `/development-plans/${planId}/accept`, undefined, {
    as: partnerToken,
    version: 1,
  });
  await submitPlan(as(members.programManager), { planId, ifVersion: 2 });
  await refusePlan(as(members.manager), { planId, ifVersion: 3 }, "rejected", `No: ${word}`);
}

async function rejectedDispute(
  { card, partnerUsers, as }: TestPartnership,
  send: Send,
  word: string,
): Promise<void> {
  const { cycleId, partnerId } = card;
  const { disputeId } = await fileDispute(as(partnerUsers.user), card, {
    ...{ about: "score", metricId: "win-rate", scorecardRevision: 1, reason: `Not ours: ${word}` },
    evidence: { text: `See the order ${word}`, links: [], opportunityIds: [] },
  });
  const path = `/review-cycles/${cycleId}/scorecards/${partnerId}/disputes/${disputeId}/decide`;
  const decision = { outcome: "rejected", answer: `It stands: ${word}` };
  await send("POST", path, decision, { version: 1 });
}

async function endedImport(
  api: TestApi,
  tenantId: TenantId,
  { partner }: TestPartnership,
  send: Send,
  word: string,
): Promise<void> {
  const source = await send("POST", "/sources", { name: `Of ${partner.name}`, currency: "USD" });
  const job = await send("POST", "/imports", {
    sourceId: source["sourceId"],
    partnerId: partner.partnerId,
    fileName: `${word}.csv`,
  });
  const importId = ImportId.parse(Object(job["import"])["importId"]);
  const { imports } = api.store.openTenant(tenantId);
  const stored = await imports.get(importId);
  if (!stored) throw new Error("the import was made");
  await imports.putRowErrors(importId, [
    { row: 4, column: "amount", code: "amount-invalid", detail: `refused ${word}` },
  ]);
  const by = { kind: "system", name: "queue" } as const;
  const { progress } = stored;
  await imports.save(
    { ...stored, status: "completed", finishedAt: NOON.toISOString(), version: 2 },
    eventOf("import.ended", by, NOON, { status: "completed" as const, progress }),
  );
}

async function closedCycle(
  api: TestApi,
  tenantId: TenantId,
  { program, review }: TestPartnership,
): Promise<void> {
  const at = NOON.toISOString();
  const { cycleId, period, freezesAt, closesAt } = review;
  const by = { kind: "system", name: "schedule" } as const;
  await api.store.openTenant(tenantId).cycles.save(
    {
      ...{ cycleId, programId: program.programId, programVersion: program.version, period },
      ...{ span: { from: "2026-10-01", to: "2026-12-31" }, currency: "USD" },
      ...{ timeZone: "America/Chicago", status: "closed", opensAt: at, openedAt: at },
      ...{ freezesAt, closesAt, partnerCount: 1, chunkCount: 0, kickedOffAt: at },
      ...{ freezeStartedAt: at, frozenAt: at, closedAt: at, reviewsClosedAt: at, version: 1 },
    },
    eventOf("cycle.opened", by, NOON, {}),
  );
}
