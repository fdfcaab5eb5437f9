import { KEY_PREFIX, parseKeyText, useApiKey } from "@concord/core/api-key";
import { raise } from "@concord/core/error";
import { actorOf, logIn } from "@concord/core/login";
import { hashPassword } from "@concord/core/person";
import type { ApiDependencies, RequestData, RequestStores } from "../http/context.ts";
import { tokenIssuer } from "./issue-access-token.ts";
import { cachedKeySet } from "./key-set.ts";
import type { SigningKey } from "./signing-key.ts";
import { verifyAccessToken } from "./verify-access-token.ts";

export interface IdentitySettings extends Pick<ApiDependencies, "wallNow" | "mint"> {
  /** Once per request, so that its cost can be told. */
  readonly openStores: (request: { readonly requestId: string }) => RequestStores;
  readonly signingKey: SigningKey;
  /** The `iss` of our tokens: the address under which the key set is served. */
  readonly issuer: string;
}

/** The data side of each request, behind the verified token. */
export function requestOpener(
  settings: IdentitySettings,
): (request: { readonly requestId: string }) => RequestData {
  const { issuer, wallNow, mint } = settings;
  const keySet = cachedKeySet(settings);
  const issueToken = tokenIssuer(settings);

  return (request) => {
    const { openTenant, system, usage, pin, pinnedTo, checkPosition } =
      settings.openStores(request);
    return {
      async authenticate(authorization) {
        const token = bearerTokenOf(authorization);
        if (token.startsWith(KEY_PREFIX)) {
          const text = parseKeyText(token) ?? raise("unauthenticated");
          const { tenantId } = text;
          pin(tenantId);
          return { tenantId, actor: await useApiKey(openTenant(tenantId), text, wallNow()) };
        }
        const { byId } = await keySet(system.publicKeys);
        const claims = await verifyAccessToken(token, { keys: byId, issuer, wallNow: wallNow() });
        pin(claims.tid);
        const { loginSessions } = openTenant(claims.tid);
        const found = await loginSessions.find(claims.mid, claims.sid);
        return { tenantId: claims.tid, actor: actorOf(claims, found, wallNow()) };
      },
      openStore(tenantId, record) {
        if (pinnedTo() === undefined) throw new Error("a route opened a tenant before it had one");
        return openTenant(tenantId, record);
      },
      checkPosition,
      logIn: (input) =>
        logIn(
          {
            people: system.people,
            tenants: system.tenants,
            openTenant,
            hashPassword,
            issueToken,
            wallNow: wallNow(),
            mint,
          },
          input,
        ),
      publicKeys: async () => (await keySet(system.publicKeys)).published,
      isReady: async () => {
        await keySet(system.publicKeys);
        const { keys } = await system.publicKeys.get();
        return keys.some(({ kid }) => kid === settings.signingKey.kid);
      },
      lastTick: system.timers.lastTick,
      usage,
    };
  };
}

const HOW_TO_AUTHENTICATE =
  "Send the accessToken that POST /v1/login gives, or an API key, as in Authorization: Bearer <accessToken>";

/** RFC 6750, section 2.1; the scheme's name is case-insensitive. @throws DomainError unauthenticated */
function bearerTokenOf(authorization: string | undefined): string {
  const token = /^Bearer ([A-Za-z0-9._-]+)$/i.exec(authorization ?? "")?.[1];
  return token ?? raise("unauthenticated", HOW_TO_AUTHENTICATE);
}
