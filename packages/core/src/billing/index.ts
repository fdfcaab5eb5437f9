export {
  type BillingAccountEvent,
  type BillingChange,
  bind,
  follow,
  isBilled,
} from "./billing.ts";
export { openPortal, type PayContext, startCheckout } from "./pay-online.ts";
export type {
  PaymentProvider,
  ProviderEvent,
  ProviderInvoice,
  ProviderSubscription,
} from "./payment-provider.ts";
export type { BillingRepository, BillingStore } from "./repository.ts";
export {
  BillingAccount,
  BillingEvent,
  BillingPage,
  OpenPortal,
  PaidStanding,
  StartCheckout,
} from "./schema.ts";
export { type EventContext, takeBillingEvent } from "./take-event.ts";
