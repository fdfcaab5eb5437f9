import { requirePermission } from "../actor/index.ts";
import { lastPeriods } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { cycleIdOf } from "../cycle/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import { definitionFor, type ProgramStore, type PublishedProgram } from "../program/index.ts";
import {
  type FrozenCard,
  type PartnerStanding,
  periodsIn,
  type ScorecardKey,
  type ScorecardStore,
  standingOf,
} from "../scorecard/index.ts";
import type { TierStore } from "./repository.ts";
import type { PartnerTier } from "./schema.ts";
import { evaluate } from "./tier.ts";

type Context = RequestContext<PartnerStore & ProgramStore & ScorecardStore & TierStore>;

/** Over the frozen cards that the program looks back on. */
async function standingWith(
  ctx: Context,
  card: FrozenCard,
  { definition, programId }: PublishedProgram,
): Promise<PartnerStanding> {
  const { partnerId, period: newest } = card;
  const periods = lastPeriods(newest, periodsIn(definition.history));
  const cards = await Promise.all(
    periods.map(async (period) => {
      if (period === newest) return { period, card };
      const cycleId = cycleIdOf(programId, period);
      return { period, card: await ctx.store.scorecards.latest({ cycleId, partnerId }) };
    }),
  );
  return standingOf(newest, cards, definitionFor(definition, card.segmentId));
}

/**
 * Looks at the newest revision of a card: promotes where the program does so by itself, or recommends.
 * Safe to repeat.
 * @returns undefined where the program has no tiers
 * @throws DomainError permission-denied | scorecard-not-found | version-stale
 */
export async function evaluateTier(
  ctx: Context,
  key: ScorecardKey,
  timeZone: string,
): Promise<PartnerTier | undefined> {
  const by = requirePermission(ctx.actor, "tier:evaluate");
  const { partners, programs, scorecards, tiers } = ctx.store;
  const card = (await scorecards.latest(key)) ?? raise("scorecard-not-found");
  const program =
    (await programs.version(card.programId, card.programVersion)) ??
    raise("program-version-not-found");
  if (program.definition.tiers.length === 0) return undefined;
  const [current, partner, standing] = await Promise.all([
    tiers.get(card.partnerId, card.programId),
    partners.get(card.partnerId),
    standingWith(ctx, card, program),
  ]);
  const partnerName = partner?.name ?? card.partnerId;
  const change = evaluate(current, { program, card, standing, partnerName, timeZone }, by, ctx.now);
  if (!change) return current;
  await tiers.save(change.next, change.event);
  return change.next;
}
