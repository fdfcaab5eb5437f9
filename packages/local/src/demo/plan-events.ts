import type { DevelopmentPlan } from "@concord/core/development-plan";
import type { Card, FrozenCard } from "@concord/core/scorecard";
import { cycleOf, type DemoEvent, type DemoRun } from "./demo-run.ts";
import { at } from "./local-time.ts";
import { valueText } from "./report/format.ts";
import type { DevelopmentPlanView } from "./report/model.ts";
import { activityOn, gapsOf } from "./review-texts.ts";
import type { DemoPartner, VendorPerson } from "./set-up.ts";

type Step = DevelopmentPlanView["steps"][number];
type Api = VendorPerson["api"];

const QUARTER = "2017-Q4";
const FIRST_BUDGET = 25_000;
const SECOND_BUDGET = 18_000;

/** A plan on the gaps of a card, above the budget that the partner manager may approve alone. */
export function planEvents(run: DemoRun): DemoEvent[] {
  const { programManager, executiveSponsor } = run.vendor;
  const days: [on: string, time: string, day: () => Promise<void>][] = [
    ["2018-01-10", "09:00", () => draft(run)],
    ["2018-01-11", "10:00", () => acceptAndSubmit(run)],
    // The reminder of the third day has gone out by then.
    ["2018-01-15", "15:00", () => sendBack(run)],
    ["2018-01-16", "11:00", () => rework(run)],
    ["2018-01-17", "10:00", () => acceptAndSubmit(run)],
    ["2018-01-18", "09:30", () => selfApprovalIsRefused(run, programManager)],
    ["2018-01-18", "16:00", () => approve(run, shownPartner(run).manager, "Agreed as reworked.")],
    ["2018-01-23", "11:00", () => approve(run, executiveSponsor, "Approved; report in April.")],
  ];
  return days.map(([on, time, day]) => ({ at: at(on, time), run: day }));
}

function shownPartner({ findings }: DemoRun): DemoPartner {
  if (!findings.shown) throw new Error("no partner has been chosen for the plan");
  return findings.shown;
}

/** The reviewed partner with most to gain in the last quarter. */
async function choosePartner(run: DemoRun): Promise<FrozenCard> {
  const { cycleId } = cycleOf(run, QUARTER);
  const cards: { participant: DemoPartner; card: FrozenCard }[] = [];
  for (const participant of run.reviewed) {
    const { body: card } = await participant.manager.api.call<FrozenCard>(
      `/v1/review-cycles/${cycleId}/scorecards/${participant.partner.partnerId}`,
    );
    cards.push({ participant, card });
  }
  const [lowest] = cards
    .filter(({ card }) => card.rating.status === "rated")
    .toSorted((a, b) => (a.card.score ?? 0) - (b.card.score ?? 0));
  if (!lowest) throw new Error(`none of the reviewed partners is rated in ${QUARTER}`);
  run.findings.shown = lowest.participant;
  return lowest.card;
}

async function draft(run: DemoRun): Promise<void> {
  const card = await choosePartner(run);
  const { partner } = shownPartner(run);
  const { programManager } = run.vendor;
  const gaps = gapsOf(card.metrics).slice(0, 2);
  const { body: plan } = await programManager.api.call<DevelopmentPlan>(
    `/v1/partners/${partner.partnerId}/development-plans`,
    {
      body: {
        cycleId: card.cycleId,
        title: `Closing the gaps of ${QUARTER}`,
        summary: `${gaps.map(({ name }) => name).join(" and ")} cost ${gaps
          .reduce((sum, { pointsLost }) => sum + (pointsLost ?? 0), 0)
          .toFixed(
            1,
          )} points of the card; two activities are to win half of them back by the summer.`,
        budget: { amount: FIRST_BUDGET.toFixed(2), currency: "USD" },
        activities: activitiesFor(card, ["2018-03-31", "2018-09-30"]),
      },
    },
  );
  run.findings.planId = plan.planId;
  note(
    run,
    plan.createdAt,
    "drafted",
    programManager.name,
    `budget ${valueText(FIRST_BUDGET, "money", "USD")}`,
  );
  run.say.step(
    `2018-01-10  ${programManager.name} drafts a development plan for ${partner.name}: ${gaps.map(({ name }) => name).join(", ")}; budget ${valueText(FIRST_BUDGET, "money", "USD")}`,
  );
}

/** Half of the way from where the metric stands to its target. */
function activitiesFor(card: Card, dueOn: readonly [string, string]) {
  return gapsOf(card.metrics)
    .slice(0, 2)
    .map((metric, position) => {
      const { scale } = metric;
      const target = scale.kind === "linear" ? scale.target : 0;
      const baseline = Number(metric.value);
      return {
        title: activityOn(metric),
        type: position === 0 ? "joint-capability" : "workshop",
        metricId: metric.metricId,
        target: String(Math.round(((baseline + target) / 2) * 10) / 10),
        milestones: [
          { title: "Start agreed with both teams", dueOn: "2018-02-15" },
          { title: "Half of the way reached", dueOn: dueOn[0] },
          { title: "Target reached", dueOn: dueOn[1] },
        ],
      };
    });
}

