import { Partner, type PartnerRepository, partnerNameKey } from "@concord/core/partner";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import { isNew } from "../dynamo-table/condition.ts";
import { countedWrite } from "../edition/usage-rows.ts";
import { fromItem } from "../entity.ts";
import type { Key, TenantKeys } from "../keys/index.ts";
import { page } from "../position.ts";

export const partnerAggregate = (keys: TenantKeys): Aggregate<Partner> => ({
  name: "Partner",
  schema: Partner,
  schemaVersion: 1,
  id: ({ partnerId }) => partnerId,
  key: ({ partnerId }) => keys.partner(partnerId),
  indexes: ({ name, partnerId, partnerManagerId }) => ({
    gsi2pk: keys.partnerList(),
    gsi2sk: keys.partnerListSort(partnerNameKey(name), partnerId),
    ...(partnerManagerId === null
      ? {}
      : {
          gsi1pk: keys.workList("PARTNER", partnerManagerId),
          gsi1sk: keys.partnerListSort(partnerNameKey(name), partnerId),
        }),
  }),
});

export function dynamoPartnerRepository(tenant: TenantTable): PartnerRepository {
  const { table, keys } = tenant;
  const partners = partnerAggregate(keys);
  const claimOf = (name: string): Key => keys.partnerName(partnerNameKey(name));

  return {
    /** AP-10 */
    get: (partnerId) => load(tenant, partners, keys.partner(partnerId)),

    /** AP-14 */
    async getMany(partnerIds) {
      if (partnerIds.length === 0) return [];
      const items = await table.getAll(partnerIds.map(keys.partner));
      return items.map((item) => fromItem(partners, item));
    },

    /** AP-11 */
    list: (request) =>
      page(table, partners, { index: "gsi2", pk: keys.partnerList() }, request, keys.prefix),

    /** AP-448 */
    managedBy: (memberId, request) =>
      page(
        table,
        partners,
        { index: "gsi1", pk: keys.workList("PARTNER", memberId) },
        request,
        keys.prefix,
      ),

    /** AP-12, AP-13, AP-15, AP-449 */
    async save(next, event, previous) {
      const claim = claimOf(next.name);
      const isRenamed = previous === undefined || claimOf(previous.name).pk !== claim.pk;
      const row = { ...claim, entity: "PartnerName", schemaVersion: 1, partnerId: next.partnerId };
      await save(tenant, partners, next, event, {
        also: isRenamed
          ? [
              { write: { put: row, condition: isNew }, otherwise: "partner-name-taken" },
              ...(previous ? [] : [countedWrite(keys, "partners", 1)]),
              ...(previous
                ? [
                    {
                      write: { remove: claimOf(previous.name), condition: exists },
                      otherwise: "version-stale" as const,
                    },
                  ]
                : []),
            ]
          : [],
      });
    },
  };
}

const exists = { expression: "attribute_exists(#pk)", names: { "#pk": "pk" } };
