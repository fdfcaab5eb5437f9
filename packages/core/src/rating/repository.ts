import type { Month } from "../calendar/index.ts";
import type { PartnerId } from "../id/index.ts";
import type { MembershipId } from "../person/index.ts";
import type { MonthRollup } from "../rollup/index.ts";
import type { RatingChange } from "./rating.ts";
import type { IndicatorRating } from "./schema.ts";

/** One rating *is* (partner, month, indicator, rater). */
export type RatingKey = Pick<IndicatorRating, "partnerId" | "indicatorId" | "month"> & {
  readonly rater: MembershipId;
};

/** Where an entry of the audit trail says that a rating is. */
export interface RatingTold {
  readonly object: { readonly id: string };
}

export interface RatingRepository {
  get(key: RatingKey): Promise<IndicatorRating | undefined>;
  /** By month; both months inclusive, retracted ones too. */
  between(partnerId: PartnerId, from: Month, to: Month): Promise<IndicatorRating[]>;
  /**
   * A rating with its event and the month that it counts in, in one transaction.
   * @param month none where it does not count @returns false where one was overtaken and nothing was written
   */
  save(change: RatingChange, month: MonthRollup | undefined): Promise<boolean>;
  /** Those that entries of the audit trail tell of, up to a hundred. */
  toldBy(entries: readonly RatingTold[]): Promise<readonly IndicatorRating[]>;
}

export interface RatingStore {
  readonly indicatorRatings: RatingRepository;
}
