import type { EditionName } from "../edition/index.ts";
import type { TenantId } from "../id/index.ts";
import type { PaidStanding } from "./schema.ts";

/** A subscription as the provider knows it at this moment. */
export interface ProviderSubscription {
  readonly subscriptionId: string;
  readonly customerId: string;
  readonly standing: PaidStanding;
  readonly isEnding: boolean;
  /** Undefined where none of our editions has this price. */
  readonly edition: EditionName | undefined;
}

export interface ProviderInvoice {
  readonly id: string;
  /** As it stands on paper. */
  readonly number: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly isPaid: boolean;
  readonly issuedAt: string;
  readonly dueAt: string;
}

/** What happened at the provider, once its signature is verified. */
export interface ProviderEvent {
  readonly eventId: string;
  readonly type: string;
  /** What we wrote into it at checkout; says where to look, and proves nothing. */
  readonly tenantId: string | undefined;
  readonly customerId: string | undefined;
  readonly subscriptionId: string | undefined;
  readonly invoice: ProviderInvoice | undefined;
}

/** Where tenants pay by themselves. Without one the operator bills by hand. */
export interface PaymentProvider {
  /** The same customer for the same tenant, also when it is asked again. */
  createCustomer(tenant: { readonly tenantId: TenantId; readonly name: string }): Promise<string>;
  /** @param key the same for a repeat, which gets the same page */
  checkoutUrl(input: {
    readonly tenantId: TenantId;
    readonly customerId: string;
    readonly edition: EditionName;
    readonly returnTo: string;
    readonly key: string;
  }): Promise<string>;
  portalUrl(input: { readonly customerId: string; readonly returnTo: string }): Promise<string>;
  /** As it is now, whatever events are under way. */
  subscription(subscriptionId: string): Promise<ProviderSubscription | undefined>;
  /**
   * @param body byte by byte as it came
   * @returns undefined for a type that means nothing to us
   * @throws DomainError billing-signature-invalid
   */
  readEvent(body: Uint8Array, signature: string, wallNow: Date): Promise<ProviderEvent | undefined>;
}
