import { ApiKey, type ApiKeyRepository } from "@concord/core/api-key";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import { hasVersion } from "../dynamo-table/condition.ts";
import { fromItem, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { memberAggregate } from "../member/member-rows.ts";
import { page } from "../position.ts";

/** The row's `expiresAt` is a text, which the service's time to live passes over: keys stay for the record. */
export const apiKeyAggregate = (keys: TenantKeys): Aggregate<ApiKey> => ({
  name: "ApiKey",
  schema: ApiKey,
  schemaVersion: 1,
  id: ({ apiKeyId }) => apiKeyId,
  key: ({ apiKeyId }) => keys.apiKey(apiKeyId),
  personal: {
    holder: ({ issuedBy }) => issuedBy,
    isErased: ({ erasedAt }) => erasedAt !== undefined,
    fields: ["name"],
  },
  unversioned: ["lastUsedAt"],
  indexes: ({ createdAt, apiKeyId }) => ({
    gsi2pk: keys.apiKeyList(),
    gsi2sk: keys.apiKeyListSort(createdAt, apiKeyId),
  }),
});

export function dynamoApiKeyRepository(tenant: TenantTable): ApiKeyRepository {
  const { table, keys } = tenant;
  const apiKeys = apiKeyAggregate(keys);
  const members = memberAggregate(keys);

  return {
    /** AP-340 */
    get: (apiKeyId) => load(tenant, apiKeys, keys.apiKey(apiKeyId)),

    /** AP-341 */
    list: (request) =>
      page(
        table,
        apiKeys,
        { index: "gsi2", pk: keys.apiKeyList(), order: "descending" },
        request,
        keys.prefix,
      ),

    /** AP-342, AP-343 */
    save: (next, event) => save(tenant, apiKeys, next, event),

    /** AP-344 */
    async find(apiKeyId, issuedBy) {
      const rows = await table.getAll([keys.apiKey(apiKeyId), keys.membership(issuedBy)]);
      const [key, issuer] = [apiKeys, members].map(({ name }) =>
        rows.find(({ entity }) => entity === name),
      );
      return { key: key && fromItem(apiKeys, key), issuer: issuer && fromItem(members, issuer) };
    },

    /** AP-345 */
    async noteUse(used) {
      await table.put(toItem(apiKeys, used), hasVersion(used.version));
    },
  };
}
