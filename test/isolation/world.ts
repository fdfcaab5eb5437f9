import { eventOf } from "@concord/core/event";
import {
  FlagId,
  ImportId,
  OpportunityId,
  type PartnerId,
  SourceId,
  type TenantId,
} from "@concord/core/id";
import { emptyCounters } from "@concord/core/rollup";
import {
  answerOf,
  GLOBEX,
  NOON,
  type TestApi,
  type TestPartnership,
  testPartnership,
} from "@concord/local/testing";

const AT = NOON.toISOString();
const QUARTER = "2026-Q4";

/** Everything of one partner, with its canary in every text, and the ids that lead to it. */
export interface Side {
  /** Stands in every text of this partner and nowhere else. */
  readonly canary: string;
  readonly partnerId: PartnerId;
  /** Of each kind, such as `act`; the first is the one to try. */
  readonly ids: ReadonlyMap<string, readonly string[]>;
  readonly partnership: TestPartnership;
  /** Of a person with the role partner-exec. */
  readonly partnerToken: string;
}

export interface FilledTenant {
  readonly tenantId: TenantId;
  readonly adminToken: string;
  readonly sides: readonly [Side, Side];
}

/** A tenant with two partners, filled through the API where a person could, and as the feeds do. */
export async function fillTenant(
  api: TestApi,
  tenantId: TenantId,
  canaries: readonly [string, string],
): Promise<FilledTenant> {
  const { token: adminToken, member } = await api.member(tenantId, "owner", "admin");
  const fill = (canary: string) => fillSide(api, tenantId, adminToken, member.memberId, canary);
  const sides = [await fill(canaries[0]), await fill(canaries[1])] as const;
  const hold = await holdAll(api, tenantId, adminToken, sides);
  await publishPlaybook(api, tenantId, adminToken, canaries[0]);
  const begun = await api.request("/v1/exports", { method: "POST", token: adminToken });
  const { exportId } = (await begun.json()) as { exportId: string };
  const withExport = (side: Side): Side => ({
    ...side,
    ids: new Map([...side.ids, ["exp", [exportId]], ["hld", [hold]]]),
  });
  return { tenantId, adminToken, sides: [withExport(sides[0]), withExport(sides[1])] };
}

/** Partners all read it, so that it names none of them. */
async function publishPlaybook(api: TestApi, tenantId: TenantId, token: string, canary: string) {
  const text = tenantId === GLOBEX ? canary : "of the tenant";
  const page = { slug: "how-to-prepare", chapter: "Sessions", title: text, text };
  const draft = { pages: [page], steps: { session: [page.slug] } };
  const write = (method: string, path: string, body: unknown, version: number) =>
    api.request(`/v1/playbook/${path}`, { method, token, body, version });
  await write("PUT", "draft", draft, 0);
  await write("POST", "publish", { note: text }, 1);
}

/** A legal hold with both canaries in its reason, rules of retention and what they removed on a day. */
async function holdAll(
  api: TestApi,
  tenantId: TenantId,
  token: string,
  sides: readonly Side[],
): Promise<string> {
  const reason = sides.map(({ canary }) => canary).join(" against ");
  const { partnerId } = sides[0] as Side;
  const placed = await api.request("/v1/legal-holds", { token, body: { partnerId, reason } });
  const { holdId } = (await placed.json()) as { holdId: string };
  await api.request("/v1/retention", {
    ...{ method: "PUT", token, body: { days: { contribution: 365 } } },
    headers: { "If-Match": '"0"' },
  });
  const { store } = api.store.asSystem(tenantId);
  await store.retention.saveProgress({
    ...{ day: "2027-01-15", rulesVersion: 1, startedAt: AT, finishedAt: null, outcomes: [] },
    ...{ expiredRows: 0, position: null, clearedUpTo: {}, version: 1 },
  });
  return holdId;
}

