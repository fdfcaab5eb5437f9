export { advanceSubscription, remindTrial } from "./advance-subscription.ts";
export {
  currentSubscription,
  endPaymentTerm,
  issueInvoice,
  recordPayment,
  startSubscription,
} from "./bill.ts";
export {
  begin,
  changeEdition,
  followPayment,
  givenSubscription,
  type Happening,
  happen,
  overOf,
  type Payment,
  type SubscriptionChange,
  type SubscriptionEvent,
  standingOf,
} from "./edition.ts";
export { editionOf, editions, TERMS } from "./editions.ts";
export { followInvoice, type ProvidedInvoice } from "./invoice.ts";
export { requireRetention, withinDay, withinLimit } from "./limits.ts";
export { listInvoices } from "./list-invoices.ts";
export type {
  InvoiceChange,
  InvoiceRepository,
  SubscriptionRepository,
  SubscriptionStore,
  UsageRepository,
  UsageStore,
} from "./repository.ts";
export {
  ChangeEdition,
  CloseTenant,
  Counted,
  Edition,
  EditionLimits,
  EditionName,
  Invoice,
  InvoiceView,
  IssueInvoice,
  Standing,
  Subscription,
  SubscriptionState,
  SubscriptionTerms,
  SubscriptionView,
  Usage,
} from "./schema.ts";
export { type Intent, requireStanding } from "./standing.ts";
export { termsOf, viewOf } from "./subscription-view.ts";
