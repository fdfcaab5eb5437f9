import type { RequestContext } from "@concord/core/context";
import { everyItem } from "@concord/core/context";
import type { CycleId, PartnerId, ProgramId } from "@concord/core/id";
import type { PartnerStore } from "@concord/core/partner";
import type { ProgramStore, ScoringRules } from "@concord/core/program";
import type { ScorecardStore } from "@concord/core/scorecard";
import { evaluateTier, type TierStore } from "@concord/core/tier";

export type TierFollowStore = PartnerStore & ProgramStore & ScorecardStore & TierStore;
type Context = RequestContext<TierFollowStore>;

/** A revision of a card that somebody has made: by a dispute, a calibration or from later facts. */
export interface RevisedCard {
  readonly cycleId: CycleId;
  readonly partnerId: PartnerId;
  readonly programId: ProgramId;
  readonly programVersion: number;
  readonly revision: number;
}

/** The freeze itself looks at what it has frozen. */
const isRevised = ({ revision }: RevisedCard): boolean => revision > 1;

/**
 * Looks at the tiers of a partner whose cards were revised. What is read is the newest revision, so that
 * each counts once however often and in which order its changes are delivered. Costs nothing where the
 * program has no tiers.
 */
export async function followTiers(
  ctx: Context,
  cards: readonly RevisedCard[],
  { calendar, versions }: ScoringRules,
): Promise<void> {
  const hasTiers = ({ programId, programVersion }: RevisedCard) => {
    const known = versions.find(
      (one) => one.programId === programId && one.version === programVersion,
    );
    return known === undefined || known.definition.tiers.length > 0;
  };
  const wanted = cards.filter((card) => isRevised(card) && hasTiers(card));
  for (const key of new Map(wanted.map((card) => [card.cycleId, card])).values()) {
    await evaluateTier(ctx, key, calendar.timeZone);
  }
}

/** Looks again at the card behind each tier of a partner: what a failed change left behind. */
export async function recheckTiers(
  ctx: Context,
  partnerId: PartnerId,
  { calendar }: ScoringRules,
): Promise<void> {
  for await (const { evaluated } of everyItem((page) =>
    ctx.store.tiers.ofPartner(partnerId, page),
  )) {
    await evaluateTier(ctx, { cycleId: evaluated.cycleId, partnerId }, calendar.timeZone);
  }
}