async function fillSide(
  api: TestApi,
  tenantId: TenantId,
  adminToken: string,
  adminId: string,
  canary: string,
): Promise<Side> {
  // Programs are of the tenant: its partners all read them.
  const programText = tenantId === GLOBEX ? canary : "of the tenant";
  const lowest = { minimumScore: null, minimumRatingId: null, minimumPeriods: 0 };
  const partnership = await testPartnership(api.store, tenantId, {
    name: canary,
    figureMeasures: [
      {
        measure: "csat_percent",
        name: `figure ${programText}`,
        unit: "percent",
        aggregation: "mean",
        suppliedBy: "partner",
        frequency: "monthly",
        source: `survey ${programText}`,
        ownerRole: "data-steward",
      },
    ],
    definition: {
      tiers: [
        { ...lowest, tierId: "member", name: `member ${programText}` },
        { ...lowest, tierId: "gold", name: `gold ${programText}`, minimumScore: 60 },
      ],
      indicators: [
        {
          indicatorId: "collaborate",
          name: `indicator ${programText}`,
          // The same in every program of a tenant: people rate once for all.
          anchors: ["never", "seldom", "often", "mostly", "always"],
          raters: ["vendor", "partner"],
          minimumRaters: 1,
          layer: "behaviour",
          namesRaters: false,
        },
      ],
    },
  });
  const { partner, review, card, program } = partnership;
  const { partnerId } = partner;
  const { token: partnerToken } = await api.partnerUser(tenantId, partnerId, "partner-exec");
  const ids = new Map<string, string[]>();
  const text = (what: string) => `${what} ${canary}`;
  const send = async (
    method: string,
    path: string,
    body: unknown,
    { token = adminToken, version }: { token?: string; version?: number } = {},
  ) => {
    const response = await api.request(`/v1${path}`, { method, token, body, version });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return (await answerOf(response)).body as Record<string, unknown>;
  };
  const post = (path: string, body: unknown, more = {}) => send("POST", path, body, more);

  const owner = { kind: "member", memberId: adminId };
  const email = `${canary}@people.example`;
  await post(`/partners/${partnerId}/invitations`, { email, roles: ["partner-user"] });
  await post("/invitations", { email, roles: ["viewer"] });
  await post(`/members/${partnership.members.manager.memberId}/moderator-proposal`, undefined);

  const duty = (name: string, holder: unknown) => ({ duty: name, holder });
  const { manager, steward } = partnership.members;
  const collector = { kind: "member", memberId: steward.memberId };
  for (const scope of [`/partners/${partnerId}`, `/programs/${program.programId}`]) {
    const roster = await post(`${scope}/assignments`, duty("data-collector", collector));
    const [{ assignmentId }] = roster["current"] as [{ assignmentId: string }];
    await post(`${scope}/assignments/${assignmentId}/end`, undefined, { version: 1 });
    const leads = { kind: "member", memberId: manager.memberId };
    await post(`${scope}/assignments`, duty("moderator", leads));
  }

  const dueOn = "2027-05-01";
  await post(`/partners/${partnerId}/action-items`, { text: text("act"), owner, dueOn });

  const reviewPath = `/review-cycles/${review.cycleId}/reviews/${partnerId}`;
  await post(`${reviewPath}/contributions`, { kind: "win", text: text("win") });
  await post(`${reviewPath}/session`, { heldOn: "2027-01-20" });
  const item = { section: "partner", title: text("agenda") };
  const session = await post(`${reviewPath}/session/agenda`, item, { version: 1 });

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
        milestones: [{ title: text("milestone"), dueOn }],
      },
    ],
  };
  const drafted = await post(`/partners/${partnerId}/development-plans`, plan);
  const planPath = `/development-plans/${String(drafted["planId"])}`;
  await post(`${planPath}/accept`, undefined, { token: partnerToken, version: 1 });
  await post(`${planPath}/submit`, undefined, { version: 2 });

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
  const disputes = `/review-cycles/${review.cycleId}/scorecards/${partnerId}/disputes`;
  await post(disputes, filed, { token: partnerToken });

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

  await feed(api, tenantId, partnership, { sourceId, importId }, text);
  await post(`/review-cycles/${review.cycleId}/calibration`, undefined);
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
    `${reviewPath}/contributions`,
    disputes,
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
  return { canary, partnerId, ids, partnership, partnerToken };
}

