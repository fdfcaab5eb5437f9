import { ContributionId } from "@concord/core/id";
import { asOpened, Contribution, Review, type ReviewStore, Session } from "@concord/core/review";
import { actionItemAggregate } from "../action-item/dynamo-action-item-repository.ts";
import {
  type Aggregate,
  load,
  save,
  stateDigestOf,
  type TenantTable,
  writesOf,
} from "../aggregate.ts";
import { isNew } from "../dynamo-table/condition.ts";
import type { Item } from "../dynamo-table/item.ts";
import { fromItem, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { page } from "../position.ts";

export const reviewAggregate = (keys: TenantKeys): Aggregate<Review> => ({
  name: "Review",
  schema: Review,
  schemaVersion: 1,
  id: ({ cycleId, partnerId }) => `${cycleId}.${partnerId}`,
  key: keys.review,
  indexes: ({ cycleId, partnerId, partnerName }) => ({
    gsi2pk: keys.reviewList(cycleId),
    gsi2sk: keys.partnerListSort(partnerName.toLowerCase(), partnerId),
  }),
});

/** Digest of the row of a review as the kick-off made it, which has no event. */
export function openingDigestOf(keys: TenantKeys, item: Item): string {
  const reviews = reviewAggregate(keys);
  const review = fromItem(reviews, item);
  return stateDigestOf(review.version === 1 ? item : toItem(reviews, asOpened(review)));
}

export const contributionAggregate = (keys: TenantKeys): Aggregate<Contribution> => ({
  name: "Contribution",
  schema: Contribution,
  schemaVersion: 1,
  id: ({ contributionId }) => contributionId,
  key: (contribution) =>
    keys.contribution(contribution, contribution.at, contribution.contributionId),
});

export const sessionAggregate = (keys: TenantKeys): Aggregate<Session> => ({
  name: "Session",
  schema: Session,
  schemaVersion: 1,
  id: ({ cycleId, partnerId }) => `${cycleId}.${partnerId}`,
  key: keys.session,
});

export function dynamoReviewRepositories(
  tenant: TenantTable,
): Omit<ReviewStore, "frozenScorecards"> {
  const { table, keys } = tenant;
  const reviews = reviewAggregate(keys);
  const contributions = contributionAggregate(keys);
  const sessions = sessionAggregate(keys);
  const actionItems = actionItemAggregate(keys);

  return {
    reviews: {
      /** AP-110 */
      get: (key) => load(tenant, reviews, keys.review(key)),

      /** AP-111 */
      ofCycle: (cycleId, request) =>
        page(table, reviews, { index: "gsi2", pk: keys.reviewList(cycleId) }, request, keys.prefix),

      /** AP-446 */
      async getMany(wanted) {
        if (wanted.length === 0) return [];
        const items = await table.getAll(wanted.map(keys.review));
        return items.map((item) => fromItem(reviews, item));
      },

      /** AP-112 */
      async ofPartner(partnerId, cycleIds) {
        if (cycleIds.length === 0) return [];
        const items = await table.getAll(
          cycleIds.map((cycleId) => keys.review({ cycleId, partnerId })),
        );
        return items.map((item) => fromItem(reviews, item));
      },

      /** AP-113 */
      async open(review) {
        const item = toItem(reviews, review);
        return (await table.put(item, isNew)) ? stateDigestOf(item) : undefined;
      },

      /** AP-389 */
      async openingDigests(wanted) {
        if (wanted.length === 0) return [];
        const found = new Map<string, string>();
        for (const item of await table.getAll(wanted.map(keys.review))) {
          found.set(String(item["pk"]), openingDigestOf(keys, item));
        }
        return wanted.map((key) => found.get(keys.review(key).pk));
      },

      /** AP-114 */
      save: (next, event) => save(tenant, reviews, next, event),
    },

    contributions: {
      /** AP-115 */
      ofReview: (key, request) =>
        page(
          table,
          contributions,
          { pk: keys.review(key).pk, sort: { prefix: keys.contributionPrefix } },
          request,
          keys.prefix,
        ),

      /** AP-116 */
      save: (next, event) => save(tenant, contributions, next, event),

      /** AP-374 */
      async toldBy(entries) {
        if (entries.length === 0) return [];
        const items = await table.getAll(
          entries.map(({ at, object, row }) => ({
            pk: keys.partitionOf(row.partition),
            sk: keys.contributionSort(at, ContributionId.parse(object.id)),
          })),
        );
        return items.map((item) => fromItem(contributions, item));
      },
    },

    sessions: {
      /** AP-117 */
      get: (key) => load(tenant, sessions, keys.session(key)),

      /** AP-447 */
      async getMany(wanted) {
        if (wanted.length === 0) return [];
        const items = await table.getAll(wanted.map(keys.session));
        return items.map((item) => fromItem(sessions, item));
      },

      /** AP-118 */
      save: (next, event) => save(tenant, sessions, next, event, { taken: "session-exists" }),

      /** AP-119 */
      close: (next, event, items) =>
        save(tenant, sessions, next, event, {
          also: items.flatMap((item) =>
            writesOf(tenant, actionItems, item.next, item.event).map((write) => ({
              write,
              otherwise: "version-stale" as const,
            })),
          ),
        }),
    },
  };
}
