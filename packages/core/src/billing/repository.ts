import type { BillingChange } from "./billing.ts";
import type { BillingAccount } from "./schema.ts";

export interface BillingRepository {
  get(): Promise<BillingAccount | undefined>;
  hasTaken(eventId: string): Promise<boolean>;
  /**
   * The account with its event and, in the same transaction, the event of the provider that was taken and
   * what it changes.
   * @param standing version of the subscription that this was decided on; 0 where it has no row
   * @throws DomainError version-stale | billing-event-taken
   */
  save(change: BillingChange, standing: { readonly version: number }): Promise<void>;
}

export interface BillingStore {
  readonly billing: BillingRepository;
}
