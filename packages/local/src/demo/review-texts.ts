import type { CardMetric } from "@concord/core/scorecard";
import { valueText } from "./report/format.ts";

interface Sentences {
  readonly win: (value: string) => string;
  readonly lesson: (value: string) => string;
  readonly need: string;
  readonly activity: string;
}

/** What a person would say about a metric of the template for resellers. */
const sentences: Readonly<Record<string, Sentences>> = {
  "revenue-won": {
    win: (value) => `${value} won, most of it with customers that had bought before`,
    lesson: (value) => `${value} won: too much effort went into deals that stay small`,
    need: "Introductions at the ten largest accounts of the region",
    activity: "Joint account plan for the ten largest customers",
  },
  "win-rate": {
    win: (value) => `A win rate of ${value}: qualifying before quoting pays`,
    lesson: (value) => `A win rate of ${value}: we quote before we know who decides`,
    need: "A comparison with the two competitors we lose to most",
    activity: "Qualification workshop with the sales team",
  },
  "average-deal-size": {
    win: (value) => `The average deal reached ${value}`,
    lesson: (value) => `The average deal is ${value}: we sell single products, not solutions`,
    need: "A reference architecture that combines the product lines",
    activity: "Coaching on selling complete solutions",
  },
  "sales-cycle": {
    win: (value) => `Deals close after ${value} on average`,
    lesson: (value) => `Deals take ${value}: approvals at the customer start too late`,
    need: "Answers to technical questions within two days",
    activity: "Joint close plans for deals older than 30 days",
  },
  "discount-discipline": {
    win: (value) => `${value} of the won deals kept to the discount limit`,
    lesson: (value) => `Only ${value} of the won deals kept to the discount limit`,
    need: "A rule for discounts on bundles",
    activity: "Price training for the sales team",
  },
  "pricing-alignment": {
    win: (value) => `${value} of the won deals were close to the list price`,
    lesson: (value) => `Only ${value} of the won deals were close to the list price`,
    need: "A price calculator that knows the current list",
    activity: "Quotes from the price calculator only",
  },
  "pipeline-created": {
    win: (value) => `${value} new opportunities, the summer campaign brought a part of them`,
    lesson: (value) => `${value} new opportunities are too few to carry the next quarter`,
    need: "A joint campaign in the coming quarter",
    activity: "Joint campaign with a shared budget",
  },
  "pipeline-velocity": {
    win: (value) => `The pipeline turns ${value}`,
    lesson: (value) => `The pipeline turns only ${value}: old deals sit in it`,
    need: "A monthly look at deals that do not move",
    activity: "Monthly pipeline review of deals that do not move",
  },
};

const fallback = (name: string): Sentences => ({
  win: (value) => `${name} at ${value}`,
  lesson: (value) => `${name} at ${value} is below what we agreed`,
  need: `Support with ${name.toLowerCase()}`,
  activity: `Workshop on ${name.toLowerCase()}`,
});

const sentencesOn = ({ metricId, name }: CardMetric): Sentences =>
  sentences[metricId] ?? fallback(name);

const shown = ({ value, unit }: CardMetric): string =>
  valueText(value === null ? null : Number(value), unit, "USD");

export const winOn = (metric: CardMetric): string => sentencesOn(metric).win(shown(metric));
export const lessonOn = (metric: CardMetric): string => sentencesOn(metric).lesson(shown(metric));
export const needOn = (metric: CardMetric): string => sentencesOn(metric).need;
export const activityOn = (metric: CardMetric): string => sentencesOn(metric).activity;

/** Metrics with data, those that lose most points of the card first. */
export const gapsOf = (metrics: readonly CardMetric[]): CardMetric[] =>
  metrics
    .filter(({ score }) => score !== null)
    .toSorted((a, b) => (b.pointsLost ?? 0) - (a.pointsLost ?? 0));
