import { requirePermission } from "../actor/index.ts";
import type { Period, Span } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { eventOf } from "../event/index.ts";
import type { PublishedProgram } from "../program/index.ts";
import { asGrounds } from "./figures.ts";
import { freezeCard, type RollupDifference } from "./freeze.ts";
import type { FrozenCard } from "./frozen.ts";
import { type FactStore, readFacts } from "./read-inputs.ts";
import type { ScorecardFrozen, ScorecardKey, ScorecardStore } from "./repository.ts";
import { segmentOf } from "./segment-of.ts";
import { targetTerms } from "./target-terms.ts";

export interface FrozenScorecard {
  readonly card: FrozenCard;
  /** Whether this call froze it; a repeat changes nothing and answers with the newest revision. */
  readonly isNew: boolean;
  /** Where the rollup said something else than the facts; for repair, count and alarm. */
  readonly differences: readonly RollupDifference[];
}

export const frozenData = (card: FrozenCard): ScorecardFrozen => ({
  revision: card.revision,
  score: card.score,
  rating: card.rating.status === "rated" ? card.rating.ratingId : card.rating.status,
  inputsDigest: card.inputsDigest,
  cardDigest: card.cardDigest,
  reason: card.reason,
});

/**
 * Freezes the card of one partner and cycle from the facts themselves. The inputs are written first;
 * creating the card is the commit, and only one attempt can make it.
 * @param input.program the version the cycle has pinned
 * @throws DomainError permission-denied | scorecard-facts-changing
 */
export async function freezeScorecard(
  ctx: RequestContext<FactStore & ScorecardStore>,
  input: ScorecardKey & {
    readonly program: PublishedProgram;
    readonly period: Period;
    readonly span: Span;
    /** Told where the rollup says something else than the facts, before the card is made: a crash in between repairs again. */
    readonly onDifference?: (differences: readonly RollupDifference[]) => Promise<void>;
  },
): Promise<FrozenScorecard> {
  const by = requirePermission(ctx.actor, "scorecard:freeze");
  const { scorecards } = ctx.store;
  const stored = async (): Promise<FrozenScorecard> => ({
    card: (await scorecards.latest(input)) ?? raise("scorecard-not-found"),
    isNew: false,
    differences: [],
  });
  const beginning = await scorecards.beginning(input);
  if (beginning.card) return stored();

  const read = await readFacts(ctx, input.partnerId, input.span);
  const { inputs, handedIn, differences, targets } = read;
  if (differences.length > 0) await input.onDifference?.(differences);
  const segment = await segmentOf(ctx, input.program, input);
  const { card, chunks } = freezeCard({
    ...input,
    inputs,
    terms: {
      ...asGrounds(handedIn),
      ...segment,
      ...targetTerms(targets, input.program, input.period, segment),
    },
    revision: 1,
    reason: null,
    now: ctx.now,
  });
  await scorecards.addInputs(card, chunks);
  const isNew = await scorecards.save(
    card,
    eventOf("scorecard.frozen", by, ctx.now, frozenData(card)),
  );
  const first = isNew ? card : await scorecards.revision(input, 1);
  if (first && (!isNew || beginning.hasLeftovers)) await scorecards.discardOtherInputs(first);
  return isNew ? { card, isNew, differences } : stored();
}
