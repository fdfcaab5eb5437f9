import { z } from "zod";
import type { ActionItem, ActionItemStore } from "../action-item/index.ts";
import { type Calendar, type CalendarDate, dateAt } from "../calendar/index.ts";
import { everyItem } from "../context/index.ts";
import type { Cycle, CycleStore } from "../cycle/index.ts";
import type { DevelopmentPlan, DevelopmentPlanStore } from "../development-plan/index.ts";
import type { Dispute, DisputeStore } from "../dispute/index.ts";
import type { Goal, GoalStore } from "../goal/index.ts";
import { CycleId, type PartnerId } from "../id/index.ts";
import type { Import, ImportStore } from "../import/index.ts";
import type { FactReport, OpportunityStore } from "../opportunity/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { Review, ReviewStore } from "../review/index.ts";
import type { DueRecord } from "./repository.ts";
import type { UpTo } from "./retention.ts";
import type { RetentionRun } from "./schema.ts";

/** Where what is removed is found. */
export type RecordStore = ActionItemStore &
  CycleStore &
  DevelopmentPlanStore &
  DisputeStore &
  GoalStore &
  ImportStore &
  OpportunityStore &
  PartnerStore &
  Pick<ReviewStore, "contributions" | "reviews" | "sessions">;

const Position = z.object({
  stage: z.enum(["partners", "reviews", "disputes", "imports", "end"]),
  cycleId: CycleId.optional(),
  at: z.string().optional(),
});
type Position = z.infer<typeof Position>;

export interface Found {
  readonly records: readonly DueRecord[];
  /** Where to go on after these; undefined at the end. */
  readonly position: string | undefined;
}

interface Search {
  readonly store: RecordStore;
  readonly calendar: Calendar;
  readonly now: Date;
  readonly upTo: UpTo;
  readonly clearedUpTo: RetentionRun["clearedUpTo"];
}

const PARTNERS_AT_ONCE = 10;
const REVIEWS_AT_ONCE = 25;
const IMPORTS_AT_ONCE = 50;
const CYCLES_AT_ONCE = 10;

/** Goes through everything that may be past its time, some at a time, from a position on. */
export async function* dueRecords(search: Search, from: string | null): AsyncGenerator<Found> {
  const begun: Position = from === null ? { stage: "partners" } : Position.parse(JSON.parse(from));
  const cycles = await cyclesOf(search);
  for (let position = begun; position.stage !== "end"; ) {
    const { records, next } = await step(search, cycles, position);
    position = next;
    yield { records, position: next.stage === "end" ? undefined : JSON.stringify(next) };
  }
}

interface Step {
  readonly records: DueRecord[];
  readonly next: Position;
}

function step(search: Search, cycles: readonly CycleId[], position: Position): Promise<Step> {
  switch (position.stage) {
    case "partners":
      return ofPartners(search, cycles, position);
    case "reviews":
      return ofReviews(search, cycles, position);
    case "disputes":
      return ofDisputes(search, position);
    case "imports":
    case "end":
      return ofImports(search, position);
  }
}

/** Closed long enough ago for one of the two kinds that end with a cycle, and not cleared of it. */
async function cyclesOf({ store, calendar, upTo, clearedUpTo }: Search): Promise<CycleId[]> {
  const found: CycleId[] = [];
  const isDue = ({ reviewsClosedAt }: Cycle): boolean => {
    if (reviewsClosedAt === null) return false;
    const closedOn = dateAt(new Date(reviewsClosedAt), calendar);
    return (["contribution", "session"] as const).some((kind) => {
      const until = upTo[kind];
      return until !== undefined && closedOn <= until && closedOn > (clearedUpTo[kind] ?? "");
    });
  };
  for await (const cycle of everyItem((page) => store.cycles.list(page))) {
    if (isDue(cycle)) found.push(cycle.cycleId);
  }
  return found;
}

