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

/**
 * Takes one of the day's imports with the write that makes it, so that an attempt that dies takes none.
 * @param write is told how many there may be; null without a limit
 * @throws DomainError edition-limit-reached
 */
export async function withinDay(
  ctx: { readonly store: SubscriptionStore },
  write: (limit: number | null) => Promise<void>,
): Promise<void> {
  const subscription = await ctx.store.subscriptions.get();
  const limit = subscription ? editionOf(subscription.edition).limits.importsPerDay : null;
  try {
    await write(limit);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "edition-limit-reached") throw error;
    raise("edition-limit-reached", limitReached("imports a day", limit ?? 0, limit));
  }
}
