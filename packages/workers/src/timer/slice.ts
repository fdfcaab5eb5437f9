/** A tick ends after 50 seconds, and other tenants' timers are due in it too. */
const SLICE_MS = 15_000;
const MINUTE_MS = 60_000;

/**
 * The share of a tick that long work may take before it makes room for others.
 * @param wallNow milliseconds of the wall clock
 * @returns whether it is over
 */
export function slice(wallNow: () => number): () => boolean {
  const until = wallNow() + SLICE_MS;
  return () => wallNow() >= until;
}

/** When work that was not finished in its slice goes on. @param now of the business clock */
export const nextSliceAt = (now: Date): string => new Date(now.getTime() + MINUTE_MS).toISOString();
