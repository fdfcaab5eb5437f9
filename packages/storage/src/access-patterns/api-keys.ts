import type { ApiKey } from "@concord/core/api-key";
import { ApiKeyId, MemberId } from "@concord/core/id";
import type { Stores } from "./access-patterns.ts";
import { AT, type Exercise, event, exercise, FIRST_PAGE, idOf } from "./access-patterns.ts";
import { newMember } from "./people-values.ts";

const apiKey = (changes: Partial<ApiKey> = {}): ApiKey => ({
  apiKeyId: idOf(ApiKeyId),
  name: "Nightly export",
  scopes: ["opportunities:read", "opportunities:write"],
  partnerId: null,
  secretHash: "0".repeat(43),
  issuedBy: idOf(MemberId),
  expiresAt: AT,
  revoked: null,
  lastUsedAt: null,
  version: 1,
  createdAt: AT,
  ...changes,
});
const addKey = ({ tenant: { apiKeys } }: Stores) => apiKeys.save(apiKey(), event("api-key.issued"));

export const apiKeyExercises: readonly Exercise[] = [
  exercise("AP-340", addKey, ({ tenant: { apiKeys } }) => apiKeys.get(idOf(ApiKeyId))),
  exercise("AP-341", addKey, ({ tenant: { apiKeys } }) => apiKeys.list(FIRST_PAGE)),
  exercise("AP-342", async () => undefined, addKey),
  exercise("AP-343", addKey, ({ tenant: { apiKeys } }) =>
    apiKeys.save(
      apiKey({ revoked: { at: AT, by: idOf(MemberId) }, version: 2 }),
      event("api-key.revoked"),
    ),
  ),
  exercise(
    "AP-344",
    async (stores) => {
      await addKey(stores);
      await stores.tenant.members.add(newMember());
    },
    ({ tenant: { apiKeys } }) => apiKeys.find(idOf(ApiKeyId), idOf(MemberId)),
  ),
  exercise("AP-345", addKey, ({ tenant: { apiKeys } }) =>
    apiKeys.noteUse(apiKey({ lastUsedAt: AT })),
  ),
];
