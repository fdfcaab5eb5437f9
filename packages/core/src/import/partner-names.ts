import type { PartnerId } from "../id/index.ts";
import { textKey } from "../source/index.ts";
import type { JobContext } from "./job.ts";

/** Finds partners by name, each name once a run. */
export function partnerNames(ctx: JobContext): (name: string) => Promise<PartnerId | undefined> {
  const known = new Map<string, PartnerId | undefined>();
  return async (name) => {
    const key = textKey(name);
    if (known.has(key)) return known.get(key);
    const partnerId = await ctx.store.sources.partnerNamed(name);
    known.set(key, partnerId);
    return partnerId;
  };
}
