import type { RequestContext } from "@concord/core/context";
import {
  advanceSubscription,
  endPaymentTerm,
  remindTrial,
  type SubscriptionStore,
  standingOf,
} from "@concord/core/edition";
import { InvoiceId, type TenantId } from "@concord/core/id";
import type { TimerKind } from "@concord/core/timer";
import type { TimerHandler } from "../timer/run-tick.ts";

interface SubscriptionTimerDependencies {
  /** Opens the tenant for the system, at this instant. */
  readonly contextOf: (tenantId: TenantId, now: Date) => RequestContext<SubscriptionStore>;
}

/** The end of a trial, of a grace, of a suspension; and the date of an invoice. */
export const subscriptionTimers = ({
  contextOf,
}: SubscriptionTimerDependencies): Record<
  Extract<TimerKind, "subscription" | "trial-ending" | "invoice-due">,
  TimerHandler
> => ({
  /** What has moved on meanwhile has set a timer of its own. */
  subscription: async ({ tenantId }, now) => {
    await advanceSubscription(contextOf(tenantId, now));
    return "done";
  },

  "trial-ending": async ({ tenantId, dueAt }, now) => {
    await remindTrial(contextOf(tenantId, now), new Date(dueAt));
    return "done";
  },

  "invoice-due": async ({ tenantId, subject }, now) => {
    await endPaymentTerm(contextOf(tenantId, now), InvoiceId.parse(subject));
    return "done";
  },
});

const HOUR_MS = 3_600_000;

/**
 * Puts off what a tenant's cycles want while nobody can work in it, an hour at a time. Nothing of it
 * is lost: reactivated, each period that began meanwhile opens in its order, late, and one whose
 * windows have passed is frozen from the facts there are and closed.
 */
export const whileOpen =
  (contextOf: SubscriptionTimerDependencies["contextOf"], handler: TimerHandler): TimerHandler =>
  async (timer, now) => {
    const { subscriptions } = contextOf(timer.tenantId, now).store;
    if (standingOf(await subscriptions.state(now)) === "open") return handler(timer, now);
    const { kind, subject } = timer;
    return { again: { kind, subject, dueAt: new Date(now.getTime() + HOUR_MS).toISOString() } };
  };
