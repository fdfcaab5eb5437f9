import {
  arrows,
  dateText,
  lastChange,
  pointsText,
  scoreText,
  signedText,
  valueText,
} from "./report/format.ts";
import type { ReportModel } from "./report/model.ts";

/** What the demo prints at its end; the report shows the rest. */
export type SummaryModel = Pick<
  ReportModel,
  "tenant" | "bands" | "flags" | "ranking" | "distribution" | "card" | "partnerYear"
> & { readonly reviewPack: Pick<ReportModel["reviewPack"], "developmentPlan" | "partner"> };

interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

const left = (title: string): Column => ({ title, align: "left" });
const right = (title: string): Column => ({ title, align: "right" });

/** The summary as plain text of at most about 120 columns, ending with a line break. */
export const summaryText = (model: SummaryModel): string =>
  [
    ranking(model),
    insufficient(model),
    distribution(model),
    explanation(model),
    partnerYear(model),
    planSteps(model),
    flags(model),
  ]
    .filter((part) => part !== "")
    .map((part) => `${part}\n`)
    .join("\n");

function ranking({ ranking: { period, trendPeriods, entries }, bands }: SummaryModel): string {
  const scoreOf = (score: number | null) => (score === null ? "–" : scoreText(score, bands));
  const rows = entries.map((entry) => {
    const change = lastChange(entry.trend);
    return [
      String(entry.rank),
      entry.partner,
      entry.region,
      scoreText(entry.score, bands),
      change === null ? "" : `${arrows[change.direction]} ${signedText(change.points)}`,
      entry.rating,
      `${entry.peers.rank} of ${entry.peers.of}`,
      percent(entry.coveragePercent),
      ...entry.trend.slice(0, -1).map(scoreOf),
    ];
  });
  const earlier = trendPeriods.slice(0, -1).map(right);
  const head = ["Score", "Trend", "Rating", "Peers", "Coverage"] as const;
  return titled(
    `Ranking ${period}: ${entries.length} partners with a rating`,
    table(
      [
        right("#"),
        left("Partner"),
        left("Region"),
        right(head[0]),
        left(head[1]),
        left(head[2]),
        right(head[3]),
        right(head[4]),
        ...earlier,
      ],
      rows,
    ),
  );
}

function insufficient({ ranking: { insufficient: rows } }: SummaryModel): string {
  if (rows.length === 0) return "";
  return titled(
    `Insufficient data: ${rows.length} partners`,
    table(
      [left("Partner"), left("Region"), right("Coverage"), left("Why")],
      rows.map((row) => [row.partner, row.region, percent(row.coveragePercent), row.reason]),
    ),
  );
}

const distribution = ({ distribution: periods, bands }: SummaryModel): string =>
  titled(
    "Partners by rating",
    table(
      [left("Period"), ...bands.map(({ label }) => right(label)), right("insufficient data")],
      periods.map(({ period, partners, insufficient: without }) => [
        period,
        ...partners.map(String),
        String(without),
      ]),
    ),
  );

function explanation({ card, bands, tenant: { currency } }: SummaryModel): string {
  const rows = card.metrics.map((metric) => {
    const text = (value: number | null) => valueText(value, metric.unit, currency);
    const hasData = metric.score !== null;
    return [
      metric.name,
      text(metric.measure),
      `${text(metric.scale.floor)} to ${text(metric.scale.target)}`,
      metric.score === null ? "–" : metric.score.toFixed(1),
      percent(metric.weightPercent),
      hasData ? metric.contribution.toFixed(1) : "–",
      hasData ? metric.pointsLost.toFixed(1) : "–",
    ];
  });
  const heading = `Why ${card.partner} has ${scoreText(card.score, bands)} (${card.rating}) in ${card.period}, coverage ${percent(card.coveragePercent)}`;
  const columns = [
    left("Metric"),
    right("Measure"),
    left("Floor to target"),
    ...["Score", "Weight", "Points", "Lost"].map(right),
  ];
  return titled(heading, table(columns, rows), `  ${nextRating(card, currency)}`);
}

function nextRating({ nextRating: next }: SummaryModel["card"], currency: string): string {
  if (next === null) return "This is the highest rating.";
  const missing = `${pointsText(next.pointsMissing)} points to "${next.rating}"`;
  if (next.cheapest === null) return `${missing}; no single metric is enough.`;
  const { metric, unit, from, to } = next.cheapest;
  const text = (value: number) => valueText(value, unit, currency);
  return `${missing}; the cheapest way is ${metric} from ${text(from)} to ${text(to)}.`;
}

function partnerYear({ partnerYear: year, bands, tenant }: SummaryModel): string {
  const { partner, quarters } = year;
  const row = (name: string, cell: (quarter: (typeof quarters)[number]) => string) => [
    name,
    ...quarters.map(cell),
  ];
  const rows = [
    row("Score", ({ score }) => (score === null ? "–" : scoreText(score, bands))),
    row("Rating", ({ rating }) => rating ?? "insufficient data"),
    row("Coverage", ({ coveragePercent }) => percent(coveragePercent)),
    ...(quarters[0]?.measures ?? []).map(({ name }, index) =>
      row(name, ({ measures }) => {
        const measure = measures[index];
        return measure === undefined
          ? "–"
          : valueText(measure.value, measure.unit, tenant.currency);
      }),
    ),
  ];
  return titled(
    `The year of ${partner}`,
    table([left(""), ...quarters.map(({ period }) => right(period))], rows),
  );
}

const planSteps = ({ reviewPack: { partner, developmentPlan: plan } }: SummaryModel): string =>
  titled(
    `Development plan of ${partner}: ${plan.title} (${plan.state})`,
    table(
      [left("On"), left("Step"), left("By"), left("Note")],
      plan.steps.map(({ on, kind, by, note }) => [dateText(on), kind, by, note ?? ""]),
    ),
  );

const flags = ({ flags: rows }: SummaryModel): string =>
  titled(
    "Data quality",
    table(
      [left("Defect"), right("Rows"), left("Resolution")],
      rows.map(({ defect, rows: count, resolution }) => [
        defect,
        count.toLocaleString("en-US"),
        resolution,
      ]),
    ),
  );

const titled = (title: string, ...lines: readonly string[]): string => [title, ...lines].join("\n");

/** Whole per cent, rounded down: 99.9 is not yet all. */
const percent = (value: number): string => `${Math.floor(value)} %`;

/** Columns as wide as their widest cell, two blanks between, indented by two. */
function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) =>
    Math.max(...lines.map((cells) => widthOf(cells[index] ?? ""))),
  );
  return lines
    .map((cells) =>
      columns
        .map(({ align }, index) => {
          const cell = cells[index] ?? "";
          const blanks = " ".repeat((widths[index] ?? 0) - widthOf(cell));
          return align === "right" ? blanks + cell : cell + blanks;
        })
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join("\n");
}

/** Characters as a person counts them, so that names with accents do not shift a row. */
const widthOf = (text: string): number => [...new Intl.Segmenter("en").segment(text)].length;
