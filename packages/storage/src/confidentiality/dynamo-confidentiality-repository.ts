import {
  type ConfidentialityRepository,
  ConfidentialityRules,
  PartnerConfidentiality,
} from "@concord/core/confidentiality";
import type { PartnerId } from "@concord/core/id";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import { always } from "../dynamo-table/condition.ts";
import { fromItem } from "../entity.ts";
import { tenantMemory } from "../isolation/tenant-memory.ts";
import type { TenantKeys } from "../keys/index.ts";
import { every } from "../position.ts";
import { forgetStanding, standingOf } from "../standing.ts";

export const rulesAggregate = (keys: TenantKeys): Aggregate<ConfidentialityRules> => ({
  name: "Confidentiality",
  schema: ConfidentialityRules,
  schemaVersion: 1,
  id: () => keys.tenantId,
  key: () => keys.confidentiality(),
});

export const partnerRulesAggregate = (keys: TenantKeys): Aggregate<PartnerConfidentiality> => ({
  name: "PartnerHandling",
  schema: PartnerConfidentiality,
  schemaVersion: 1,
  id: ({ partnerId }) => partnerId,
  key: ({ partnerId }) => keys.partnerConfidentiality(partnerId),
});

type OfPartners = ReadonlyMap<PartnerId, PartnerConfidentiality>;
const none: OfPartners = new Map();

/** Of the tenants that have rules for single partners. */
const remembered = tenantMemory<OfPartners>({
  reads: (keys) => [["query", keys.confidentiality().pk]],
  mostTenants: 500,
});

export function dynamoConfidentialityRepository(tenant: TenantTable): ConfidentialityRepository {
  const { table, keys } = tenant;
  const rules = rulesAggregate(keys);
  const ofPartner = partnerRulesAggregate(keys);

  async function readPartners(): Promise<OfPartners> {
    const { pk } = keys.confidentiality();
    const partners = new Map<PartnerId, PartnerConfidentiality>();
    const query = { pk, sort: { prefix: keys.partnerConfidentialityPrefix } };
    for await (const one of every(table, ofPartner, query)) partners.set(one.partnerId, one);
    return partners;
  }

  return {
    /** AP-380 */
    get: () => load(tenant, rules, keys.confidentiality()),

    /** AP-381 */
    async save(next, event) {
      await save(tenant, rules, next, event);
      forgetStanding(tenant);
    },

    /** AP-382 */
    getPartner: (partnerId) => load(tenant, ofPartner, keys.partnerConfidentiality(partnerId)),

    /** AP-383 */
    async savePartner(next, event) {
      const mark = { ...keys.partnerRulesMark(), entity: "PartnerRulesMark", schemaVersion: 1 };
      await save(tenant, ofPartner, next, event, {
        also: [{ write: { put: mark, condition: always }, otherwise: "version-stale" }],
      });
      forgetStanding(tenant);
      remembered.forget(tenant);
    },

    /** AP-384 */
    async inForce(now) {
      const standing = await standingOf(tenant, now);
      return {
        rules: standing.rules && fromItem(rules, standing.rules),
        partners: standing.hasPartnerRules
          ? await remembered.recall(tenant, now, readPartners)
          : none,
      };
    },
  };
}
