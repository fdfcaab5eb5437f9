import type { TenantId } from "../id/index.ts";
import type { AcceptanceContext } from "../invitation/index.ts";
import type { Vault } from "../vault/index.ts";
import type { IdentityProvider } from "./identity-provider.ts";
import type { SsoLoginStore } from "./repository.ts";

/** What a log-in at a tenant's provider needs; nobody is known yet. */
export interface SsoContext extends AcceptanceContext {
  readonly openTenant: (
    tenantId: TenantId,
  ) => SsoLoginStore & ReturnType<AcceptanceContext["openTenant"]>;
  readonly provider: IdentityProvider;
  readonly vaultOf: (tenantId: TenantId) => Vault;
  /** What ties a log-in to its browser is derived from it; at least 32 bytes. */
  readonly tokenSecret: Uint8Array;
}
