import { refOf, requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { ProgramStore } from "../program/index.ts";
import {
  commitRevision,
  type FactStore,
  type FrozenCard,
  nextRevision,
  type ScorecardKey,
  type ScorecardStore,
} from "../scorecard/index.ts";
import { requireOpen, termsAfter } from "./calibration.ts";
import type { CalibrationStore } from "./repository.ts";
import type { AdjustScore } from "./schema.ts";

/**
 * Moves the score of a rated card within the program's bound, or takes that back: the next revision of
 * the card, from the facts that it was frozen from.
 * @param target.ifVersion the revision that was seen
 * @throws DomainError permission-denied | scorecard-not-found | calibration-not-found | calibration-closed |
 *   version-stale | calibration-own-partner | calibration-beyond-bound | calibration-not-rated | scorecard-unchanged
 */
export async function adjustScore(
  ctx: RequestContext<CalibrationStore & FactStore & PartnerStore & ProgramStore & ScorecardStore>,
  target: ScorecardKey & { readonly ifVersion: number },
  input: AdjustScore,
): Promise<FrozenCard> {
  const by = requirePermission(ctx.actor, "calibration:adjust");
  const { calibrations, partners, programs, scorecards } = ctx.store;
  const card = (await scorecards.latest(target)) ?? raise("scorecard-not-found");
  requireOpen((await calibrations.get(target.cycleId)) ?? raise("calibration-not-found"));
  if (card.revision !== target.ifVersion) raise("version-stale");
  const [program, partner] = await Promise.all([
    programs.version(card.programId, card.programVersion),
    partners.get(card.partnerId),
  ]);
  if (!program) raise("program-version-not-found");
  const { definition } = program;
  const of = { definition, partnerManagerId: partner?.partnerManagerId ?? null };
  const next = await nextRevision(ctx, card, {
    terms: termsAfter(card, of, input, by, ctx.now),
    from: "frozen-facts",
    reason: input.points === null ? "A calibration was taken back" : "Calibrated",
    by: refOf(by),
  });
  await commitRevision(ctx, next, () => calibrations.adjust(next));
  return next.card;
}
