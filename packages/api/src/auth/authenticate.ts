import { KEY_PREFIX, parseKeyText, useApiKey } from "@concord/core/api-key";
import { raise } from "@concord/core/error";
import { actorOf } from "@concord/core/login";
import type { Principal, RequestStores } from "../http/context.ts";
import type { ReadKeySet } from "./key-set.ts";
import { verifyAccessToken } from "./verify-access-token.ts";

/**
 * Who sent a request: a token that we signed, with the membership and login session it names as they
 * are stored now, in one consistent read; or an API key. The stores are pinned to the tenant it names.
 * @throws DomainError unauthenticated
 */
export async function authenticate(
  authorization: string | undefined,
  {
    stores: { openTenant, system, pin },
    keySet,
    issuer,
    wallNow,
  }: {
    readonly stores: RequestStores;
    readonly keySet: ReadKeySet;
    readonly issuer: string;
    readonly wallNow: Date;
  },
): Promise<Principal> {
  const token = bearerTokenOf(authorization);
  if (token.startsWith(KEY_PREFIX)) {
    const text = parseKeyText(token) ?? raise("unauthenticated");
    const { tenantId } = text;
    pin(tenantId);
    return { tenantId, actor: await useApiKey(openTenant(tenantId), text, wallNow) };
  }
  const { byId } = await keySet(system.publicKeys);
  const claims = await verifyAccessToken(token, { keys: byId, issuer, wallNow });
  pin(claims.tid);
  const { loginSessions } = openTenant(claims.tid);
  const found = await loginSessions.find(claims.mid, claims.sid);
  const actor = actorOf(claims, found, wallNow);
  return { tenantId: claims.tid, actor, ...(found.session ? { session: found.session } : {}) };
}

const HOW_TO_AUTHENTICATE =
  "Send the accessToken that POST /v1/login gives, or an API key, as in Authorization: Bearer <accessToken>";

/** RFC 6750, section 2.1; the scheme's name is case-insensitive. @throws DomainError unauthenticated */
function bearerTokenOf(authorization: string | undefined): string {
  const token = /^Bearer ([A-Za-z0-9._-]+)$/i.exec(authorization ?? "")?.[1];
  return token ?? raise("unauthenticated", HOW_TO_AUTHENTICATE);
}
