export { isRated, ratingAt, scoreCard } from "./card.ts";
export { CardComparison, compareCards, MetricMove } from "./compare-cards.ts";
export { Explanation, explain, shownMeasure } from "./explain.ts";
export { formulaHash } from "./formula-hash.ts";
export { NextRating, nextRating, WayUp } from "./next-rating.ts";
export { Card, CardMetric, Rating, Subtotal } from "./schema.ts";
