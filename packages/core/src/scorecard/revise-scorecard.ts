import { type ActorRef, refOf, requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { digestOf } from "../digest/index.ts";
import { DomainError, raise } from "../error/index.ts";
import { eventOf } from "../event/index.ts";
import type { ProgramStore } from "../program/index.ts";
import { termsOf } from "./card.ts";
import { asGrounds, handedInOf } from "./figures.ts";
import { freezeCard } from "./freeze.ts";
import { frozenData } from "./freeze-scorecard.ts";
import type { FrozenCard, InputChunk, ReviseScorecard } from "./frozen.ts";
import { type FactStore, readFacts, readInputs } from "./read-inputs.ts";
import type { ScorecardEvent, ScorecardKey, ScorecardStore } from "./repository.ts";
import type { CardTerms } from "./schema.ts";

type Context = RequestContext<FactStore & ProgramStore & ScorecardStore>;

/** A revision that nobody has saved yet. */
export interface NextRevision {
  readonly card: FrozenCard;
  readonly chunks: readonly InputChunk[];
  readonly event: ScorecardEvent;
}

/**
 * The revision after `current`, under the same program version. Pure but for what it reads.
 * @param change.from the facts as they are now, or those that `current` was frozen from
 * @throws DomainError program-version-not-found | scorecard-facts-changing
 */
export async function nextRevision(
  ctx: Context,
  current: FrozenCard,
  change: {
    readonly terms: CardTerms;
    readonly from: "facts-now" | "frozen-facts";
    readonly reason: string;
    readonly by: ActorRef;
  },
): Promise<NextRevision> {
  const program =
    (await ctx.store.programs.version(current.programId, current.programVersion)) ??
    raise("program-version-not-found");
  const span = { from: current.from, to: current.to };
  const { inputs, handedIn } =
    change.from === "facts-now"
      ? await readFacts(ctx, current.partnerId, span)
      : { inputs: await readInputs(ctx, current), handedIn: handedInOf(current) };
  const { figures: _, voices: __, ...terms } = change.terms;
  const { card, chunks } = freezeCard({
    program,
    cycleId: current.cycleId,
    partnerId: current.partnerId,
    period: current.period,
    span,
    inputs,
    terms: { ...terms, ...asGrounds(handedIn) },
    revision: current.revision + 1,
    reason: change.reason,
    revisedBy: change.by,
    now: ctx.now,
  });
  if (change.from === "frozen-facts" && card.inputsDigest !== current.inputsDigest) {
    throw new Error(`facts behind revision ${current.revision} of a frozen scorecard are missing`);
  }
  return {
    card,
    chunks,
    event: eventOf("scorecard.revised", change.by, ctx.now, frozenData(card)),
  };
}

/**
 * Stores the inputs of a revision, then the revision as `save` does it. Where another attempt was faster the inputs are
 * taken away again.
 * @param save fails with version-stale where it was overtaken
 * @throws whatever `save` throws
 */
export async function commitRevision(
  ctx: RequestContext<ScorecardStore>,
  next: NextRevision,
  save: () => Promise<void>,
): Promise<void> {
  await ctx.store.scorecards.addInputs(next.card, next.chunks);
  try {
    await save();
  } catch (error) {
    const isOvertaken = error instanceof DomainError && error.code === "version-stale";
    if (isOvertaken) await discardLostRevision(ctx, next);
    throw error;
  }
}

async function discardLostRevision(
  ctx: RequestContext<ScorecardStore>,
  { card }: NextRevision,
): Promise<void> {
  const winner = await ctx.store.scorecards.revision(card, card.revision);
  if (winner) await ctx.store.scorecards.discardOtherInputs(winner);
}

/**
 * Freezes the facts as they are now as the next revision, under the same program version. The
 * revision before stays readable.
 * @param input.ifVersion the revision that was seen
 * @throws DomainError permission-denied | scorecard-not-found | version-stale | scorecard-unchanged | scorecard-facts-changing
 */
export async function reviseScorecard(
  ctx: Context,
  input: ScorecardKey & { readonly ifVersion: number } & ReviseScorecard,
): Promise<FrozenCard> {
  const by = requirePermission(ctx.actor, "scorecard:revise");
  const { scorecards } = ctx.store;
  const current = (await scorecards.latest(input)) ?? raise("scorecard-not-found");
  if (current.revision !== input.ifVersion) raise("version-stale");
  const next = await nextRevision(ctx, current, {
    terms: termsOf(current),
    from: "facts-now",
    reason: input.reason,
    by: refOf(by),
  });
  if (hasSameInputs(next.card, current)) raise("scorecard-unchanged");
  await commitRevision(ctx, next, async () => {
    if (!(await scorecards.save(next.card, next.event))) raise("version-stale");
  });
  return next.card;
}

/** Whether the same facts, figures and ratings stand behind both. */
export const hasSameInputs = (next: FrozenCard, current: FrozenCard): boolean =>
  next.inputsDigest === current.inputsDigest &&
  digestOf(handedInOf(next)) === digestOf(handedInOf(current));
