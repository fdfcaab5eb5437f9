import { isOtherPartner, requirePermission } from "../actor/index.ts";
import { addDays, dateAt, type Month, monthOf, monthsOf } from "../calendar/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import { type ProgramStore, pageOf } from "../program/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import type { OwnRating } from "./rate-indicator.ts";
import { indicatorTerms, raterOf, shownTo } from "./rating.ts";
import type { RatingStore } from "./repository.ts";
import type { IndicatorRating, IndicatorTerms, RatingsQuery, ShownRating } from "./schema.ts";

const MOST_MONTHS = 12;
const MONTHS_BEFORE = 2;

/** Every indicator of the tenant with its anchors, by id. @throws DomainError permission-denied */
export async function listIndicators(ctx: RequestContext<ProgramStore>): Promise<IndicatorTerms[]> {
  requirePermission(ctx.actor, "indicator-rating:read");
  return indicatorTerms({ versions: await ctx.store.programs.everyVersion() });
}

const firstOf = (month: Month) => `${month}-01`;

/** @throws DomainError indicator-rating-invalid */
function rangeOf({ from, to }: RatingsQuery, today: string): { from: Month; to: Month } {
  const last = to ?? monthOf(today);
  let first = firstOf(last);
  for (let before = 0; before < MONTHS_BEFORE; before += 1) {
    first = firstOf(monthOf(addDays(first, -1)));
  }
  const range = { from: from ?? monthOf(first), to: last };
  const count = monthsOf({ from: firstOf(range.from), to: firstOf(last) }).length;
  if (range.from > last || count > MOST_MONTHS) {
    const detail = `must be one to ${MOST_MONTHS} months up to ${last}`;
    raise("indicator-rating-invalid", undefined, [{ pointer: "/from", detail }]);
  }
  return range;
}

const inOrder = (a: IndicatorRating, b: IndicatorRating): number => {
  const [one, other] = [a, b].map(({ month, indicatorId, voiceId }) =>
    [month, indicatorId, voiceId].join(" "),
  );
  return (one ?? "") < (other ?? "") ? -1 : 1;
};

/**
 * What both sides said of a partner, by month and indicator; the order tells nobody who said it.
 * @throws DomainError permission-denied | partner-not-found | indicator-rating-invalid | cursor-invalid
 */
export async function listRatings(
  ctx: RequestContext<RatingStore & PartnerStore & ProgramStore & TenantProfileStore>,
  { partnerId, ...query }: RatingsQuery & { readonly partnerId: PartnerId },
  page: PageRequest,
): Promise<Page<ShownRating>> {
  const by = requirePermission(ctx.actor, "indicator-rating:read");
  if (isOtherPartner(ctx.actor, partnerId)) raise("partner-not-found");
  const [tenant, partner, versions] = await Promise.all([
    ctx.store.tenant.get(),
    ctx.store.partners.get(partnerId),
    ctx.store.programs.everyVersion(),
  ]);
  if (!tenant || !partner) raise("partner-not-found");
  const { from, to } = rangeOf(query, dateAt(ctx.now, tenant));
  const all = await ctx.store.indicatorRatings.between(partnerId, from, to);
  const wanted = all
    .filter((one) => query.indicatorId === undefined || one.indicatorId === query.indicatorId)
    .sort(inOrder);
  const terms = indicatorTerms({ versions });
  const { items, ...rest } = pageOf(wanted, page);
  return { ...rest, items: items.map((one) => shownTo(by, one, terms)) };
}

/** One's own, to rate again. @throws DomainError permission-denied | indicator-rating-not-found */
export async function getOwnRating(
  ctx: RequestContext<RatingStore>,
  { partnerId, indicatorId, month }: OwnRating,
): Promise<ShownRating> {
  const by = requirePermission(ctx.actor, "indicator-rating:put");
  if (isOtherPartner(ctx.actor, partnerId)) raise("indicator-rating-not-found");
  const key = { partnerId, indicatorId, month, rater: raterOf(by) };
  const own = await ctx.store.indicatorRatings.get(key);
  return shownTo(by, own ?? raise("indicator-rating-not-found"), []);
}
