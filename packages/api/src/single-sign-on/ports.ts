import type { TenantId } from "@concord/core/id";
import type { IdentityProvider, SsoContext } from "@concord/core/single-sign-on";
import { openVault, type Vault } from "@concord/core/vault";
import { sealingKey } from "../account/sealing-key.ts";
import { openIdProvider } from "./open-id-provider.ts";

/** What single sign-on needs from the entry point. */
export interface SingleSignOnSettings {
  /** Address of this API as browsers know it, without a slash at the end. */
  readonly publicUrl: () => string;
  /** For development and tests alone: providers on this machine, by http. */
  readonly allowsLoopback: boolean;
}

/** What its routes have. */
export interface SingleSignOnPorts {
  readonly identityProvider: IdentityProvider;
  readonly vaultOf: (tenantId: TenantId) => Vault;
  readonly sso: SsoContext;
  readonly publicUrl: () => string;
  /** Origins that a browser may be sent back to. */
  readonly allowedOrigins: readonly string[];
  /** 256 new random bits as base64url. */
  readonly newSecret: () => string;
}

/** Made once, so that what providers say of themselves is asked once in a while and not with each log-in. */
export function singleSignOnPorts({
  singleSignOn: { publicUrl, allowsLoopback },
  tokenSecret,
  allowedOrigins,
  newSecret,
  now,
  wallNow,
}: {
  readonly singleSignOn: SingleSignOnSettings;
  readonly tokenSecret: Uint8Array;
  readonly allowedOrigins: readonly string[];
  readonly newSecret: () => string;
  readonly now: () => Date;
  readonly wallNow: () => Date;
}): (
  person: Pick<SsoContext, "openTenant" | "people" | "hashPassword" | "isCommonPassword" | "mint">,
) => SingleSignOnPorts {
  const redirectUri = () => `${publicUrl()}/v1/login/sso/callback`;
  const identityProvider = openIdProvider({ redirectUri, allowsLoopback, wallNow });
  const key = sealingKey(tokenSecret, "client secrets of single sign-on");
  const vaultOf = (tenantId: TenantId) => openVault(key, tenantId);
  return (person) => ({
    ...{ identityProvider, vaultOf, publicUrl, allowedOrigins, newSecret },
    sso: {
      ...person,
      ...{ provider: identityProvider, vaultOf, tokenSecret },
      now: now(),
      wallNow: wallNow(),
    },
  });
}
