import { partnerNameKey } from "@concord/core/partner";
import { RankingEntry, type RankingRepository, RankingSummaryPart } from "@concord/core/ranking";
import { load, type TenantTable } from "../aggregate.ts";
import { follows } from "../dynamo-table/condition.ts";
import { type Entity, fromItem, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { every } from "../position.ts";

const placeOf = (keys: TenantKeys, { rating, score, partnerName, partnerId }: RankingEntry) =>
  keys.rankingPlace(rating === null ? null : score, partnerNameKey(partnerName), partnerId);

const entryEntity = (keys: TenantKeys): Entity<RankingEntry> => ({
  name: "RankingEntry",
  schema: RankingEntry,
  schemaVersion: 1,
  key: ({ partnerId, period }) => keys.rankingEntry(partnerId, period),
  indexes: (entry) => ({
    gsi2pk: keys.rankingGroup(entry.period, entry),
    gsi2sk: placeOf(keys, entry),
  }),
});

const partEntity = (keys: TenantKeys): Entity<RankingSummaryPart> => ({
  name: "RankingSummaryPart",
  schema: RankingSummaryPart,
  schemaVersion: 1,
  key: (part) => keys.rankingSummaryPart(part.period, part),
});

export function dynamoRankingRepository(tenant: TenantTable): RankingRepository {
  const { table, keys } = tenant;
  const entries = entryEntity(keys);
  const parts = partEntity(keys);

  return {
    /** AP-104 */
    entry: (partnerId, period) => load(tenant, entries, keys.rankingEntry(partnerId, period)),

    /** AP-105 */
    async entries(partnerIds, period) {
      if (partnerIds.length === 0) return [];
      const items = await table.getAll(
        partnerIds.map((partnerId) => keys.rankingEntry(partnerId, period)),
        { consistent: false },
      );
      return items.map((item) => fromItem(entries, item));
    },

    /** AP-106 */
    async ofGroup(period, group, { after, limit }) {
      const { items } = await table.query({
        index: "gsi2",
        pk: keys.rankingGroup(period, group),
        sort: keys.rankingFrom(after),
        limit: limit + 1,
      });
      return items
        .map((item) => fromItem(entries, item))
        .map((entry) => ({ entry, place: placeOf(keys, entry) }))
        .filter(({ place }) => place !== after)
        .slice(0, limit);
    },

    /** AP-107 */
    async countBetween(period, group, scores) {
      let counted = 0;
      const pk = keys.rankingGroup(period, group);
      const better = every(table, entries, {
        index: "gsi2",
        pk,
        sort: keys.rankingBetween(scores),
      });
      for await (const _ of better) counted += 1;
      return counted;
    },

    /** AP-108 */
    async summary(period) {
      const all: RankingSummaryPart[] = [];
      const stored = every(table, parts, { pk: keys.rankingSummary(period) });
      for await (const part of stored) all.push(part);
      return all;
    },

    /** AP-108 */
    async summaryParts(period, groups) {
      const wanted = new Map(
        groups.map((group) => [keys.rankingSummaryPart(period, group).sk, group] as const),
      );
      const items = await table.getAll(
        [...wanted.values()].map((group) => keys.rankingSummaryPart(period, group)),
      );
      return items.map((item) => fromItem(parts, item));
    },

    /** AP-109 */
    async save(entry, changed) {
      const failed = await table.transact([
        { put: toItem(entries, entry), condition: follows(entry) },
        ...changed.map((part) => ({ put: toItem(parts, part), condition: follows(part) })),
      ]);
      return failed.length === 0;
    },
  };
}
