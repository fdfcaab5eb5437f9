import { bullet, contributions } from "./charts.ts";
import { pointsText, scoreText, signedText, valueText } from "./format.ts";
import { type Html, html } from "./html.ts";
import type {
  ExplainedCard,
  ExplainedMetric,
  PartnerYear,
  ReportModel,
  Subtotal,
} from "./model.ts";
import { ratingChip } from "./ranking-section.ts";

export function cardSection({ card, partnerYear, bands, tenant, program }: ReportModel): Html {
  const score = scoreText(card.score, bands);
  const withData = card.metrics.filter((metric) => metric.score !== null);
  const sum = (pick: (metric: ExplainedMetric) => number) =>
    withData.reduce((total, metric) => total + pick(metric), 0).toFixed(1);
  return html`<section id="card" aria-labelledby="card-title">
<h2 id="card-title">One card explained: ${card.partner}, ${card.period}</h2>
<p class="scoreline"><strong>${score}</strong> ${ratingChip(card.rating, bands)} <span class="lead">coverage ${Math.floor(card.coveragePercent)} % (a rating needs ${card.minimumCoveragePercent} %), program ${program.name} version ${program.version}</span></p>
<h3>Where the points come from</h3>
<p class="note">Each box is as wide as the points its metric can bring; the filled part is what it brought. Numbers as in the table.</p>
${contributions(card.metrics, score)}
<div class="wide"><table class="top">
<caption>Grey lies between the floor (thin line, scores 0) and the target (thick line, scores 100); right is better.</caption>
<thead><tr><th scope="col" class="num">#</th><th scope="col">Metric</th><th scope="col">Measure, from</th><th scope="col">Floor and target</th><th scope="col" class="num">Score</th><th scope="col" class="num">Weight</th><th scope="col" class="num">Points</th><th scope="col" class="num">Lost</th></tr></thead>
<tbody>${card.metrics.map((metric, index) => metricRow(metric, index + 1, tenant.currency))}</tbody>
<tfoot><tr><td></td><th scope="row">All metrics with data</th><td></td><td></td><td></td><td class="num">${Math.floor(card.coveragePercent)} %</td><td class="num"><strong>${sum((metric) => metric.contribution)}</strong></td><td class="num">${sum((metric) => metric.pointsLost)}</td></tr></tfoot>
</table></div>
${nextRating(card, tenant.currency)}
<div class="cols">${subtotals("By layer", card.layers)}${subtotals("Leading and lagging", card.indicators)}</div>
${moves(card)}
${year(partnerYear, { bands, tenant })}
<p class="note" style="margin-top:16px">Frozen from inputs with the digest <code>${card.digest}</code>: whoever has them computes the same card.</p>
</section>`;
}

function metricRow(metric: ExplainedMetric, number: number, currency: string): Html {
  const inputs = metric.inputs.map(
    ({ label, value, unit }) => `${label} ${valueText(value, unit, currency)}`,
  );
  const hasData = metric.score !== null;
  return html`<tr><td class="num">${number}</td>
<th scope="row">${metric.name}<small>${metric.layer}, ${metric.indicator}</small></th>
<td>${valueText(metric.measure, metric.unit, currency)}<small>${inputs.join("; ")}</small>${metric.note && html`<small>${metric.note}</small>`}</td>
<td style="min-width:200px">${bullet(metric, currency)}</td>
<td class="num">${metric.score === null ? "–" : metric.score.toFixed(1)}</td>
<td class="num">${metric.weightPercent} %</td>
<td class="num"><strong>${hasData ? metric.contribution.toFixed(1) : "–"}</strong></td>
<td class="num">${hasData ? metric.pointsLost.toFixed(1) : "–"}</td></tr>`;
}

function nextRating({ nextRating: next }: ExplainedCard, currency: string): Html {
  if (next === null) return html`<div class="callout"><p>This is the highest rating.</p></div>`;
  const { cheapest } = next;
  return html`<div class="callout"><p><strong>${pointsText(next.pointsMissing)} points</strong> are missing to “${next.rating}” (from ${next.from}).</p>
<p>${
    cheapest === null
      ? "No single metric is enough to get there."
      : html`The cheapest way: ${cheapest.metric} from ${valueText(cheapest.from, cheapest.unit, currency)} to ${valueText(cheapest.to, cheapest.unit, currency)}, all else equal.`
  }</p></div>`;
}

const subtotals = (title: string, rows: readonly Subtotal[]): Html =>
  html`<div><h3>${title}</h3><table><thead><tr><th scope="col">Part</th><th scope="col" class="num">Score</th><th scope="col" class="num">Coverage</th></tr></thead>
<tbody>${rows.map(
    ({ label, score, coveragePercent }) =>
      html`<tr><th scope="row">${label}</th><td class="num">${score === null ? "no data" : score.toFixed(1)}</td><td class="num">${Math.floor(coveragePercent)} %</td></tr>`,
  )}</tbody></table></div>`;

const moves = ({ moves: rows }: ExplainedCard): Html | null =>
  rows.length === 0
    ? null
    : html`<h3>What moved since the period before</h3><table><thead><tr><th scope="col">Metric</th><th scope="col" class="num">Points</th><th scope="col">Why</th></tr></thead>
<tbody>${rows.map(
        ({ metric, points, why }) =>
          html`<tr><th scope="row">${metric}</th><td class="num">${signedText(points)}</td><td>${why}</td></tr>`,
      )}</tbody></table>`;

function year(
  { partner, quarters }: PartnerYear,
  { bands, tenant }: Pick<ReportModel, "bands" | "tenant">,
): Html {
  const names = quarters[0]?.measures ?? [];
  return html`<h3>The year of ${partner}</h3><div class="wide"><table>
<thead><tr><th scope="col">Figure</th>${quarters.map(({ period }) => html`<th scope="col" class="num">${period}</th>`)}</tr></thead>
<tbody><tr><th scope="row">Score</th>${quarters.map(
    ({ score }) =>
      html`<td class="num"><strong>${score === null ? "–" : scoreText(score, bands)}</strong></td>`,
  )}</tr>
<tr><th scope="row">Rating</th>${quarters.map(
    ({ rating }) => html`<td class="num">${ratingChip(rating ?? "insufficient data", bands)}</td>`,
  )}</tr>
<tr><th scope="row">Coverage</th>${quarters.map(
    ({ coveragePercent }) => html`<td class="num">${Math.floor(coveragePercent)} %</td>`,
  )}</tr>
${names.map(
  ({ name }, index) =>
    html`<tr><th scope="row">${name}</th>${quarters.map(({ measures }) => {
      const measure = measures[index];
      return html`<td class="num">${measure ? valueText(measure.value, measure.unit, tenant.currency) : "–"}</td>`;
    })}</tr>`,
)}</tbody></table></div>`;
}
