import { distributionChart, scoreBar, sparkline } from "./charts.ts";
import { arrows, bandIndexOf, lastChange, scoreText, signedText } from "./format.ts";
import { type Html, html } from "./html.ts";
import type { Band, RankingEntry, ReportModel } from "./model.ts";

export function rankingSection(model: ReportModel): Html {
  const { ranking, bands } = model;
  const spans = ranking.entries.map(({ trend }) => {
    const rated = trend.filter((score) => score !== null);
    return Math.max(...rated) - Math.min(...rated);
  });
  const span = Math.max(1, ...spans);
  return html`<section id="ranking" aria-labelledby="ranking-title">
<h2 id="ranking-title">Ranking ${ranking.period}</h2>
<p class="lead">${ranking.entries.length} partners with a rating, best first. The ticks in the bars are the lower bounds of the rating bands; the trend runs from ${ranking.trendPeriods[0]} to ${ranking.trendPeriods.at(-1)}, the change is against the rated quarter before. Peers are the partners of the same segment and region.</p>
${bandLegend(bands)}
<div class="wide"><table>
<thead><tr><th scope="col" class="num">#</th><th scope="col">Partner</th><th scope="col" class="num">Score</th><th scope="col" class="extra">of 100</th><th scope="col">Trend</th><th scope="col">Change</th><th scope="col">Rating</th><th scope="col">Among peers</th><th scope="col" class="num">Coverage</th></tr></thead>
<tbody>${ranking.entries.map((entry) => rankingRow(entry, model, span))}</tbody>
</table></div>
${insufficientTable(model)}
<h3>Ratings by quarter</h3>
<p class="note">How many partners stand in each band, from the lowest band to the highest; partners without a rating at the end.</p>
${distributionChart(model.distribution, bands)}
</section>`;
}

/** A rating in its colour and in words. */
export const ratingChip = (rating: string, bands: readonly Band[]): Html => {
  const band = bands.findIndex(({ label }) => label === rating);
  return html`<span class="chip ${band < 0 ? "plain" : `band-${band}`}">${rating}</span>`;
};

const bandLegend = (bands: readonly Band[]): Html =>
  html`<ul class="legend" aria-label="Rating bands">${bands.map(({ label, from }, index) => {
    const next = bands[index + 1];
    const range = next === undefined ? `${from} to 100` : `${from} to below ${next.from}`;
    return html`<li>${ratingChip(label, bands)} <span class="note">${range}</span></li>`;
  })}<li><span class="chip unrated">insufficient data</span></li></ul>`;

function rankingRow(
  { rank, peers, partner, region, partnerManager, score, rating, ...rest }: RankingEntry,
  { ranking, bands }: ReportModel,
  span: number,
): Html {
  const { trend, coveragePercent } = rest;
  const change = lastChange(trend);
  return html`<tr><td class="num">${rank}</td>
<th scope="row">${partner}<small>${region} · ${partnerManager}</small></th>
<td class="num"><strong>${scoreText(score, bands)}</strong></td>
<td class="extra" style="min-width:120px">${scoreBar(score, bandIndexOf(score, bands), bands)}</td>
<td style="min-width:90px">${sparkline(trend, ranking, span, bands)}</td>
<td class="nowrap">${change === null ? "new" : `${arrows[change.direction]} ${signedText(change.points)}`}</td>
<td>${ratingChip(rating, bands)}</td>
<td class="nowrap">${peers.rank} of ${peers.of}</td>
<td class="num">${Math.floor(coveragePercent)} %</td></tr>`;
}

function insufficientTable({ ranking }: ReportModel): Html | null {
  if (ranking.insufficient.length === 0) return null;
  return html`<h3>Insufficient data</h3>
<p class="note">${ranking.insufficient.length} partners have no rating in ${ranking.period}: missing figures count neither as 0 nor as 100.</p>
<div class="wide"><table><thead><tr><th scope="col">Partner</th><th scope="col">Region</th><th scope="col">Partner manager</th><th scope="col" class="num">Coverage</th><th scope="col">Why</th></tr></thead>
<tbody>${ranking.insufficient.map(
    ({ partner, region, partnerManager, coveragePercent, reason }) =>
      html`<tr><th scope="row">${partner}</th><td>${region}</td><td>${partnerManager}</td><td class="num">${Math.floor(coveragePercent)} %</td><td>${reason}</td></tr>`,
  )}</tbody></table></div>`;
}
