import { deriveId, LoginLinkId, PersonId } from "../id/index.ts";
import type { LoginContext } from "../login/index.ts";
import { admitLink, type GuessContext } from "../login-limit/index.ts";
import { oneTimeToken, tokenHash } from "../one-time-token/index.ts";
import type { LoginLinkRepository } from "./repository.ts";
import { LINK_SECONDS, type RequestLoginLink } from "./schema.ts";

export interface LinkContext extends LoginContext, GuessContext {
  readonly loginLinks: LoginLinkRepository;
}

export type LinkRequested =
  | { readonly kind: "accepted" }
  | { readonly kind: "limited"; readonly retryAfterMilliseconds: number };

/**
 * Writes the same row for whoever's address it is; the mail is sent from the change feed, and only to
 * who exists. One that too many asked for gets no further mail, and the last one is still good.
 */
export async function requestLoginLink(
  ctx: LinkContext,
  { email }: RequestLoginLink,
  clientAddress: string,
): Promise<LinkRequested> {
  const admission = await admitLink(ctx, { email, clientAddress });
  if (admission.kind === "limited") return admission;
  if (admission.kind === "mailed-lately") return { kind: "accepted" };
  const known = await ctx.people.findPersonId(email);
  const linkId = ctx.mint(LoginLinkId);
  await ctx.loginLinks.add({
    linkId,
    personId: known ?? deriveId(PersonId, "nobody", email),
    tokenHash: tokenHash(linkToken(ctx.tokenSecret, linkId)),
    createdAt: ctx.wallNow.toISOString(),
    expiresAt: Math.floor(ctx.wallNow.getTime() / 1000) + LINK_SECONDS,
  });
  return { kind: "accepted" };
}

const linkToken = (secret: Uint8Array, linkId: LoginLinkId): string =>
  oneTimeToken(secret, "login-link", linkId, 1);

/** What the mail carries. */
export const mailedLink = (secret: Uint8Array, linkId: LoginLinkId): string =>
  `${linkId}.${linkToken(secret, linkId)}`;
