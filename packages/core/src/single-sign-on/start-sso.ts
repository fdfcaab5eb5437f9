import { raise } from "../error/index.ts";
import { TenantId } from "../id/index.ts";
import { tokenHash } from "../one-time-token/index.ts";
import { browserSecretOf, proofsOf, textIn } from "./login-texts.ts";
import type { StartSso } from "./schema.ts";
import type { SsoContext } from "./sso-context.ts";

const LOGIN_SECONDS = 600;

/**
 * A tenant that is not there answers as one without single sign-on, after the same read.
 * @param secret 256 random bits as base64url
 * @throws DomainError sso-unavailable
 */
export async function startSso(
  ctx: SsoContext,
  { tenant, challenge, returnTo }: StartSso,
  secret: string,
): Promise<{ readonly loginUrl: string; readonly browserSecret: string }> {
  const tenantId = TenantId.parse(tenant);
  const { singleSignOn, ssoLogins } = ctx.openTenant(tenantId);
  const connection = await singleSignOn.get();
  if (!connection?.isEnabled) raise("sso-unavailable");
  const { issuer, clientId, sealedClientSecret } = connection;
  const state = textIn(tenantId, secret);
  const clientSecret = ctx.vaultOf(tenantId).open(sealedClientSecret);
  const proofs = proofsOf(ctx.tokenSecret, state);
  const loginUrl = await ctx.provider.loginUrl({ issuer, clientId, clientSecret }, proofs);
  await ssoLogins.begin({
    stateHash: tokenHash(state),
    issuer,
    clientId,
    challenge,
    returnTo: returnTo ?? null,
    expiresAt: Math.floor(ctx.wallNow.getTime() / 1000) + LOGIN_SECONDS,
  });
  return { loginUrl, browserSecret: browserSecretOf(ctx.tokenSecret, state) };
}
