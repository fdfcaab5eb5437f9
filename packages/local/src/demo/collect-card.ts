import { minorDigits } from "@concord/core/money";
import type {
  CardComparison,
  CardMetric,
  Explanation,
  FrozenCard,
  Scorecard,
} from "@concord/core/scorecard";
import type { DemoRun } from "./demo-run.ts";
import { QUARTERS } from "./local-time.ts";
import { valueText } from "./report/format.ts";
import type {
  ExplainedCard,
  ExplainedMetric,
  PartnerYear,
  Subtotal,
  Unit,
} from "./report/model.ts";
import type { DemoPartner } from "./set-up.ts";

type ExplainedFrozen = FrozenCard & { explanation: Explanation };

const QUARTER = "2017-Q4";

/** The card of the last quarter, with everything the API says about why it is as it is. */
export async function collectCard(
  { vendor }: DemoRun,
  { partner }: DemoPartner,
): Promise<ExplainedCard> {
  const { api } = vendor.programManager;
  const path = `/v1/partners/${partner.partnerId}/scorecards/${QUARTER}`;
  const { body } = await api.call<{ status: string; card: FrozenCard; explanation: Explanation }>(
    `${path}?explain=true`,
  );
  const { body: comparison } = await api.call<CardComparison>(`${path}/changes`);
  const { card, explanation } = body;
  const { score, rating } = card;
  if (score === null || rating.status !== "rated") {
    throw new Error(`${partner.name} has no rating in ${QUARTER}`);
  }
  return {
    partner: partner.name,
    period: QUARTER,
    score,
    rating: rating.name,
    coveragePercent: card.coveragePercent,
    minimumCoveragePercent: card.minimumCoveragePercent,
    metrics: card.metrics.map((metric) => explainedMetric(metric, { ...card, explanation })),
    layers: subtotals(card.layers, ["results", "behaviour", "development"]),
    indicators: subtotals(card.timings, ["leading", "lagging"]),
    nextRating: nextRatingOf(card, explanation),
    moves: movesOf(comparison, card),
    digest: `sha256:${card.inputsDigest}`,
  };
}

function explainedMetric(
  metric: CardMetric,
  { explanation, currency }: ExplainedFrozen,
): ExplainedMetric {
  const { scale } = metric;
  if (scale.kind !== "linear") throw new Error(`the scale of ${metric.name} is not linear`);
  const inputs = explanation.metrics.find(({ metricId }) => metricId === metric.metricId)?.inputs;
  const share = 10 ** minorDigits(currency);
  return {
    name: metric.name,
    layer: metric.layer,
    indicator: metric.timing,
    unit: metric.unit,
    inputs: (inputs ?? []).map(({ name, value, unit }) => ({
      label: inWords(name),
      value: unit === "minor-units" ? value / share : value,
      unit: inputUnits[unit],
    })),
    measure: metric.value === null ? null : Number(metric.value),
    scale: { floor: scale.floor, target: scale.target },
    score: metric.score,
    weightPercent: metric.weightPercent,
    contribution: metric.contribution ?? 0,
    pointsLost: metric.pointsLost ?? 0,
    ...(metric.noData === null ? {} : { note: metric.noData.detail }),
  };
}

const inputUnits = {
  count: "count",
  days: "count",
  "minor-units": "money",
} as const satisfies Record<string, Unit>;

const inputNames: Readonly<Record<string, string>> = {
  wonCount: "won",
  lostCount: "lost",
  wonAmount: "amounts won",
  cycleDays: "days from engagement to close",
  cycleCount: "won with both dates",
  createdCount: "created",
  openCount: "open at the end",
  listedCount: "won with a list price",
  wonWithinBp: "won with a discount of at most",
  wonAlignedBp: "won with a price off the list by at most",
};

/** `wonWithinBp.1000` as `won with a discount of at most 10 %:`; a counter without a name of its own keeps its words. */
export function inWords(counter: string): string {
  const [name = "", basisPoints] = counter.split(".");
  const words = inputNames[name] ?? name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return basisPoints === undefined ? words : `${words} ${Number(basisPoints) / 100} %:`;
}

type Group = { readonly score: number | null; readonly coveragePercent: number };

/** In the order given: a map of the table comes back in any. */
const subtotals = (
  groups: Readonly<Partial<Record<string, Group>>>,
  names: readonly string[],
): Subtotal[] =>
  names.flatMap((name) => {
    const group = groups[name];
    if (!group) return [];
    const label = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
    return [{ label, score: group.score, coveragePercent: group.coveragePercent }];
  });

function nextRatingOf(card: FrozenCard, { nextRating }: Explanation): ExplainedCard["nextRating"] {
  if (nextRating === null) return null;
  const { name, from, pointsMissing, cheapest } = nextRating;
  const metric = card.metrics.find(({ metricId }) => metricId === cheapest?.metricId);
  return {
    rating: name,
    from,
    pointsMissing,
    cheapest:
      cheapest && metric
        ? {
            metric: cheapest.name,
            unit: metric.unit,
            from: Number(cheapest.value),
            to: Number(cheapest.neededValue),
          }
        : null,
  };
}

/** Every cause that moved the score, the largest first. */
function movesOf(
  { moves, previousPeriod }: CardComparison,
  { metrics, currency }: FrozenCard,
): ExplainedCard["moves"] {
  const shown = (metricId: string, value: string | null) => {
    const unit = metrics.find((metric) => metric.metricId === metricId)?.unit ?? "count";
    return valueText(value === null ? null : Number(value), unit, currency);
  };
  return moves
    .flatMap(({ metricId, name: metric, ...move }) => {
      const [before, now] = [shown(metricId, move.previousValue), shown(metricId, move.value)];
      return [
        { metric, points: move.fromMeasure, why: `${before} in ${previousPeriod}, now ${now}` },
        { metric, points: move.fromTarget, why: "target or floor changed" },
        { metric, points: move.fromWeight, why: "weight changed" },
        { metric, points: move.fromCoverage, why: "coverage: it gained or lost its data" },
      ];
    })
    .filter(({ points }) => points !== 0)
    .toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points));
}

/** The four cards of one partner. */
export async function collectYear(
  { vendor }: DemoRun,
  { partner }: DemoPartner,
): Promise<PartnerYear> {
  const quarters = await Promise.all(
    QUARTERS.map(async (period) => {
      const { body } = await vendor.programManager.api.call<Scorecard>(
        `/v1/partners/${partner.partnerId}/scorecards/${period}`,
      );
      const { card } = body;
      return {
        period,
        score: card.rating.status === "rated" ? card.score : null,
        rating: card.rating.status === "rated" ? card.rating.name : null,
        coveragePercent: card.coveragePercent,
        measures: card.metrics.map(({ name, unit, value }) => ({
          name,
          unit,
          value: value === null ? null : Number(value),
        })),
      };
    }),
  );
  return { partner: partner.name, quarters };
}
