import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { ApiKeyId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import { issue } from "./api-key.ts";
import { toKeyText } from "./key-text.ts";
import type { ApiKeyStore } from "./repository.ts";
import type { ApiKey, IssueApiKey } from "./schema.ts";

/**
 * @param secret 256 random bits as base64url; what is returned with the key is the only place it is in
 * @throws DomainError permission-denied | api-key-scope-not-grantable | partner-not-found | tenant-not-found
 */
export async function issueApiKey(
  ctx: RequestContext<ApiKeyStore & PartnerStore & TenantProfileStore> & { readonly wallNow: Date },
  input: IssueApiKey,
  secret: string,
): Promise<ApiKey & { readonly key: string }> {
  const by = requirePermission(ctx.actor, "api-key:create");
  if (input.partnerId && !(await ctx.store.partners.get(input.partnerId))) {
    raise("partner-not-found");
  }
  const { tenantId } = (await ctx.store.tenant.get()) ?? raise("tenant-not-found");
  const apiKeyId = ctx.mint(ApiKeyId);
  const { next, event } = issue({ apiKeyId, secret }, input, by, ctx);
  await ctx.store.apiKeys.save(next, event);
  return { ...next, key: toKeyText({ tenantId, issuedBy: by.memberId, apiKeyId, secret }) };
}
