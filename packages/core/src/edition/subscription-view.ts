import type { CalendarDate } from "../calendar/index.ts";
import { standingOf } from "./edition.ts";
import { editionOf } from "./editions.ts";
import type { UsageStore } from "./repository.ts";
import type { Subscription, SubscriptionTerms, SubscriptionView } from "./schema.ts";

export const termsOf = (subscription: Subscription): SubscriptionTerms => ({
  ...subscription,
  standing: standingOf(subscription.state),
});

/** The subscription with what is used of each limit. */
export async function viewOf(
  ctx: { readonly store: UsageStore },
  subscription: Subscription,
  today: CalendarDate,
): Promise<SubscriptionView> {
  const { imports, ...used } = await ctx.store.usage.read(today);
  const { limits } = editionOf(subscription.edition);
  return {
    ...termsOf(subscription),
    usage: {
      partners: { used: used.partners, limit: limits.partners },
      members: { used: used.members, limit: limits.members },
      programs: { used: used.programs, limit: limits.programs },
      importsPerDay: { used: imports, limit: limits.importsPerDay },
    },
  };
}
