import { requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { ApiKeyId } from "../id/index.ts";
import type { ApiKeyStore } from "./repository.ts";
import type { ApiKey } from "./schema.ts";

/** @throws DomainError permission-denied | api-key-not-found */
export async function getApiKey(
  ctx: RequestContext<ApiKeyStore>,
  apiKeyId: ApiKeyId,
): Promise<ApiKey> {
  requirePermission(ctx.actor, "api-key:read");
  return (await ctx.store.apiKeys.get(apiKeyId)) ?? raise("api-key-not-found");
}

/** Newest first. @throws DomainError permission-denied */
export async function listApiKeys(
  ctx: RequestContext<ApiKeyStore>,
  page: PageRequest,
): Promise<Page<ApiKey>> {
  requirePermission(ctx.actor, "api-key:read");
  return ctx.store.apiKeys.list(page);
}
