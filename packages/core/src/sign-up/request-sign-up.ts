import { type MintId, TenantId } from "../id/index.ts";
import { admitLink, type GuessContext } from "../login-limit/index.ts";
import { oneTimeToken, tokenHash } from "../one-time-token/index.ts";
import type { SignUpStore } from "./repository.ts";
import { type RequestSignUp, SIGN_UP_SECONDS } from "./schema.ts";

export type SignUpAdmission =
  | { readonly kind: "accepted" }
  | { readonly kind: "limited"; readonly retryAfterMilliseconds: number };

/**
 * Notes the wish; the mail with the token follows from the row. No person is looked up, so that a known
 * address costs and answers what an unknown one does. An address that was sent several mails lately gets
 * no further one, and the last one is still good.
 */
export async function requestSignUp(
  ctx: GuessContext & {
    readonly openTenant: (tenantId: TenantId) => SignUpStore;
    readonly tokenSecret: Uint8Array;
    readonly mint: MintId;
  },
  input: RequestSignUp,
  clientAddress: string,
): Promise<SignUpAdmission> {
  const admission = await admitLink(ctx, { email: input.email, clientAddress });
  if (admission.kind === "limited") return admission;
  if (admission.kind === "mailed-lately") return { kind: "accepted" };
  const tenantId = ctx.mint(TenantId);
  await ctx.openTenant(tenantId).signUp.create({
    tenantId,
    ...input,
    tokenHash: tokenHash(oneTimeToken(ctx.tokenSecret, "sign-up", tenantId, 1)),
    createdAt: ctx.wallNow.toISOString(),
    expiresAt: Math.floor(ctx.wallNow.getTime() / 1000) + SIGN_UP_SECONDS,
  });
  return { kind: "accepted" };
}

/** What the mail carries: where the row is, and the token that opens it. */
export const mailedToken = (secret: Uint8Array, tenantId: TenantId): string =>
  `${tenantId}.${oneTimeToken(secret, "sign-up", tenantId, 1)}`;
