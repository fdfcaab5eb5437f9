import { type MintId, TenantId } from "../id/index.ts";
import { oneTimeToken, tokenHash } from "../one-time-token/index.ts";
import type { SignUpStore } from "./repository.ts";
import { type RequestSignUp, SIGN_UP_SECONDS } from "./schema.ts";

/**
 * Notes the wish; the mail with the token follows from the row. Nothing is looked up, so that a known
 * address costs and answers what an unknown one does.
 */
export async function requestSignUp(
  ctx: {
    readonly openTenant: (tenantId: TenantId) => SignUpStore;
    readonly tokenSecret: Uint8Array;
    readonly mint: MintId;
    readonly wallNow: Date;
  },
  input: RequestSignUp,
): Promise<void> {
  const tenantId = ctx.mint(TenantId);
  await ctx.openTenant(tenantId).signUp.create({
    tenantId,
    ...input,
    tokenHash: tokenHash(oneTimeToken(ctx.tokenSecret, "sign-up", tenantId, 1)),
    createdAt: ctx.wallNow.toISOString(),
    expiresAt: Math.floor(ctx.wallNow.getTime() / 1000) + SIGN_UP_SECONDS,
  });
}

/** What the mail carries: where the row is, and the token that opens it. */
export const mailedToken = (secret: Uint8Array, tenantId: TenantId): string =>
  `${tenantId}.${oneTimeToken(secret, "sign-up", tenantId, 1)}`;
