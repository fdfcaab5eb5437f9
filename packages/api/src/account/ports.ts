import type { EventContext, PaymentProvider } from "@concord/core/billing";
import type { TenantId } from "@concord/core/id";
import type { FactorContext, PublicKey } from "@concord/core/login";
import type { RedeemContext } from "@concord/core/login-link";
import type { PersonErasureStore } from "@concord/core/person-erasure";
import type { SsoLoginStore } from "@concord/core/single-sign-on";
import type { ApiStore } from "../http/context.ts";
import type { SingleSignOnPorts } from "../single-sign-on/ports.ts";

/**
 * What the routes of the account function have beside the tenant's data: what signs, hashes, makes
 * one-time tokens or follows one person over several tenants.
 */
export interface AccountPorts
  extends RedeemContext,
    FactorContext,
    SingleSignOnPorts,
    PersonErasureStore {
  /** Opens stores of any tenant, pinned to it; for what one person does over all of their memberships. */
  readonly openTenant: (tenantId: TenantId) => ApiStore & SsoLoginStore;
  /** Where tenants pay by themselves; undefined where the operator bills by hand. */
  readonly payments: PaymentProvider | undefined;
  /** Opens a tenant for the payment provider's events. */
  readonly billingContextOf: EventContext["contextOf"];
  readonly log: EventContext["log"];
  /** The business clock. */
  readonly now: Date;
  /** One-time tokens are derived from it; at least 32 bytes. */
  readonly tokenSecret: Uint8Array;
  /** The `iss` of our tokens, without a slash at the end. */
  readonly issuer: string;
  /** The keys that verify our tokens. */
  readonly publicKeys: () => Promise<readonly PublicKey[]>;
}
