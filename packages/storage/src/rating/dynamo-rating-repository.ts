import { Month } from "@concord/core/calendar";
import { PartnerId } from "@concord/core/id";
import { IndicatorId } from "@concord/core/metric";
import { MembershipId } from "@concord/core/person";
import {
  IndicatorRating,
  membershipIdOf,
  type RatingRepository,
  ratingIdOf,
} from "@concord/core/rating";
import { type Aggregate, commit, load, type TenantTable, writesOf } from "../aggregate.ts";
import { fromItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { rollupWrite } from "../opportunity/fact-writes.ts";
import { every } from "../position.ts";

const raterIn = ({ by }: IndicatorRating): MembershipId => MembershipId.parse(membershipIdOf(by));

export const ratingAggregate = (keys: TenantKeys): Aggregate<IndicatorRating> => ({
  name: "IndicatorRating",
  schema: IndicatorRating,
  schemaVersion: 1,
  id: ratingIdOf,
  key: (rating) => keys.rating({ ...rating, rater: raterIn(rating) }),
});

/** The parts of an id that the aggregate gave. */
function keyOf(id: string, keys: TenantKeys) {
  const [partnerId, month, indicatorId, rater] = id.split(".");
  return keys.rating({
    partnerId: PartnerId.parse(partnerId),
    month: Month.parse(month),
    indicatorId: IndicatorId.parse(indicatorId),
    rater: MembershipId.parse(rater),
  });
}

export function dynamoRatingRepository(tenant: TenantTable): RatingRepository {
  const { table, keys } = tenant;
  const ratings = ratingAggregate(keys);
  return {
    /** AP-500 */
    get: (key) => load(tenant, ratings, keys.rating(key)),

    /** AP-501 */
    async between(partnerId, from, to) {
      const query = { pk: keys.ratings(partnerId), sort: keys.ratingsBetween(from, to) };
      const found: IndicatorRating[] = [];
      for await (const rating of every(table, ratings, query)) found.push(rating);
      return found;
    },

    /** AP-502 */
    async save({ next, event }, month) {
      const failed = await commit(tenant, next, [
        ...writesOf(tenant, ratings, next, event),
        ...(month ? [rollupWrite(keys, month)] : []),
      ]);
      return failed.length === 0;
    },

    /** AP-503 */
    async toldBy(entries) {
      if (entries.length === 0) return [];
      const items = await table.getAll(entries.map(({ object }) => keyOf(object.id, keys)));
      return items.map((item) => fromItem(ratings, item));
    },
  };
}