async function acceptAndSubmit(run: DemoRun): Promise<void> {
  const { executive } = shownPartner(run);
  const { programManager } = run.vendor;
  const accepted = await act(run, executive.api, "accept");
  note(run, accepted.accepted?.at ?? "", "accepted", executive.name, null);
  const submitted = await act(run, programManager.api, "submit");
  const steps = submitted.approval?.steps ?? [];
  note(
    run,
    submitted.approval?.submittedAt ?? "",
    "submitted",
    programManager.name,
    `revision ${submitted.revision}`,
  );
  run.say.step(
    `${dayOf(submitted)}  ${executive.name} accepts for the partner; revision ${submitted.revision} is submitted and needs ${steps.map(({ role }) => role).join(", then ")}`,
  );
  run.checks.expect(
    "a plan above the limit needs partner manager and executive sponsor",
    steps.length === 2 && steps.every(({ substituteRole }) => substituteRole === null),
    steps,
  );
}

async function sendBack(run: DemoRun): Promise<void> {
  const { manager } = shownPartner(run);
  const comment = "Half the budget is for travel, and September is too late: aim for June.";
  const waiting = await read(run, manager.api);
  const plan = await act(run, manager.api, "return", { comment });
  note(run, plan.updatedAt, "returned", manager.name, comment);
  run.say.step(`${dayOf(plan)}  ${manager.name} returns it: ${comment}`);
  run.checks.expect(
    "the approver was reminded on the third day",
    (waiting.approval?.steps[0]?.remindedAt ?? null) !== null,
    waiting.approval?.steps[0],
  );
  run.checks.expect("the plan is returned", plan.status === "returned", plan.status);
}

async function rework(run: DemoRun): Promise<void> {
  const { partner } = shownPartner(run);
  const { api, name } = run.vendor.programManager;
  const { cycleId } = cycleOf(run, QUARTER);
  const { body: card } = await api.call<FrozenCard>(
    `/v1/review-cycles/${cycleId}/scorecards/${partner.partnerId}`,
  );
  const current = await api.call<DevelopmentPlan>(pathOf(run));
  const { body: plan } = await api.call<DevelopmentPlan>(pathOf(run), {
    method: "PATCH",
    body: {
      budget: { amount: SECOND_BUDGET.toFixed(2), currency: "USD" },
      activities: activitiesFor(card, ["2018-03-31", "2018-06-15"]),
    },
    ifMatch: current.etag,
  });
  note(
    run,
    plan.updatedAt,
    "drafted",
    name,
    `revision ${plan.revision}, budget ${valueText(SECOND_BUDGET, "money", "USD")}`,
  );
  run.say.step(
    `${dayOf(plan)}  ${name} reworks it as revision ${plan.revision}: budget ${valueText(SECOND_BUDGET, "money", "USD")}, targets by mid June`,
  );
  run.checks.expect("a reworked plan is its next revision", plan.revision === 2, plan.revision);
}

async function selfApprovalIsRefused(run: DemoRun, author: VendorPerson): Promise<void> {
  const { etag } = await author.api.call<DevelopmentPlan>(pathOf(run));
  const refused = await author.api.send(`${pathOf(run)}/approve`, { body: {}, ifMatch: etag });
  const { title } = refused.body as { title?: string };
  run.say.step(
    `2018-01-18  ${author.name}, its author, may not approve it: ${refused.status}, ${title}`,
  );
  run.checks.expect("nobody approves a plan they wrote", refused.status === 403, refused.status);
}

async function approve(run: DemoRun, approver: VendorPerson, comment: string): Promise<void> {
  const plan = await act(run, approver.api, "approve", { comment });
  const step = plan.approval?.steps.findLast(({ decision }) => decision !== null);
  note(run, step?.decision?.at ?? "", "approved", approver.name, `${step?.role}: ${comment}`);
  run.say.step(
    `${dayOf(plan)}  ${approver.name} approves as ${step?.role}; the plan is ${plan.status}`,
  );
  const isLast = step?.stepNumber === plan.approval?.steps.length;
  run.checks.expect(
    "a plan is approved with its last step",
    plan.status === (isLast ? "approved" : "submitted"),
    plan.status,
  );
}

const pathOf = ({ findings }: DemoRun): string => `/v1/development-plans/${findings.planId}`;

const read = async (run: DemoRun, api: Api): Promise<DevelopmentPlan> =>
  (await api.call<DevelopmentPlan>(pathOf(run))).body;

/** One action on the plan as it stands. */
async function act(
  run: DemoRun,
  api: Api,
  action: "accept" | "submit" | "return" | "approve",
  body?: unknown,
): Promise<DevelopmentPlan> {
  const { etag } = await api.call<DevelopmentPlan>(pathOf(run));
  const answer = await api.call<DevelopmentPlan>(`${pathOf(run)}/${action}`, {
    method: "POST",
    ...(body === undefined ? {} : { body }),
    ifMatch: etag,
  });
  return answer.body;
}

function note(run: DemoRun, at: string, kind: Step["kind"], by: string, text: string | null): void {
  run.findings.planSteps.push({ on: at.slice(0, 10), kind, by, note: text });
}

const dayOf = ({ updatedAt }: DevelopmentPlan): string => updatedAt.slice(0, 10);
