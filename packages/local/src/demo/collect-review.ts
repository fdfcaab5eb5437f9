import type { ActionItem, ActionOwner } from "@concord/core/action-item";
import { type Side, sideOf } from "@concord/core/actor";
import type { DevelopmentPlan } from "@concord/core/development-plan";
import type { Contribution, Review, Session } from "@concord/core/review";
import type { CardMetric, FrozenCard } from "@concord/core/scorecard";
import { cycleOf, type DemoRun } from "./demo-run.ts";
import { QUARTERS } from "./local-time.ts";
import type { DevelopmentPlanView, ReviewPack } from "./report/model.ts";
import type { DemoPartner } from "./set-up.ts";

const QUARTER = "2017-Q4";

/** Everything both sides have before them in the review of the last quarter. */
export async function collectReview(run: DemoRun, shown: DemoPartner): Promise<ReviewPack> {
  const { api } = shown.manager;
  const { cycleId } = cycleOf(run, QUARTER);
  const { partnerId, name } = shown.partner;
  const path = `/v1/review-cycles/${cycleId}/reviews/${partnerId}`;
  const { body: review } = await api.call<Review>(path);
  const { body: session } = await api.call<Session>(`${path}/session`);
  const contributions = await api.list<Contribution>(`${path}/contributions`);
  const items = await api.list<ActionItem>(`/v1/partners/${partnerId}/action-items`);
  const said = (kind: Contribution["kind"]) =>
    contributions.filter((one) => one.kind === kind).map(({ text }) => text);
  return {
    partner: name,
    period: QUARTER,
    status: review.status === "closed" ? `closed, ${review.outcome.replaceAll("-", " ")}` : "open",
    wins: said("win"),
    lessons: said("lesson"),
    needs: said("need"),
    comments: contributions
      .filter(({ kind }) => kind === "comment")
      .map(({ at, text }) => ({ author: shown.manager.name, on: at.slice(0, 10), text })),
    session: {
      on: session.heldOn,
      agenda: session.agenda.map(({ title, notes, action }) => ({
        topic: title,
        owner: action?.owner ? ownerName(shown, action.owner) : "",
        dueOn: action?.dueOn ?? session.heldOn,
        outcome: notes,
      })),
    },
    actionItems: items
      .filter(({ cycleId: madeIn, carriedOver }) =>
        [madeIn, ...carriedOver.map((one) => one.cycleId)].includes(cycleId),
      )
      .toSorted((a, b) => a.dueOn.localeCompare(b.dueOn) || a.text.localeCompare(b.text))
      .map((item) => ({
        text: item.text,
        owner: ownerName(shown, item.owner),
        side: sideOf(item.owner),
        dueOn: item.dueOn,
        state:
          item.status === "open"
            ? "open"
            : item.status === "done" && item.isOnTime
              ? "done"
              : "late",
        carriedOverFrom: item.cycleId === cycleId ? null : quarterOf(run, item.cycleId),
      })),
    signatures: signaturesOf(shown, review),
    developmentPlan: await collectPlan(run, cycleId, shown),
  };
}

const ownerName = ({ executive, manager }: DemoPartner, owner: ActionOwner): string =>
  owner.kind === "member" ? manager.name : executive.name;

const quarterOf = (run: DemoRun, cycleId: ActionItem["cycleId"]): string | null =>
  QUARTERS.find((quarter) => cycleOf(run, quarter).cycleId === cycleId) ?? null;

function signaturesOf({ executive, manager }: DemoPartner, { signatures }: Review) {
  const row = (side: Side, name: string, signature: Review["signatures"]["vendor"]) =>
    signature === null
      ? []
      : [
          {
            side,
            name,
            on: signature.at.slice(0, 10),
            revision: signature.reviewVersion,
            reservation: signature.reservation,
          },
        ];
  return [
    ...row("partner", executive.name, signatures.partner),
    ...row("vendor", manager.name, signatures.vendor),
  ];
}

async function collectPlan(
  { findings, vendor }: DemoRun,
  cycleId: FrozenCard["cycleId"],
  { partner }: DemoPartner,
): Promise<DevelopmentPlanView> {
  const { api } = vendor.programManager;
  const { body: plan } = await api.call<DevelopmentPlan>(
    `/v1/development-plans/${findings.planId}`,
  );
  const { body: card } = await api.call<FrozenCard>(
    `/v1/review-cycles/${cycleId}/scorecards/${partner.partnerId}`,
  );
  const unitOf = (metricId: string): CardMetric["unit"] =>
    card.metrics.find((metric) => metric.metricId === metricId)?.unit ?? "count";
  return {
    title: plan.title,
    state: plan.status,
    budget: Number(plan.budget.amount),
    activities: plan.activities.map(
      ({ title, metricId, metricName, baseline, target, milestones }) => ({
        activity: title,
        metric: metricName,
        unit: unitOf(metricId),
        baseline: baseline === null ? null : Number(baseline),
        target: Number(target),
        milestones: milestones.map((milestone) => ({
          name: milestone.title,
          dueOn: milestone.dueOn,
        })),
      }),
    ),
    steps: findings.planSteps,
  };
}
