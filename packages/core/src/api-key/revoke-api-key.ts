import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { ApiKeyId } from "../id/index.ts";
import { revoke } from "./api-key.ts";
import type { ApiKeyStore } from "./repository.ts";
import type { ApiKey } from "./schema.ts";

/**
 * The key is refused from its next request on.
 * @throws DomainError permission-denied | api-key-not-found | version-stale | api-key-revoked
 */
export async function revokeApiKey(
  ctx: RequestContext<ApiKeyStore> & { readonly wallNow: Date },
  input: { readonly apiKeyId: ApiKeyId; readonly ifVersion: number },
): Promise<ApiKey> {
  const by = requirePermission(ctx.actor, "api-key:revoke");
  const key = (await ctx.store.apiKeys.get(input.apiKeyId)) ?? raise("api-key-not-found");
  if (key.version !== input.ifVersion) raise("version-stale");
  const { next, event } = revoke(key, by, ctx);
  await ctx.store.apiKeys.save(next, event);
  return next;
}
