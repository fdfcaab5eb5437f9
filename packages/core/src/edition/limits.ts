import type { CalendarDate } from "../calendar/index.ts";
import { DomainError, raise } from "../error/index.ts";
import { limitReached, limitWords } from "./edition.ts";
import { editionOf } from "./editions.ts";
import type { SubscriptionStore, UsageStore } from "./repository.ts";
import type { Counted } from "./schema.ts";

/**
 * Says what the limit is and what is used where the write found it reached. The write itself counts, so
 * that two at once cannot both take the last place.
 * @throws DomainError edition-limit-reached
 */
export async function withinLimit<T>(
  ctx: { readonly store: UsageStore },
  what: Counted,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "edition-limit-reached") throw error;
    const { [what]: used } = await ctx.store.usage.read();
    // At a limit, what is used is the limit.
    raise("edition-limit-reached", limitReached(limitWords(what), used, used));
  }
}

/** Whether something may be kept for so many days. @throws DomainError edition-limit-reached */
export async function requireRetention(
  ctx: { readonly store: SubscriptionStore },
  days: number,
): Promise<void> {
  const subscription = await ctx.store.subscriptions.get();
  const limit = subscription ? editionOf(subscription.edition).limits.retentionDays : null;
  if (limit === null || days <= limit) return;
  raise("edition-limit-reached", `Your edition keeps it for ${limit} days at most`);
}

/** Takes one of the day's imports. @throws DomainError edition-limit-reached */
export async function takeImport(
  ctx: { readonly store: SubscriptionStore },
  today: CalendarDate,
): Promise<void> {
  const subscription = await ctx.store.subscriptions.get();
  const limit = subscription ? editionOf(subscription.edition).limits.importsPerDay : null;
  if (await ctx.store.usage.countImport(today, limit)) return;
  raise("edition-limit-reached", limitReached("imports a day", limit ?? 0, limit));
}
