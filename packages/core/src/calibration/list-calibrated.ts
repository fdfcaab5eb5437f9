import { requirePermission } from "../actor/index.ts";
import { everyItem, type Page, type PageRequest, type RequestContext } from "../context/index.ts";
import type { CycleStore } from "../cycle/index.ts";
import { raise } from "../error/index.ts";
import type { CycleId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { Review, ReviewStore } from "../review/index.ts";
import type { ScorecardStore } from "../scorecard/index.ts";
import { groupsOf } from "./calibration.ts";
import type { CalibratedCard, CalibrationGroups } from "./schema.ts";

type Context = RequestContext<
  CycleStore & PartnerStore & Pick<ReviewStore, "reviews"> & ScorecardStore
>;

const CARDS_AT_ONCE = 10;
const PARTNERS_AT_ONCE = 100;

/** Reviews whose card is not frozen are left out. One request a card. */
async function cardsOf(ctx: Context, reviews: readonly Review[]): Promise<CalibratedCard[]> {
  const partners = await ctx.store.partners.getMany(reviews.map(({ partnerId }) => partnerId));
  const known = new Map(partners.map((partner) => [partner.partnerId, partner]));
  const found: CalibratedCard[] = [];
  for (let at = 0; at < reviews.length; at += CARDS_AT_ONCE) {
    const some = reviews.slice(at, at + CARDS_AT_ONCE);
    const cards = await Promise.all(some.map((review) => ctx.store.scorecards.latest(review)));
    for (const [index, review] of some.entries()) {
      const card = cards[index];
      const partner = known.get(review.partnerId);
      if (!card || !partner) continue;
      const { cycleId, partnerId, revision, score, shownScore, rating, coveragePercent } = card;
      const { name: partnerName, region, partnerManagerId } = partner;
      found.push({
        ...{ cycleId, partnerId, partnerName, region, partnerManagerId, revision },
        ...{ score, shownScore, rating, coveragePercent },
        ...(card.unadjusted ? { unadjusted: card.unadjusted } : {}),
        ...(card.adjustment ? { adjustment: card.adjustment } : {}),
      });
    }
  }
  return found;
}

/** @throws DomainError cycle-not-found */
async function requireCycle(ctx: Context, cycleId: CycleId): Promise<void> {
  if (!(await ctx.store.cycles.get(cycleId))) raise("cycle-not-found");
}

/** The frozen cards of a cycle by partner name. @throws DomainError permission-denied | cycle-not-found */
export async function listCalibratedCards(
  ctx: Context,
  cycleId: CycleId,
  page: PageRequest,
): Promise<Page<CalibratedCard>> {
  requirePermission(ctx.actor, "calibration:read");
  const { items: reviews, position } = await ctx.store.reviews.ofCycle(cycleId, page);
  if (reviews.length === 0) await requireCycle(ctx, cycleId);
  const items = await cardsOf(ctx, reviews);
  return position === undefined ? { items } : { items, position };
}

/**
 * How the regions and the reviewers of a cycle score, over all of its frozen cards.
 * @throws DomainError permission-denied | cycle-not-found
 */
export async function getCalibrationGroups(
  ctx: Context,
  cycleId: CycleId,
): Promise<CalibrationGroups> {
  requirePermission(ctx.actor, "calibration:read");
  await requireCycle(ctx, cycleId);
  const reviews: Review[] = [];
  for await (const review of everyItem((page) => ctx.store.reviews.ofCycle(cycleId, page))) {
    reviews.push(review);
  }
  const cards: CalibratedCard[] = [];
  for (let at = 0; at < reviews.length; at += PARTNERS_AT_ONCE) {
    cards.push(...(await cardsOf(ctx, reviews.slice(at, at + PARTNERS_AT_ONCE))));
  }
  return groupsOf(cards);
}