const afterPartners = (cycles: readonly CycleId[]): Position => {
  const [cycleId] = cycles;
  return cycleId === undefined ? { stage: "disputes" } : { stage: "reviews", cycleId };
};

async function ofPartners(
  search: Search,
  cycles: readonly CycleId[],
  { at }: Position,
): Promise<Step> {
  const { upTo, store } = search;
  const kinds = ["action-item", "development-plan", "goal", "fact-report"] as const;
  if (kinds.every((kind) => !upTo[kind])) {
    return { records: [], next: afterPartners(cycles) };
  }
  const { items, position } = await store.partners.list({
    limit: PARTNERS_AT_ONCE,
    position: at,
  });
  const records: DueRecord[] = [];
  for (const { partnerId } of items) records.push(...(await ofPartner(search, partnerId)));
  const next: Position =
    position === undefined ? afterPartners(cycles) : { stage: "partners", at: position };
  return { records, next };
}

async function ofPartner(search: Search, partnerId: PartnerId): Promise<DueRecord[]> {
  const { actionItems, developmentPlans, goals, opportunities } = search.store;
  const found: DueRecord[] = [];
  const isDue = dueBy(search);
  if (search.upTo["action-item"]) {
    for await (const item of everyItem((page) => actionItems.ofPartner(partnerId, page))) {
      const { actionItemId, version } = item;
      if (isDue("action-item", overOn.actionItem(item, search))) {
        found.push({ kind: "action-item", partnerId, actionItemId, version });
      }
    }
  }
  if (search.upTo["development-plan"]) {
    for await (const plan of everyItem((page) => developmentPlans.ofPartner(partnerId, page))) {
      const { planId, version } = plan;
      if (isDue("development-plan", overOn.plan(plan, search))) {
        found.push({ kind: "development-plan", partnerId, planId, version });
      }
    }
  }
  if (search.upTo.goal) {
    const all = everyItem((page) => goals.ofPartner(partnerId, undefined, page));
    for await (const goal of all) {
      const { goalId, version } = goal;
      if (isDue("goal", overOn.goal(goal, search))) {
        found.push({ kind: "goal", partnerId, goalId, version });
      }
    }
  }
  if (search.upTo["fact-report"]) {
    for await (const report of everyItem((page) => opportunities.listReports(partnerId, page))) {
      const { factReportId, version } = report;
      if (isDue("fact-report", overOn.report(report, search))) {
        found.push({ kind: "fact-report", partnerId, factReportId, version });
      }
    }
  }
  return found;
}

async function ofReviews(
  { store, calendar, upTo }: Search,
  cycles: readonly CycleId[],
  { cycleId, at }: Position,
): Promise<Step> {
  const cycle = cycleId && (await store.cycles.get(cycleId));
  const closedAt = cycle?.reviewsClosedAt;
  if (!cycleId || !closedAt) return { records: [], next: { stage: "disputes" } };
  const closedOn = dateAt(new Date(closedAt), calendar);
  const { items, position } = await store.reviews.ofCycle(cycleId, {
    limit: REVIEWS_AT_ONCE,
    position: at,
  });
  const records: DueRecord[] = [];
  if (closedOn <= (upTo.contribution ?? "")) {
    for (const review of items) records.push(...(await contributionsOf(store, review)));
  }
  if (closedOn <= (upTo.session ?? "")) {
    for (const { partnerId, version } of await store.sessions.getMany(items)) {
      records.push({ kind: "session", cycleId, partnerId, version });
    }
  }
  if (position !== undefined) return { records, next: { stage: "reviews", cycleId, at: position } };
  const following = cycles[cycles.indexOf(cycleId) + 1];
  const next: Position = following
    ? { stage: "reviews", cycleId: following }
    : { stage: "disputes" };
  return { records, next };
}

