import { scaleLinear, scalePoint } from "d3-scale";
import { line, stack } from "d3-shape";
import { scoreText, valueText } from "./format.ts";
import { type Html, html } from "./html.ts";
import type { Band, ExplainedMetric, PeriodDistribution, Ranking } from "./model.ts";

/** Every chart says in its label what it shows; colours stand in the style sheet as classes. */
const chart = (width: number, height: number, label: string, body: Html): Html =>
  html`<svg class="chart" viewBox="0 0 ${width} ${height}" style="max-width:${width}px" role="img" aria-label="${label}">${body}</svg>`;

/** SVG coordinates of one decimal: small, and the same on every machine. */
const at = (value: number): number => Math.round(value * 10) / 10;

/** @param span points from bottom to top, the same for all sparklines so that their slopes compare; each is centred on itself */
export function sparkline(
  trend: readonly (number | null)[],
  { trendPeriods }: Pick<Ranking, "trendPeriods">,
  span: number,
  bands: readonly Band[],
): Html {
  const [width, height] = [96, 28];
  const x = scalePoint<number>([...trend.keys()], [6, width - 6]);
  const rated = trend.filter((score) => score !== null);
  const middle = (Math.min(...rated) + Math.max(...rated)) / 2;
  const y = scaleLinear([middle - span / 2, middle + span / 2], [height - 5, 5]);
  const points = trend.map((score, index) => ({ score, index }));
  const path = line<{ score: number | null; index: number }>()
    .defined(({ score }) => score !== null)
    .x(({ index }) => at(x(index) ?? 0))
    .y(({ score }) => at(y(score ?? 0)))(points);
  const label = trend
    .map((score, index) => {
      const text = score === null ? "not rated" : scoreText(score, bands);
      return `${trendPeriods[index]} ${text}`;
    })
    .join(", ");
  const dots = points.flatMap(({ score, index }) => {
    if (score === null) return [];
    const isLast = index === trend.length - 1;
    const [cx, cy] = [at(x(index) ?? 0), at(y(score))];
    return [
      html`<circle class="${isLast ? "dot last" : "dot"}" cx="${cx}" cy="${cy}" r="${isLast ? 3.5 : 2}"/>`,
    ];
  });
  return chart(width, height, label, html`<path class="trend" d="${path}"/>${dots}`);
}

/** A score on 0–100 with a tick at every band's lower bound. */
export function scoreBar(score: number, band: number, bands: readonly Band[]): Html {
  const [width, height] = [150, 16];
  const x = scaleLinear([0, 100], [0, width]);
  return chart(
    width,
    height,
    `Score ${scoreText(score, bands)} of 100`,
    html`<rect class="track" y="3" width="${width}" height="10" rx="2"/>
<rect class="band-${band}" y="3" width="${at(x(score))}" height="10" rx="2"/>
${bands.slice(1).map(({ from }) => html`<line class="bound" x1="${at(x(from))}" x2="${at(x(from))}" y1="0" y2="${height}"/>`)}`,
  );
}

/** The measure between floor (scores 0) and target (scores 100); better is always to the right. */
export function bullet({ measure, scale, unit, name }: ExplainedMetric, currency: string): Html {
  const [width, height] = [220, 46];
  const span = scale.target - scale.floor;
  const x = scaleLinear([scale.floor - 0.5 * span, scale.target + 0.5 * span], [0, width]).clamp(
    true,
  );
  const [floor, target] = [x(scale.floor), x(scale.target)];
  const text = (value: number | null) => valueText(value, unit, currency);
  const label = `${name}: ${text(measure)}; floor ${text(scale.floor)}, target ${text(scale.target)}`;
  const mark = measure === null ? null : x(measure);
  return chart(
    width,
    height,
    label,
    html`<rect class="below" y="6" width="${at(floor)}" height="16"/>
<rect class="between" x="${at(floor)}" y="6" width="${at(target - floor)}" height="16"/>
<rect class="beyond" x="${at(target)}" y="6" width="${at(width - target)}" height="16"/>
${mark !== null && html`<rect class="measure" y="11" width="${at(mark)}" height="6"/>`}
${mark !== null && html`<path class="measure" d="M${at(Math.min(width - 6, Math.max(6, mark)))},5l6,9l-6,9l-6,-9z"/>`}
<line class="bound" x1="${at(floor)}" x2="${at(floor)}" y1="3" y2="28"/>
<line class="bound strong" x1="${at(target)}" x2="${at(target)}" y1="3" y2="28"/>
<text x="${at(floor)}" y="41" text-anchor="middle">${text(scale.floor)}</text>
<text x="${at(target)}" y="41" text-anchor="middle">${text(scale.target)}</text>`,
  );
}