/** What comes from files and schedules: facts, months, held rows, flags, the cycle, the ranking. */
async function feed(
  api: TestApi,
  tenantId: TenantId,
  { partner, program, review, members }: TestPartnership,
  { sourceId, importId }: { readonly sourceId: SourceId; readonly importId: ImportId },
  text: (what: string) => string,
): Promise<void> {
  const { store, now } = api.store.asSystem(tenantId);
  const { partnerId } = partner;
  const by = { kind: "system", name: "queue" } as const;
  const fact = {
    opportunityId: api.store.mint(OpportunityId),
    partnerId,
    sourceId,
    externalId: text("external"),
    customerAccount: text("account"),
    product: text("product"),
    stage: text("stage"),
    stageHistory: [{ stage: text("stage"), on: "2026-10-10" }],
    outcome: "won" as const,
    engagedOn: "2026-10-10",
    closedOn: "2026-11-20",
    currency: "USD",
    amountMinor: 300_000,
    listAmountMinor: 310_000,
    defects: [],
    corrected: [],
    importId,
    row: 2,
    revision: 1,
    receivedAt: AT,
    changedAt: AT,
  };
  const counters = { ...emptyCounters(), wonCount: 1, wonAmount: 300_000 };
  await store.imports.writeChunk({
    manifest: {
      importId,
      group: partnerId,
      ordinal: 0,
      entries: [],
      factsChanged: 1,
      changedAt: AT,
    },
    sourceId,
    changes: [{ after: fact }],
    rollups: [{ partnerId, month: "2026-11", counters, version: 1, changedAt: AT }],
    released: [],
  });
  const detail = text("refused");
  await store.imports.putRowErrors(importId, [
    { row: 4, column: "amount", code: "amount-invalid", detail },
  ]);
  await store.sources.holdRows([
    {
      sourceId,
      externalId: text("held"),
      reason: "partner-unknown",
      partner: text("nobody"),
      cells: {
        ...{ externalId: text("held"), partner: text("nobody"), product: text("product") },
        ...{ account: text("cell"), stage: "Won", amount: "90" },
        ...{ engagedOn: "2026-10-10", closedOn: "2026-11-10" },
      },
      row: 3,
      importId,
      digest: "digest",
      heldAt: AT,
    },
  ]);
  const flagId = api.store.mint(FlagId);
  const flagged = [{ row: 2, column: "product", externalId: text("external"), partnerId }];
  const flag = {
    flagId,
    sourceId,
    code: "product-unknown" as const,
    column: "product",
    value: text("value"),
    severity: "warning" as const,
    ownerId: members.steward.memberId,
    status: "open" as const,
    openRows: 1,
    waivedRows: 0,
    waivedReason: null,
    rowsDigest: "digest",
    rowPages: await store.flags.putRows(flagId, flagged, 0),
    version: 1,
    openedAt: AT,
    changedAt: AT,
  };
  await store.flags.save(flag, eventOf("data-quality-flag.counted", by, now, { openRows: 1 }));
  const { cycleId, period, freezesAt, closesAt } = review;
  const cycle = {
    cycleId,
    programId: program.programId,
    programVersion: program.version,
    period,
    span: { from: "2026-10-01", to: "2026-12-31" },
    currency: "USD",
    timeZone: "America/Chicago",
    status: "frozen" as const,
    ...{ opensAt: AT, openedAt: AT, freezesAt, closesAt },
    ...{ partnerCount: 1, chunkCount: 0, kickedOffAt: AT, freezeStartedAt: AT, frozenAt: AT },
    ...{ closedAt: null, reviewsClosedAt: null, version: 1 },
  };
  const evaluated = { cycleId, period, scorecardRevision: 1 };
  await store.tiers.save(
    {
      ...{ partnerId, programId: program.programId, partnerName: partner.name, evaluated },
      ...{ tierId: null, tierName: null, since: null, ratedPeriods: [period], history: [] },
      recommendation: {
        ...evaluated,
        ...{ direction: "promotion", tierId: "gold", tierName: text("Gold"), standingScore: 71 },
        ...{ reasons: [text("reason")], blockedBy: [], decidableFrom: null, recommendedAt: AT },
      },
      ...{ updatedAt: AT, version: 1 },
    },
    eventOf("tier.recommended", by, now, {
      ...{ partnerId, programId: program.programId, from: null, to: "gold" },
      direction: "promotion",
    }),
  );
  await store.cycles.save(cycle, eventOf("cycle.opened", by, now, {}));
  const group = { segment: "reseller.growing", region: text("region") } as const;
  await store.rankings.save(
    {
      ...group,
      ...{ partnerId, partnerName: partner.name, period: QUARTER, state: "live" },
      ...{ programId: program.programId, programVersion: 1, score: 71.5, shownScore: "71.5" },
      ...{ rating: { ratingId: "good", name: text("Good") }, unratedReasons: [] },
      ...{ coveragePercent: 100, revenueMinor: 1, currency: "USD", source: 1, version: 1 },
    },
    [
      {
        ...group,
        ...{ period: QUARTER, currency: "USD", rated: 1, unrated: 0, revenueMinor: 1, version: 1 },
        ratings: { good: { name: text("Good"), partners: 1 } },
      },
    ],
  );
}
