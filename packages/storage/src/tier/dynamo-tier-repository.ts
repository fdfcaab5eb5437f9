import { PartnerTier, type TierRepository } from "@concord/core/tier";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import type { TenantKeys } from "../keys/index.ts";
import { page } from "../position.ts";

/** In the list of what waits while something is recommended. */
export const tierAggregate = (keys: TenantKeys): Aggregate<PartnerTier> => ({
  name: "PartnerTier",
  schema: PartnerTier,
  schemaVersion: 1,
  id: ({ partnerId, programId }) => `${partnerId}.${programId}`,
  key: ({ partnerId, programId }) => keys.tier(partnerId, programId),
  indexes: ({ partnerId, programId, recommendation }) =>
    recommendation
      ? {
          gsi1pk: keys.waitingTiers(),
          gsi1sk: keys.waitingTierSort(recommendation.recommendedAt, partnerId, programId),
        }
      : {},
});

export function dynamoTierRepository(tenant: TenantTable): TierRepository {
  const { table, keys } = tenant;
  const tiers = tierAggregate(keys);
  return {
    /** AP-266 */
    get: (partnerId, programId) => load(tenant, tiers, keys.tier(partnerId, programId)),

    /** AP-267 */
    ofPartner: (partnerId, request) => {
      const sort = { prefix: keys.tierPrefix };
      return page(table, tiers, { pk: keys.partner(partnerId).pk, sort }, request, keys.prefix);
    },

    /** AP-268 */
    waiting: (request) =>
      page(table, tiers, { index: "gsi1", pk: keys.waitingTiers() }, request, keys.prefix),

    /** AP-269 */
    save: (next, event) => save(tenant, tiers, next, event),
  };
}