/** 100 points: one slot per metric with data, as wide as what it could bring, filled with what it brought. */
export function contributions(metrics: readonly ExplainedMetric[], score: string): Html {
  const [width, height] = [760, 62];
  const x = scaleLinear([0, 100], [0, width]);
  const slots: Html[] = [];
  let start = 0;
  for (const [index, { contribution, pointsLost, score: own }] of metrics.entries()) {
    if (own === null) continue;
    const [left, filled, end] = [
      x(start),
      x(start + contribution),
      x(start + contribution + pointsLost),
    ];
    slots.push(html`<rect class="slot" x="${at(left + 1)}" y="4" width="${at(Math.max(0, end - left - 2))}" height="30"/>
<rect class="earned" x="${at(left + 1)}" y="4" width="${at(Math.max(0, filled - left - 2))}" height="30"/>
${filled - left > 44 && html`<text class="inside earned-text" x="${at((left + filled) / 2)}" y="24" text-anchor="middle">${contribution.toFixed(1)}</text>`}
<text class="key" x="${at((left + end) / 2)}" y="54" text-anchor="middle">${index + 1}</text>`);
    start += contribution + pointsLost;
  }
  const label = metrics
    .map(({ name, contribution, pointsLost, score: own }, index) =>
      own === null
        ? `${index + 1} ${name}: no data`
        : `${index + 1} ${name}: ${contribution.toFixed(1)} of ${(contribution + pointsLost).toFixed(1)}`,
    )
    .join("; ");
  return chart(
    width,
    height,
    `Points that make up the score of ${score}. ${label}`,
    html`${slots}`,
  );
}

/** One bar per period, stacked by band from lowest to highest, partners without a rating last. */
export function distributionChart(
  periods: readonly PeriodDistribution[],
  bands: readonly Band[],
): Html {
  const [width, rowHeight, labelWidth] = [760, 42, 80];
  const names = [...bands.map(({ label }) => label), "insufficient data"];
  const rows = periods.map(({ partners, insufficient }) => [...partners, insufficient]);
  const highest = Math.max(1, ...rows.map((row) => row.reduce((sum, count) => sum + count, 0)));
  const x = scaleLinear([0, highest], [labelWidth, width]);
  const series = stack<readonly number[], number>()
    .keys([...names.keys()])
    .value((row, key) => row[key] ?? 0)(rows);
  const body = periods.map(({ period }, index) => {
    const top = index * rowHeight;
    const segments = series.map((layer, band) => {
      const [from = 0, to = 0] = layer[index] ?? [];
      if (to === from) return null;
      const className = band < bands.length ? `band-${band}` : "unrated";
      return html`<rect class="${className}" x="${at(x(from) + 1)}" y="${top + 6}" width="${at(x(to) - x(from) - 2)}" height="30"/>
<text class="inside on-${className}" x="${at((x(from) + x(to)) / 2)}" y="${top + 26}" text-anchor="middle">${to - from}</text>`;
    });
    return html`<text class="row-label" x="0" y="${top + 26}">${period}</text>${segments}`;
  });
  const label = periods
    .map(({ period }, index) => {
      const counts = rows[index] ?? [];
      return `${period}: ${names.map((name, band) => `${counts[band] ?? 0} ${name}`).join(", ")}`;
    })
    .join("; ");
  return chart(width, periods.length * rowHeight, label, html`${body}`);
}
