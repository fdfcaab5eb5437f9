import { createHash } from "node:crypto";
import { requirePermission } from "../actor/index.ts";
import type { CadenceStore } from "../cadence/index.ts";
import { Cadence, cadenceOf, monthsIn, periodStarting } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { cycleIdOf, type PartnerId } from "../id/index.ts";
import type { Partner, PartnerStore } from "../partner/index.ts";
import type { ProgramStore } from "../program/index.ts";
import { fixPartners, newChunk } from "./cycle.ts";
import { standingLists, turnsOf } from "./partners-due.ts";
import type { CycleStore } from "./repository.ts";
import { saveUnlessOvertaken } from "./save-unless-overtaken.ts";
import { type Cycle, PARTNERS_PER_CHUNK } from "./schema.ts";

type Context = RequestContext<CadenceStore & CycleStore & PartnerStore & ProgramStore>;
/** Those of some partners who belong to a cycle. */
type Choice = (partners: readonly Partner[]) => Promise<readonly PartnerId[]>;

const everybody: Choice = (partners) => Promise.resolve(partners.map(({ partnerId }) => partnerId));

/**
 * Fixes the list of partners of a cycle in chunks. Whoever appends a chunk knows those before it, so
 * nobody is in two chunks, and a list that was cut off goes on where it stopped.
 * @throws DomainError cycle-not-found
 */
export async function fixPartnerList(ctx: Context, cycle: Cycle): Promise<Cycle> {
  const by = requirePermission(ctx.actor, "cycle:run");
  const { cycles } = ctx.store;
  if (cycle.partnerCount !== null) return cycle;
  const choice = cycle.isByCadence ? await choiceOf(ctx, cycle) : everybody;
  for (let current = cycle; ; ) {
    if (current.partnerCount !== null) return current;
    const list = await appendMissing(ctx, current, choice);
    if (list) {
      const { next, event } = fixPartners(current, list, by, ctx.now);
      if (await saveUnlessOvertaken(cycles, next, event)) return next;
    }
    current = (await cycles.get(cycle.cycleId)) ?? raise("cycle-not-found");
  }
}

/**
 * Whose turn a cycle is among those that begin with it. Their lists are fixed one after the other, the longest
 * period first, and the last of them takes everybody whose period has ended and who is in none: whatever changes
 * between two lists, nobody is in two and nobody falls between them.
 */
async function choiceOf(ctx: Context, cycle: Cycle): Promise<Choice> {
  const { cycles, programs } = ctx.store;
  const { period, programId, programVersion, span } = cycle;
  const version =
    (await programs.version(programId, programVersion)) ?? raise("program-version-not-found");
  const { overridden } = await programs.openingRules(programId);
  const lists = await standingLists(ctx, programId, period, (one) => fixPartnerList(ctx, one));
  const taken = new Set(lists.running);
  let isLast = true;
  const length = ({ period: of }: Cycle) => monthsIn(cadenceOf(of));
  for (const cadence of Cadence.options) {
    const sibling = periodStarting(period, cadence);
    if (sibling === undefined || sibling === period) continue;
    const beside = await cycles.get(cycleIdOf(programId, sibling));
    if (!beside) continue;
    if (length(beside) < length(cycle)) isLast = false;
    else {
      await fixPartnerList(ctx, beside);
      for await (const { partnerIds } of cycles.chunks(beside.cycleId)) {
        for (const partnerId of partnerIds) taken.add(partnerId);
      }
    }
  }
  const { definition } = version;
  const at = { programId, definition, overridden, period, on: span.from };
  return async (partners) => {
    const turns = await turnsOf(ctx, partners, at, { ...lists, running: taken });
    return partners.flatMap(({ partnerId }) => {
      const isTurn = turns.get(partnerId) === period;
      const isLeft = isLast && lists.before.has(partnerId) && !taken.has(partnerId);
      return isTurn || isLeft ? [partnerId] : [];
    });
  };
}

/** @returns undefined where somebody else appended in between. */
async function appendMissing(
  { store: { cycles, partners } }: Context,
  cycle: Cycle,
  choice: Choice,
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
      const unlisted = page.items.filter(({ partnerId }) => !listed.has(partnerId));
      for (const partnerId of await choice(unlisted)) {
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
