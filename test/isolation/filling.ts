import { ImportId, type PartnerId, SourceId, type TenantId } from "@concord/core/id";
import { answerOf, type TestApi, type TestPartnership } from "@concord/local/testing";

type Body = Record<string, unknown>;
interface Sending {
  readonly token?: string;
  readonly version?: number;
}

/** One partner that is being filled with what people do, each text of it with the partner's canary. */
export interface Filling {
  readonly partnerId: PartnerId;
  readonly partnership: TestPartnership;
  readonly adminId: string;
  /** Stands in every text of this partner and nowhere else. */
  readonly canary: string;
  readonly partnerToken: string;
  readonly text: (what: string) => string;
  readonly send: (method: string, path: string, body: unknown, more?: Sending) => Promise<Body>;
  readonly post: (path: string, body: unknown, more?: Sending) => Promise<Body>;
}

/** Sends as the admin unless a token says otherwise. @throws Error where an answer is no success */
export function sendingAs(adminToken: string, api: TestApi): Pick<Filling, "send" | "post"> {
  const send: Filling["send"] = async (
    method,
    path,
    body,
    { token = adminToken, version } = {},
  ) => {
    const response = await api.request(`/v1${path}`, { method, token, body, version });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return (await answerOf(response)).body as Body;
  };
  return { send, post: (path, body, more) => send("POST", path, body, more) };
}

const DUE_ON = "2027-05-01";
const cycleOf = ({ partnership: { review } }: Filling): string =>
  `/review-cycles/${review.cycleId}`;
const reviewOf = (filling: Filling): string => `${cycleOf(filling)}/reviews/${filling.partnerId}`;
const disputesOf = (filling: Filling): string =>
  `${cycleOf(filling)}/scorecards/${filling.partnerId}/disputes`;

/** Invitations, a moderator to be, and duties at the partner and in its program. */
export async function fillPeople(filling: Filling): Promise<void> {
  const { canary, partnerId, partnership, post } = filling;
  const { manager, steward } = partnership.members;
  const email = `${canary}@people.example`;
  await post(`/partners/${partnerId}/invitations`, { email, roles: ["partner-user"] });
  await post("/invitations", { email, roles: ["viewer"] });
  await post(`/members/${manager.memberId}/moderator-proposal`, undefined);

  const duty = (name: string, holder: unknown) => ({ duty: name, holder });
  const collector = { kind: "member", memberId: steward.memberId };
  for (const scope of [`/partners/${partnerId}`, `/programs/${partnership.program.programId}`]) {
    const roster = await post(`${scope}/assignments`, duty("data-collector", collector));
    const [{ assignmentId }] = roster["current"] as [{ assignmentId: string }];
    await post(`${scope}/assignments/${assignmentId}/end`, undefined, { version: 1 });
    const leads = { kind: "member", memberId: manager.memberId };
    await post(`${scope}/assignments`, duty("moderator", leads));
  }
}

/** An action item, a contribution, the session with its agenda. @returns the session */
export async function fillReview(filling: Filling): Promise<Body> {
  const { adminId, partnerId, post, text } = filling;
  const owner = { kind: "member", memberId: adminId };
  const actionItem = { text: text("act"), owner, dueOn: DUE_ON };
  await post(`/partners/${partnerId}/action-items`, actionItem);
  const reviewPath = reviewOf(filling);
  await post(`${reviewPath}/contributions`, { kind: "win", text: text("win") });
  await post(`${reviewPath}/session`, { heldOn: "2027-01-20" });
  const item = { section: "partner", title: text("agenda") };
  return post(`${reviewPath}/session/agenda`, item, { version: 1 });
}

/** A plan that the partner accepted and that waits for its first approval. */
export async function fillPlan({
  partnerId,
  partnership: { card, review },
  partnerToken,
  post,
  text,
}: Filling): Promise<void> {
  const [metric] = card.metrics;
  const plan = {
    cycleId: review.cycleId,
    title: text("plan"),
    summary: text("summary"),
    budget: { amount: "5000.00", currency: "USD" },
    activities: [
      {
        title: text("activity"),
        type: "workshop",
        metricId: metric?.metricId,
        target: "55",
        milestones: [{ title: text("milestone"), dueOn: DUE_ON }],
      },
    ],
  };
  const drafted = await post(`/partners/${partnerId}/development-plans`, plan);
  const planPath = `/development-plans/${String(drafted["planId"])}`;
  await post(`${planPath}/accept`, undefined, { token: partnerToken, version: 1 });
  await post(`${planPath}/submit`, undefined, { version: 2 });
}

/** Targets proposed, a report of missing facts, and a dispute of the frozen card. */
export async function fillObjections(filling: Filling): Promise<void> {
  const { partnerId, partnership, partnerToken, post, text } = filling;
  const { card, program } = partnership;
  const [metric] = card.metrics;
  const goals = { targets: [{ metricId: metric?.metricId, target: 99_999, floor: 1 }] };
  const goalsPath = `/partners/${partnerId}/targets/${program.programId}/2027-Q4/proposals`;
  await post(goalsPath, goals, { version: 0 });

  const report = { kind: "missing", text: text("report") };
  await post(`/partners/${partnerId}/fact-reports`, report, { token: partnerToken });

  const filed = {
    about: "score",
    metricId: metric?.metricId,
    scorecardRevision: card.revision,
    reason: text("dispute"),
    evidence: { text: text("evidence") },
  };
  await post(disputesOf(filling), filed, { token: partnerToken });
}