async function contributionsOf(
  { contributions }: RecordStore,
  { cycleId, partnerId }: Review,
): Promise<DueRecord[]> {
  const found: DueRecord[] = [];
  const key = { cycleId, partnerId };
  for await (const one of everyItem((page) => contributions.ofReview(key, page))) {
    const { contributionId, at, version } = one;
    found.push({ kind: "contribution", cycleId, partnerId, contributionId, at, version });
  }
  return found;
}

/** Those of one cycle after the other; one that was decided late is over with its decision. */
async function ofDisputes(search: Search, { at }: Position): Promise<Step> {
  const { store, calendar, upTo } = search;
  const until = upTo.dispute;
  if (until === undefined) return { records: [], next: { stage: "imports" } };
  const { items, position } = await store.cycles.list({ limit: CYCLES_AT_ONCE, position: at });
  const records: DueRecord[] = [];
  for (const { cycleId, reviewsClosedAt } of items) {
    if (reviewsClosedAt === null || dateAt(new Date(reviewsClosedAt), calendar) > until) continue;
    for await (const dispute of everyItem((page) => store.disputes.ofCycle(cycleId, page))) {
      if (!dueBy(search)("dispute", overOn.dispute(dispute, search))) continue;
      const { partnerId, disputeId, version } = dispute;
      records.push({ kind: "dispute", cycleId, partnerId, disputeId, version });
    }
  }
  const next: Position =
    position === undefined ? { stage: "imports" } : { stage: "disputes", at: position };
  return { records, next };
}

async function ofImports(search: Search, { at }: Position): Promise<Step> {
  if (!search.upTo.import) return { records: [], next: { stage: "end" } };
  const { items, position } = await search.store.imports.list({
    limit: IMPORTS_AT_ONCE,
    position: at,
  });
  const isDue = dueBy(search);
  const records = items.flatMap((job): DueRecord[] => {
    const { importId, partnerId, version } = job;
    if (!isDue("import", overOn.import(job, search))) return [];
    return [{ kind: "import", partnerId, importId, version }];
  });
  const next: Position =
    position === undefined ? { stage: "end" } : { stage: "imports", at: position };
  return { records, next };
}

type When = Pick<Search, "calendar" | "now">;

const dueBy =
  ({ upTo }: Search) =>
  (kind: keyof UpTo, over: CalendarDate | undefined): boolean =>
    over !== undefined && over <= (upTo[kind] ?? "");

const dayIn = (instant: string, { calendar }: When): CalendarDate =>
  dateAt(new Date(instant), calendar);

/** The day on which something was over: of its last change, so that nothing fresh is removed; undefined while it is not. */
export const overOn = {
  actionItem: (item: ActionItem, when: When): CalendarDate | undefined =>
    item.status === "open" ? undefined : dayIn(item.updatedAt, when),

  goal: ({ closed }: Goal, when: When): CalendarDate | undefined =>
    closed === null ? undefined : dayIn(closed.at, when),

  dispute: (dispute: Dispute, when: When): CalendarDate | undefined =>
    dispute.status === "open" ? undefined : dayIn(dispute.updatedAt, when),

  report: (report: FactReport, when: When): CalendarDate | undefined =>
    report.status === "open" ? undefined : dayIn(report.updatedAt, when),

  plan(plan: DevelopmentPlan, when: When): CalendarDate | undefined {
    const changedOn = dayIn(plan.updatedAt, when);
    if (plan.status === "rejected" || plan.status === "expired") return changedOn;
    if (plan.status !== "approved") return undefined;
    const dues = plan.activities.flatMap(({ milestones }) => milestones.map(({ dueOn }) => dueOn));
    return [changedOn, ...dues].sort().at(-1);
  },

  /** A file that was announced and never came is over when nobody may send it any more. */
  import(job: Import, when: When): CalendarDate | undefined {
    if (job.finishedAt !== null) return dayIn(job.finishedAt, when);
    const { status, upload } = job;
    if (status !== "awaiting-upload" || !upload) return undefined;
    return upload.expiresAt < when.now.toISOString() ? dayIn(upload.expiresAt, when) : undefined;
  },
} as const;
