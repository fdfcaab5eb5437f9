import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { eventOf } from "../event/index.ts";
import type { ProgramStore } from "../program/index.ts";
import { termsOf } from "./card.ts";
import { freezeCard } from "./freeze.ts";
import { frozenData } from "./freeze-scorecard.ts";
import type { FrozenCard, ReviseScorecard } from "./frozen.ts";
import { type FactStore, readFacts } from "./read-inputs.ts";
import type { ScorecardKey, ScorecardStore } from "./repository.ts";

/**
 * Freezes the facts as they are now as the next revision, under the same program version. The
 * revision before stays readable.
 * @param input.ifVersion the revision that was seen
 * @throws DomainError permission-denied | scorecard-not-found | version-stale | scorecard-unchanged | scorecard-facts-changing
 */
export async function reviseScorecard(
  ctx: RequestContext<FactStore & ProgramStore & ScorecardStore>,
  input: ScorecardKey & { readonly ifVersion: number } & ReviseScorecard,
): Promise<FrozenCard> {
  const by = requirePermission(ctx.actor, "scorecard:revise");
  const { programs, scorecards } = ctx.store;
  const current = (await scorecards.latest(input)) ?? raise("scorecard-not-found");
  if (current.revision !== input.ifVersion) raise("version-stale");
  const program =
    (await programs.version(current.programId, current.programVersion)) ??
    raise("program-version-not-found");
  const span = { from: current.from, to: current.to };
  const { inputs } = await readFacts(ctx, current.partnerId, span);
  const { card, chunks } = freezeCard({
    program,
    cycleId: current.cycleId,
    partnerId: current.partnerId,
    period: current.period,
    span,
    inputs,
    terms: termsOf(current),
    revision: current.revision + 1,
    reason: input.reason,
    now: ctx.now,
  });
  if (card.inputsDigest === current.inputsDigest) raise("scorecard-unchanged");
  await scorecards.addInputs(card, chunks);
  const isNew = await scorecards.save(
    card,
    eventOf("scorecard.revised", by, ctx.now, frozenData(card)),
  );
  if (!isNew) {
    const winner = await scorecards.revision(input, card.revision);
    if (winner) await scorecards.discardOtherInputs(winner);
    raise("version-stale");
  }
  return card;
}