/** A source with prices and aliases, an import of it, another program, a key. */
export async function fillSource({
  post,
  send,
  text,
}: Filling): Promise<{ readonly sourceId: SourceId; readonly importId: ImportId }> {
  const source = await post("/sources", { name: text("source"), currency: "USD" });
  const sourceId = SourceId.parse(source["sourceId"]);
  const prices = [{ product: text("product"), listPrice: "4821.00" }];
  await send("PUT", `/sources/${sourceId}/price-list`, { prices }, { version: 1 });
  const alias = { kind: "product", text: text("alias"), product: text("product") };
  await post(`/sources/${sourceId}/aliases`, alias);
  const job = await post("/imports", { sourceId, fileName: `${text("file")}.csv` });
  const importId = ImportId.parse(Object(job["import"])["importId"]);
  const programs = { from: "reseller-template", name: text("program") };
  await post("/programs", programs);

  await post("/api-keys", { name: text("key"), scopes: ["partners:read"], lifetimeDays: 30 });
  return { sourceId, importId };
}

/** What follows the facts: a calibration, figures, a goal, ratings. */
export async function fillFigures({
  partnerId,
  partnership,
  partnerToken,
  post,
  send,
  text,
}: Filling): Promise<void> {
  await post(`/review-cycles/${partnership.review.cycleId}/calibration`, undefined);
  const figure = { value: 80, of: 12 };
  await send("PUT", `/partners/${partnerId}/figures/csat_percent/2026-11`, figure, { version: 0 });
  const goal = await post(`/partners/${partnerId}/goals`, {
    title: text("goal"),
    why: text("why"),
    owners: {
      vendor: partnership.members.manager.memberId,
      partner: partnership.partnerUsers.exec.partnerUserId,
    },
    startOn: "2027-01-01",
    dueOn: "2027-12-31",
    milestones: [{ title: text("milestone"), dueOn: "2027-06-30", side: "vendor" }],
  });
  const goalPath = `/partners/${partnerId}/goals/${goal["goalId"]}`;
  await send("POST", `${goalPath}/agree`, undefined, { token: partnerToken, version: 1 });
  await send("POST", `${goalPath}/notes`, { text: text("note") }, { version: 2 });
  const rating = { value: 4, evidence: text("evidence of a quarter of work") };
  await send("PUT", `/partners/${partnerId}/ratings/collaborate/2026-11`, rating, { version: 0 });
}

/** Ids by kind, of everything that can be listed of the partner; what is the admin's or the tenant's is left out. */
export async function idsOf(
  filling: Filling,
  {
    tenantId,
    sourceId,
    session,
  }: { readonly tenantId: TenantId; readonly sourceId: SourceId; readonly session: Body },
): Promise<Map<string, string[]>> {
  const { adminId, canary, partnerId, partnership, send } = filling;
  const { partner, program, review } = partnership;
  const ids = new Map<string, string[]>();
  const collect = (value: unknown): void => {
    const found = JSON.stringify(value).matchAll(/"([a-z]{3})_[0-9A-HJKMNP-TV-Z]{26}"/g);
    for (const [quoted, kind = ""] of found) {
      const id = quoted.slice(1, -1);
      const known = ids.get(kind) ?? [];
      if (!known.includes(id) && id !== adminId && id !== tenantId) ids.set(kind, [...known, id]);
    }
  };
  collect([partner, review, program, session, partnership.members, partnership.partnerUsers]);
  for (const path of [
    `/partners/${partnerId}/action-items`,
    `/partners/${partnerId}/goals`,
    `/partners/${partnerId}/development-plans`,
    `/partners/${partnerId}/fact-reports`,
    `/partners/${partnerId}/opportunities`,
    `/partners/${partnerId}/users`,
    `/partners/${partnerId}/invitations`,
    `${reviewOf(filling)}/contributions`,
    disputesOf(filling),
    `/sources/${sourceId}/aliases`,
    `/partners/${partnerId}/past-assignments`,
    `/programs/${program.programId}/past-assignments`,
  ]) {
    const { items } = await send("GET", path, undefined);
    if ((items as unknown[]).length === 0) throw new Error(`nothing was filled in at ${path}`);
    collect(items);
  }
  collect(await send("GET", `/partners/${partnerId}/assignments`, undefined));
  for (const path of ["/imports", "/data-quality-flags?status=open", "/sources"]) {
    const { items } = (await send("GET", path, undefined)) as { items: unknown[] };
    collect(items.filter((one) => JSON.stringify(one).includes(sourceId)));
  }
  const { items: keys } = (await send("GET", "/api-keys", undefined)) as { items: unknown[] };
  collect(keys.filter((one) => JSON.stringify(one).includes(canary)));
  return ids;
}
