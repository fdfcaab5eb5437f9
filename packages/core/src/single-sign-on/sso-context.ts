import type { TenantId } from "../id/index.ts";
import type { MemberStore } from "../member/index.ts";
import type { PersonRepository } from "../person/index.ts";
import type { Vault } from "../vault/index.ts";
import type { IdentityProvider } from "./identity-provider.ts";
import type { SsoLoginStore } from "./repository.ts";

/** What a log-in at a tenant's provider needs; nobody is known yet. */
export interface SsoContext {
  readonly openTenant: (tenantId: TenantId) => SsoLoginStore & Pick<MemberStore, "members">;
  readonly people: PersonRepository;
  readonly provider: IdentityProvider;
  readonly vaultOf: (tenantId: TenantId) => Vault;
  /** What ties a log-in to its browser is derived from it; at least 32 bytes. */
  readonly tokenSecret: Uint8Array;
  /** The business clock, for events. */
  readonly now: Date;
  /** The wall clock, by which log-ins expire. */
  readonly wallNow: Date;
}
