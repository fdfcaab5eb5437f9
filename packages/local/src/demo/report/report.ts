import { cardSection } from "./card-section.ts";
import { dateText } from "./format.ts";
import { type Html, html } from "./html.ts";
import type { ReportModel } from "./model.ts";
import { rankingSection } from "./ranking-section.ts";
import { reviewSection } from "./review-section.ts";
import { styleSheet } from "./style.ts";

/** One HTML page that needs nothing else: no host, no script, no file beside it. Every text of the model is escaped. */
export function renderReport(model: ReportModel): string {
  const { tenant, program, ranking, headline, writtenOn, source } = model;
  const title = `Partner ranking ${ranking.period}, ${tenant.name}`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${title}</title>
${styleSheet(model.bands.length)}
</head>
<body><main>
<header>
<h1>Partner reviews ${ranking.period}</h1>
<p class="lead">${tenant.name} · ${program.name}, version ${program.version} · as of ${dateText(writtenOn)}, ${tenant.timeZone} · from ${source}</p>
<nav aria-label="On this page"><a href="#ranking">Ranking</a><a href="#card">One card explained</a><a href="#review">Review pack</a><a href="#flags">Data quality</a></nav>
<dl class="headline">${headline.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
</header>
${rankingSection(model)}
${cardSection(model)}
${reviewSection(model)}
${flagsSection(model)}
</main></body>
</html>
`;
  return page.markup;
}

const flagsSection = ({ flags }: ReportModel): Html =>
  html`<section id="flags" aria-labelledby="flags-title">
<h2 id="flags-title">Data quality</h2>
<p class="lead">What was wrong in the rows that came in, and what became of it.</p>
<div class="wide"><table class="top"><thead><tr><th scope="col">Defect</th><th scope="col" class="num">Rows</th><th scope="col">Resolution</th></tr></thead>
<tbody>${flags.map(
    ({ defect, rows, resolution }) =>
      html`<tr><th scope="row">${defect}</th><td class="num">${rows.toLocaleString("en-US")}</td><td>${resolution}</td></tr>`,
  )}</tbody></table></div>
</section>`;
