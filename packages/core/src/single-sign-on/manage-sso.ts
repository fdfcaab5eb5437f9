import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { Vault } from "../vault/index.ts";
import type { IdentityProvider } from "./identity-provider.ts";
import type { SsoStore } from "./repository.ts";
import type { ConnectSso, SsoConnection, UpdateSso } from "./schema.ts";
import { change, connect } from "./single-sign-on.ts";

export interface SsoTools {
  readonly provider: IdentityProvider;
  /** Bound to the tenant: what was sealed for another does not open. */
  readonly vault: Vault;
}

/** @throws DomainError permission-denied | sso-not-found */
export async function getSso(ctx: RequestContext<SsoStore>): Promise<SsoConnection> {
  requirePermission(ctx.actor, "single-sign-on:read");
  return (await ctx.store.singleSignOn.get()) ?? raise("sso-not-found");
}

/** @throws DomainError permission-denied | sso-exists | sso-issuer-unusable */
export async function connectSso(
  ctx: RequestContext<SsoStore>,
  { provider, vault }: SsoTools,
  input: ConnectSso,
): Promise<SsoConnection> {
  const by = requirePermission(ctx.actor, "single-sign-on:manage");
  if (!(await provider.isUsable(input))) raise("sso-issuer-unusable");
  const { next, event } = connect(input, vault.seal, by, ctx.now);
  await ctx.store.singleSignOn.save(next, event);
  return next;
}

/** @throws DomainError permission-denied | sso-not-found | version-stale | sso-secret-needed | sso-issuer-unusable */
export async function updateSso(
  ctx: RequestContext<SsoStore>,
  { provider, vault }: SsoTools,
  input: { readonly ifVersion: number; readonly changes: UpdateSso },
): Promise<SsoConnection> {
  const by = requirePermission(ctx.actor, "single-sign-on:manage");
  const current = (await ctx.store.singleSignOn.get()) ?? raise("sso-not-found");
  if (current.version !== input.ifVersion) raise("version-stale");
  const { next, event } = change(current, input.changes, vault.seal, by, ctx.now);
  const { issuer, clientId, sealedClientSecret } = next;
  // To switch single sign-on off must be possible while the provider does not answer.
  if (input.changes.issuer !== undefined || input.changes.clientSecret !== undefined) {
    const clientSecret = vault.open(sealedClientSecret);
    if (!(await provider.isUsable({ issuer, clientId, clientSecret })))
      raise("sso-issuer-unusable");
  }
  await ctx.store.singleSignOn.save(next, event);
  return next;
}
