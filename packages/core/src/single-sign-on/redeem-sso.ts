import { raise } from "../error/index.ts";
import type { TenantId } from "../id/index.ts";
import { isTokenOf, tokenHash } from "../one-time-token/index.ts";
import { tenantOfText } from "./login-texts.ts";
import type { RedeemSso, SsoHandover } from "./schema.ts";
import type { SsoContext } from "./sso-context.ts";

/**
 * Who has logged in, told once to the client that began it. A wrong verifier leaves the code as it is,
 * so that nobody but that client can use it up.
 * @throws DomainError sso-failed
 */
export async function redeemSso(
  ctx: SsoContext,
  { code, verifier }: RedeemSso,
): Promise<Pick<SsoHandover, "memberId" | "personId"> & { readonly tenantId: TenantId }> {
  const tenantId = tenantOfText(code) ?? raise("sso-failed");
  const { ssoLogins } = ctx.openTenant(tenantId);
  const handover = (await ssoLogins.findHandover(tokenHash(code))) ?? raise("sso-failed");
  const isInTime = handover.expiresAt * 1000 > ctx.wallNow.getTime();
  if (!isInTime || !isTokenOf(handover.challenge, verifier)) raise("sso-failed");
  if (!(await ssoLogins.takeHandover(handover.codeHash))) raise("sso-failed");
  const { memberId, personId } = handover;
  return { tenantId, memberId, personId };
}
