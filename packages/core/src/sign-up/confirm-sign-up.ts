import { DomainError, raise } from "../error/index.ts";
import { type MintId, TenantId } from "../id/index.ts";
import type { Member, MemberStore } from "../member/index.ts";
import { isTokenOf } from "../one-time-token/index.ts";
import { type IsCommonPassword, requireGoodPassword } from "../person/index.ts";
import { createTenant, type Tenant, type TenantProfileStore } from "../tenant/index.ts";
import type { SignUpStore } from "./repository.ts";
import type { ConfirmSignUp } from "./schema.ts";

/**
 * Makes the tenant on its trial, with whoever shows the mailed token as its first owner: a person who is
 * new, or one we know, who keeps their password. The tenant's id was fixed with the sign-up, so that
 * however often this is repeated there is one tenant.
 * @throws DomainError sign-up-not-found | sign-up-expired | sign-up-confirmed | password-unsuitable |
 *   address-busy
 */
export async function confirmSignUp(
  ctx: {
    readonly openTenant: (tenantId: TenantId) => SignUpStore & TenantProfileStore & MemberStore;
    readonly mint: MintId;
    readonly now: Date;
    readonly wallNow: Date;
    readonly isCommonPassword: IsCommonPassword;
  },
  { token, password }: ConfirmSignUp,
): Promise<{ readonly tenant: Tenant; readonly owner: Member }> {
  const [tenant, secret = ""] = token.split(".");
  const tenantId = TenantId.safeParse(tenant);
  if (!tenantId.success) raise("sign-up-not-found");
  const signUp = await ctx.openTenant(tenantId.data).signUp.get();
  if (!signUp || !isTokenOf(signUp.tokenHash, secret)) raise("sign-up-not-found");
  if (signUp.expiresAt * 1000 <= ctx.wallNow.getTime()) raise("sign-up-expired");
  const { email, displayName, edition } = signUp;
  const names = [displayName, signUp.tenant.name];
  await requireGoodPassword(ctx.isCommonPassword, password, { email, names });
  try {
    return await createTenant(
      { ...ctx, actor: { kind: "system", name: "bootstrap" } },
      {
        tenantId: tenantId.data,
        tenant: signUp.tenant,
        owner: { email, displayName, initialPassword: password },
        subscription: { edition, begins: "trial" },
      },
    );
  } catch (error) {
    const isRepeat = error instanceof DomainError && error.code === "tenant-exists";
    if (isRepeat) raise("sign-up-confirmed");
    throw error;
  }
}
