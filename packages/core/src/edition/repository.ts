import type { CalendarDate } from "../calendar/index.ts";
import type { DomainEvent } from "../event/index.ts";
import type { InvoiceId } from "../id/index.ts";
import type { Timer } from "../timer/index.ts";
import type { SubscriptionChange } from "./edition.ts";
import type { Invoice, Subscription, SubscriptionState, Usage } from "./schema.ts";

export interface UsageRepository {
  /** What is counted now, and today's imports where `today` is given. */
  read(today?: CalendarDate): Promise<Usage & { readonly imports: number }>;
}

export interface SubscriptionRepository {
  /** Undefined where the tenant has the standing that is given without a row. */
  get(): Promise<Subscription | undefined>;
  /**
   * State, event and timers in one transaction; a change of the edition changes the limits with it.
   * @throws DomainError version-stale | edition-too-small where what is counted grew meanwhile
   */
  save(
    change: SubscriptionChange,
    options?: {
      readonly changesEdition?: boolean;
      readonly invoice?: InvoiceChange;
    },
  ): Promise<void>;
  /**
   * The state, remembered for up to a minute of the clock that `now` is from: what another process
   * changed may be missing for that long.
   */
  state(now: Date): Promise<SubscriptionState>;
}

export type InvoiceEvent = DomainEvent<
  "invoice.issued" | "invoice.paid" | "invoice.overdue",
  { readonly number: string }
>;

export interface InvoiceChange {
  readonly next: Invoice;
  readonly event: InvoiceEvent;
  readonly timers: readonly Timer[];
}

export interface InvoiceRepository {
  get(invoiceId: InvoiceId): Promise<Invoice | undefined>;
  /** Every invoice of the tenant, oldest first. */
  list(): Promise<Invoice[]>;
  /** @throws DomainError version-stale */
  save(change: InvoiceChange): Promise<void>;
}

export interface UsageStore {
  readonly usage: UsageRepository;
}

export interface SubscriptionStore extends UsageStore {
  readonly subscriptions: SubscriptionRepository;
  readonly invoices: InvoiceRepository;
}
