import { dateText, valueText } from "./format.ts";
import { type Html, html } from "./html.ts";
import type {
  ActionItem,
  DevelopmentPlanView,
  ReportModel,
  ReviewPack,
  Signature,
} from "./model.ts";

export function reviewSection({ reviewPack: pack, tenant }: ReportModel): Html {
  return html`<section id="review" aria-labelledby="review-title">
<h2 id="review-title">Review pack: ${pack.partner}, ${pack.period}</h2>
<p class="lead">State: ${pack.status}. Session on ${date(pack.session.on)}.</p>
<div class="cols">${said("What went well", pack.wins)}${said("What was learned", pack.lessons)}${said("What the partner needs", pack.needs)}</div>
<h3>Comments of the partner manager</h3>
${pack.comments.map(
  ({ author, on, text }) =>
    html`<blockquote><p>${text}</p><footer>${author}, ${date(on)}</footer></blockquote>`,
)}
${agenda(pack)}
${actionItems(pack.actionItems)}
${signatures(pack.signatures)}
${developmentPlan(pack.developmentPlan, tenant.currency)}
</section>`;
}

const date = (on: string): Html => html`<time class="date" datetime="${on}">${dateText(on)}</time>`;

const said = (title: string, lines: readonly string[]): Html =>
  html`<div><h3>${title}</h3><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></div>`;

const agenda = ({ session }: ReviewPack): Html =>
  html`<h3>Agenda and outcomes</h3><div class="wide"><table class="top"><thead><tr><th scope="col">Topic</th><th scope="col">Owner</th><th scope="col">Due</th><th scope="col">Outcome</th></tr></thead>
<tbody>${session.agenda.map(
    ({ topic, owner, dueOn, outcome }) =>
      html`<tr><th scope="row">${topic}</th><td>${owner}</td><td>${date(dueOn)}</td><td>${outcome}</td></tr>`,
  )}</tbody></table></div>`;

const itemStates = { open: "○ open", done: "✓ done", late: "! late" } as const satisfies Record<
  ActionItem["state"],
  string
>;

const actionItems = (items: readonly ActionItem[]): Html =>
  html`<h3>Action items</h3><div class="wide"><table class="top"><thead><tr><th scope="col">Item</th><th scope="col">Owner</th><th scope="col">Due</th><th scope="col">State</th></tr></thead>
<tbody>${items.map(
    ({ text, owner, side, dueOn, state, carriedOverFrom }) =>
      html`<tr><th scope="row">${text}${carriedOverFrom && html`<small>carried over from ${carriedOverFrom}</small>`}</th><td>${owner}<small>${side}</small></td><td>${date(dueOn)}</td><td class="nowrap">${itemStates[state]}</td></tr>`,
  )}</tbody></table></div>`;

const signatures = (rows: readonly Signature[]): Html =>
  html`<h3>Signatures</h3>${
    rows.length === 0
      ? html`<p>Not signed.</p>`
      : html`<div class="wide"><table class="top"><thead><tr><th scope="col">Side</th><th scope="col">Signed by</th><th scope="col">On</th><th scope="col" class="num">Revision</th><th scope="col">Reservation</th></tr></thead>
<tbody>${rows.map(
          ({ side, name, on, revision, reservation }) =>
            html`<tr><th scope="row">${side}</th><td>${name}</td><td>${date(on)}</td><td class="num">${revision}</td><td>${reservation ?? "none"}</td></tr>`,
        )}</tbody></table></div>`
  }`;

const stepNames = {
  drafted: "Drafted",
  accepted: "Accepted by the partner",
  submitted: "Submitted",
  returned: "Returned with changes",
  approved: "Approved",
  rejected: "Rejected",
} as const satisfies Record<DevelopmentPlanView["steps"][number]["kind"], string>;

const developmentPlan = (plan: DevelopmentPlanView, currency: string): Html =>
  html`<h3>Development plan: ${plan.title}</h3>
<p>State: <strong>${plan.state}</strong>. Budget ${valueText(plan.budget, "money", currency)}.</p>
<div class="wide"><table class="top"><thead><tr><th scope="col">Activity</th><th scope="col">Metric</th><th scope="col" class="num">From</th><th scope="col" class="num">To</th><th scope="col">Milestones</th></tr></thead>
<tbody>${plan.activities.map(
    ({ activity, metric, unit, baseline, target, milestones }) =>
      html`<tr><th scope="row">${activity}</th><td>${metric}</td><td class="num">${valueText(baseline, unit, currency)}</td><td class="num">${valueText(target, unit, currency)}</td><td>${milestones.map(
        ({ name, dueOn }) => html`<div>${name}, ${date(dueOn)}</div>`,
      )}</td></tr>`,
  )}</tbody></table></div>
<h3>How it was approved</h3>
<ol class="timeline">${plan.steps.map(
    ({ on, kind, by, note }) =>
      html`<li class="${kind}">${date(on)} <strong>${stepNames[kind]}</strong> · ${by}${note && html`<span class="note">${note}</span>`}</li>`,
  )}</ol>`;
