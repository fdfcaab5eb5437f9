import {
  HoldsInForce,
  LegalHold,
  type LegalHoldRepository,
  noHolds,
} from "@concord/core/legal-hold";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import { follows } from "../dynamo-table/condition.ts";
import { type Entity, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { page } from "../position.ts";

export const legalHoldAggregate = (keys: TenantKeys): Aggregate<LegalHold> => ({
  name: "LegalHold",
  schema: LegalHold,
  schemaVersion: 1,
  id: ({ holdId }) => holdId,
  key: ({ holdId }) => keys.legalHold(holdId),
});

export const holdsEntity = (keys: TenantKeys): Entity<HoldsInForce> => ({
  name: "HoldsInForce",
  schema: HoldsInForce,
  schemaVersion: 1,
  key: () => keys.holdsInForce(),
});

export function dynamoLegalHoldRepository(tenant: TenantTable): LegalHoldRepository {
  const { table, keys } = tenant;
  const holds = legalHoldAggregate(keys);
  const inForce = holdsEntity(keys);

  return {
    /** AP-391 */
    get: (holdId) => load(tenant, holds, keys.legalHold(holdId)),

    /** AP-392 */
    list: (request) =>
      page(
        table,
        holds,
        {
          pk: keys.retention().pk,
          sort: { prefix: keys.legalHoldPrefix },
          order: "descending",
        },
        request,
        keys.prefix,
      ),

    /** AP-393 */
    inForce: async () => (await load(tenant, inForce, keys.holdsInForce())) ?? noHolds,

    /** AP-394 */
    save: (change) =>
      save(tenant, holds, change.next, change.event, {
        also: [
          {
            write: { put: toItem(inForce, change.inForce), condition: follows(change.inForce) },
            otherwise: "version-stale",
          },
        ],
      }),
  };
}
