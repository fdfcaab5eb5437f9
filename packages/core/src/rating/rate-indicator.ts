import { isOtherPartner, requirePermission } from "../actor/index.ts";
import type { Month } from "../calendar/index.ts";
import { type ContentionStore, untilFree } from "../contention/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { type PartnerId, VoiceId } from "../id/index.ts";
import type { IndicatorId } from "../metric/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { ProgramStore } from "../program/index.ts";
import type { RollupStore } from "../rollup/index.ts";
import {
  indicatorTerms,
  monthAfter,
  type Rater,
  type RatingChange,
  rated,
  raterOf,
  requireRatable,
  retract,
} from "./rating.ts";
import type { RatingKey, RatingStore } from "./repository.ts";
import type { IndicatorRating, RateIndicator } from "./schema.ts";

export type RatingContext = RequestContext<
  ContentionStore & RatingStore & PartnerStore & ProgramStore & RollupStore
>;

/** Whoever rates rates for themselves: the rater is never named. */
export interface OwnRating {
  readonly partnerId: PartnerId;
  readonly indicatorId: IndicatorId;
  readonly month: Month;
}

/** @throws DomainError partner-not-found */
async function ownKey(ctx: RatingContext, own: OwnRating, by: Rater): Promise<RatingKey> {
  if (isOtherPartner(ctx.actor, own.partnerId)) raise("partner-not-found");
  if (!(await ctx.store.partners.get(own.partnerId))) raise("partner-not-found");
  const { partnerId, indicatorId, month } = own;
  return { partnerId, indicatorId, month, rater: raterOf(by) };
}

/** Writes what is decided on the rating as it stands, with the month that it counts in. */
async function change(
  { store, now }: RatingContext,
  key: RatingKey,
  ifVersion: number,
  decide: (current: IndicatorRating | undefined) => RatingChange | undefined,
): Promise<IndicatorRating> {
  return untilFree(store, async () => {
    const [current, stored] = await Promise.all([
      store.indicatorRatings.get(key),
      store.rollups.month(key.partnerId, key.month),
    ]);
    if ((current?.version ?? 0) !== ifVersion) raise("version-stale");
    const decided = decide(current);
    if (!decided) return current ?? raise("indicator-rating-not-found");
    const month = monthAfter(decided, stored, now);
    return (await store.indicatorRatings.save(decided, month)) ? decided.next : undefined;
  });
}

/**
 * Rates, or rates again: the partner's live card changes in the same transaction, a frozen one only with its
 * next revision. What a partner says of itself changes no card.
 * @param input.ifVersion 0 before the first time
 * @throws DomainError permission-denied | partner-not-found | indicator-not-found | indicator-side-not-asked |
 *   indicator-rating-invalid | indicator-voices-full | version-stale |
 *   changes-contended
 */
export async function rateIndicator(
  ctx: RatingContext,
  {
    ifVersion,
    input,
    ...own
  }: OwnRating & { readonly ifVersion: number; readonly input: RateIndicator },
): Promise<IndicatorRating> {
  const by = requirePermission(ctx.actor, "indicator-rating:put");
  const key = await ownKey(ctx, own, by);
  const rules = await ctx.store.programs.scoringRules(ctx.now);
  const terms =
    indicatorTerms(rules).find(({ indicatorId }) => indicatorId === own.indicatorId) ??
    raise("indicator-not-found");
  requireRatable(by, own.month, terms, rules, ctx.now);
  const { partnerId, month } = own;
  const voiceId = ctx.mint(VoiceId);
  return change(ctx, key, ifVersion, (current) =>
    rated(current, { partnerId, month, terms, input, voiceId }, by, ctx.now),
  );
}

/**
 * Takes one's own rating back; it can be made again.
 * @throws DomainError permission-denied | partner-not-found | indicator-rating-not-found | indicator-rating-retracted |
 *   version-stale | changes-contended
 */
export async function retractRating(
  ctx: RatingContext,
  { ifVersion, ...own }: OwnRating & { readonly ifVersion: number },
): Promise<IndicatorRating> {
  const by = requirePermission(ctx.actor, "indicator-rating:put");
  const key = await ownKey(ctx, own, by);
  if (!(await ctx.store.indicatorRatings.get(key))) raise("indicator-rating-not-found");
  return change(ctx, key, ifVersion, (current) => current && retract(current, by, ctx.now));
}
