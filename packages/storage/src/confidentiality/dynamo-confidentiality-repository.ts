import {
  type ConfidentialityRepository,
  ConfidentialityRules,
  PartnerConfidentiality,
} from "@concord/core/confidentiality";
import type { PartnerId } from "@concord/core/id";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import { always } from "../condition.ts";
import { fromItem } from "../entity.ts";
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
const REMEMBERED_MS = 60_000;
const MOST_TENANTS = 500;

/** Per table and tenant, of those that have rules for single partners; read after the standing, which is permitted first. */
const remembered = new Map<string, { readonly at: number; readonly partners: OfPartners }>();

export function dynamoConfidentialityRepository(tenant: TenantTable): ConfidentialityRepository {
  const { table, keys } = tenant;
  const rules = rulesAggregate(keys);
  const ofPartner = partnerRulesAggregate(keys);
  const cacheKey = `${table.name} ${keys.prefix}`;

  async function partnersAt(now: Date): Promise<OfPartners> {
    const known = remembered.get(cacheKey);
    const age = now.getTime() - (known?.at ?? 0);
    if (known && age >= 0 && age < REMEMBERED_MS) return known.partners;
    const { pk } = keys.confidentiality();
    const partners = new Map<PartnerId, PartnerConfidentiality>();
    const query = { pk, sort: { prefix: keys.partnerConfidentialityPrefix } };
    for await (const one of every(table, ofPartner, query)) partners.set(one.partnerId, one);
    remembered.delete(cacheKey);
    remembered.set(cacheKey, { at: now.getTime(), partners });
    const [oldest] = remembered.keys();
    if (remembered.size > MOST_TENANTS && oldest !== undefined) remembered.delete(oldest);
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
      remembered.delete(cacheKey);
    },

    /** AP-384 */
    async inForce(now) {
      const standing = await standingOf(tenant, now);
      return {
        rules: standing.rules && fromItem(rules, standing.rules),
        partners: standing.hasPartnerRules ? await partnersAt(now) : none,
      };
    },
  };
}
