export { rateIndicator, retractRating } from "./rate-indicator.ts";
export { membershipIdOf, type RatingChange, type RatingEvent, ratingIdOf } from "./rating.ts";
export { getOwnRating, listIndicators, listRatings } from "./read-ratings.ts";
export type { RatingKey, RatingRepository, RatingStore } from "./repository.ts";
export {
  IndicatorRating,
  IndicatorTerms,
  RateIndicator,
  RatingsQuery,
  ShownRating,
} from "./schema.ts";
