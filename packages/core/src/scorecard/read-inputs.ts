import { monthOf, type Span } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId } from "../id/index.ts";
import type { Opportunity, OpportunityRepository } from "../opportunity/index.ts";
import type { MonthRollup } from "../rollup/index.ts";
import type { TargetSet } from "../target/index.ts";
import { type HandedIn, handedInOfMonths } from "./figures.ts";
import { type RollupDifference, rollupDifferences } from "./freeze.ts";
import type { CardInput, FrozenCard, InputChunk } from "./frozen.ts";
import { inputsOf, inputsOfChunk } from "./inputs.ts";
import type { LiveNumbersRepository, ScorecardStore } from "./repository.ts";

/** What a card is counted from: the facts, and the rollups they are held against. */
export interface FactStore {
  readonly opportunities: Pick<OpportunityRepository, "ofPartner">;
  readonly liveNumbers: LiveNumbersRepository;
}

const ATTEMPTS = 5;

const versionsOf = (months: readonly MonthRollup[]): string =>
  months.map(({ month, version }) => `${month}:${version}`).join(" ");

/**
 * All facts of a partner as of one moment. Several pages are no snapshot, but a fact never changes
 * without its rollups: where these stand still, so did the facts.
 * @throws DomainError scorecard-facts-changing
 */
export async function readFacts(
  ctx: RequestContext<FactStore>,
  partnerId: PartnerId,
  span: Span,
): Promise<{
  readonly inputs: CardInput[];
  /** Everything of the span. */
  readonly handedIn: HandedIn;
  readonly differences: RollupDifference[];
  readonly targets: readonly TargetSet[];
}> {
  const upTo = monthOf(span.to);
  let { months: before } = await ctx.store.liveNumbers.of(partnerId, upTo);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const facts: Opportunity[] = [];
    for await (const fact of ctx.store.opportunities.ofPartner(partnerId)) facts.push(fact);
    const { months: after, targets } = await ctx.store.liveNumbers.of(partnerId, upTo);
    if (versionsOf(before) === versionsOf(after)) {
      return {
        inputs: inputsOf(facts, span),
        handedIn: handedInOfMonths(after, span),
        differences: rollupDifferences(facts, after, upTo),
        targets,
      };
    }
    before = after;
  }
  return raise("scorecard-facts-changing");
}

/** The chunks of a frozen card, as far as they are there. */
export async function readChunks(
  ctx: RequestContext<ScorecardStore>,
  card: FrozenCard,
): Promise<InputChunk[]> {
  const chunks: InputChunk[] = [];
  for (let chunk = 0; chunk < card.inputChunks; chunk += 1) {
    const found = await ctx.store.scorecards.inputs(card, chunk);
    if (found) chunks.push(found);
  }
  return chunks;
}

export const readInputs = async (
  ctx: RequestContext<ScorecardStore>,
  card: FrozenCard,
): Promise<CardInput[]> => (await readChunks(ctx, card)).flatMap(inputsOfChunk);
