import { createHash } from "node:crypto";
import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import { fixPartners, newChunk } from "./cycle.ts";
import type { CycleStore } from "./repository.ts";
import { saveUnlessOvertaken } from "./save-unless-overtaken.ts";
import { type Cycle, PARTNERS_PER_CHUNK } from "./schema.ts";

type Context = RequestContext<CycleStore & PartnerStore>;

/**
 * Fixes the list of partners of a cycle in chunks. Whoever appends a chunk knows those before it, so
 * nobody is in two chunks, and a list that was cut off goes on where it stopped.
 * @throws DomainError cycle-not-found
 */
export async function fixPartnerList(ctx: Context, cycle: Cycle): Promise<Cycle> {
  const by = requirePermission(ctx.actor, "cycle:run");
  const { cycles } = ctx.store;
  for (let current = cycle; ; ) {
    if (current.partnerCount !== null) return current;
    const list = await appendMissing(ctx, current);
    if (list) {
      const { next, event } = fixPartners(current, list, by, ctx.now);
      if (await saveUnlessOvertaken(cycles, next, event)) return next;
    }
    current = (await cycles.get(cycle.cycleId)) ?? raise("cycle-not-found");
  }
}

/** @returns undefined where somebody else appended in between. */
async function appendMissing(
  { store: { cycles, partners } }: Context,
  cycle: Cycle,
): Promise<{ partnerCount: number; chunkCount: number; digest: string } | undefined> {
  const listed = new Set<PartnerId>();
  const digest = createHash("sha256");
  let chunkCount = 0;
  for await (const chunk of cycles.chunks(cycle.cycleId)) {
    for (const partnerId of chunk.partnerIds) listed.add(partnerId);
    digest.update(chunk.digest);
    chunkCount += 1;
  }
  const append = async (partnerIds: readonly PartnerId[]): Promise<boolean> => {
    const chunk = newChunk(cycle.cycleId, chunkCount, partnerIds);
    if (!(await cycles.addChunk(cycle, chunk))) return false;
    digest.update(chunk.digest);
    chunkCount += 1;
    return true;
  };

  // A rename moves a partner within the list while it is read: it is read until nobody is missing.
  for (let before = -1; before < listed.size; ) {
    before = listed.size;
    const missing: PartnerId[] = [];
    let position: string | undefined;
    do {
      const page = await partners.list({ limit: PARTNERS_PER_CHUNK, position });
      for (const { partnerId } of page.items) {
        if (listed.has(partnerId)) continue;
        listed.add(partnerId);
        missing.push(partnerId);
      }
      while (missing.length >= PARTNERS_PER_CHUNK) {
        if (!(await append(missing.splice(0, PARTNERS_PER_CHUNK)))) return undefined;
      }
      position = page.position;
    } while (position !== undefined);
    if (missing.length > 0 && !(await append(missing))) return undefined;
  }
  return { partnerCount: listed.size, chunkCount, digest: digest.digest("hex") };
}
