import { TenantId } from "../id/index.ts";
import { oneTimeToken, tokenHash } from "../one-time-token/index.ts";
import type { LoginProofs } from "./identity-provider.ts";

/** 256 random bits that lead to a row of one tenant; only the hash of the whole text is stored. */
const TEXT = /^([0-9A-HJKMNP-TV-Z]{26})\.([A-Za-z0-9_-]{43})$/;

/** @param secret 256 random bits as base64url */
export const textIn = (tenantId: TenantId, secret: string): string =>
  `${tenantId.slice(TenantId.prefix.length + 1)}.${secret}`;

export function tenantOfText(text: string): TenantId | undefined {
  const [, tenant] = TEXT.exec(text) ?? [];
  return tenant === undefined ? undefined : TenantId.parse(`${TenantId.prefix}_${tenant}`);
}

/** What the provider gives back, derived from the state, so that none of it has to be stored. */
export function proofsOf(tokenSecret: Uint8Array, state: string): LoginProofs {
  const subject = tokenHash(state);
  return {
    state,
    nonce: oneTimeToken(tokenSecret, "sso-nonce", subject, 1),
    codeVerifier: oneTimeToken(tokenSecret, "sso-verifier", subject, 1),
  };
}

/** What the browser that began the log-in holds in a cookie; no other can make it. */
export const browserSecretOf = (tokenSecret: Uint8Array, state: string): string =>
  oneTimeToken(tokenSecret, "sso-browser", tokenHash(state), 1);
