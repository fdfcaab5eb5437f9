import { z } from "zod";
import { OpportunityId } from "../id/index.ts";
import { addFact, decimalOf, exactly, type MeasureSums, minus, scaled } from "../metric/index.ts";
import type { PublishedProgram } from "../program/index.ts";
import { scoreCard, termsOf } from "./card.ts";
import { CardInput, type FrozenCard } from "./frozen.ts";
import { Rating } from "./schema.ts";

/** A fact that changed after its card was frozen. */
export const LateChange = z
  .object({
    opportunityId: OpportunityId,
    kind: z.enum(["changed", "added", "removed"]),
    before: CardInput.nullable(),
    after: CardInput.nullable(),
    /** Points by which this change alone would move the score; null where one side has no score. */
    scoreChange: z.number().nullable(),
  })
  .meta({ id: "LateChange" });
export type LateChange = z.infer<typeof LateChange>;

export const LateChanges = z
  .object({
    revision: z.number().int(),
    changes: z.array(LateChange),
    score: z.number().nullable(),
    /** With all changes applied, as a new revision would. */
    scoreAfter: z.number().nullable(),
    ratingAfter: Rating,
  })
  .meta({ id: "LateChanges" });
export type LateChanges = z.infer<typeof LateChanges>;

const differ = (a: CardInput, b: CardInput): boolean =>
  a.outcome !== b.outcome ||
  a.engagedOn !== b.engagedOn ||
  a.closedOn !== b.closedOn ||
  a.amountMinor !== b.amountMinor ||
  a.listAmountMinor !== b.listAmountMinor;

/**
 * What changed behind a frozen card, with the effect it would have.
 * @param frozen the inputs of the card @param current what its inputs would be today
 */
export function lateChanges(
  card: FrozenCard,
  program: PublishedProgram,
  frozen: readonly CardInput[],
  current: readonly CardInput[],
): LateChanges {
  const span = { from: card.from, to: card.to };
  const { partnerId, period } = card;
  const terms = termsOf(card);
  const scoreOf = (sums: MeasureSums) =>
    scoreCard({ program, partnerId, period, span, grounds: { ...terms, sums } });
  const apply = (sums: MeasureSums, before: CardInput | null, after: CardInput | null) => {
    if (before) addFact(sums, span, before, -1);
    if (after) addFact(sums, span, after);
    return sums;
  };
  const then = new Map(frozen.map((input) => [input.opportunityId, input]));
  const now = new Map(current.map((input) => [input.opportunityId, input]));
  const all = structuredClone(card.sums);
  const changes = [...new Set([...then.keys(), ...now.keys()])].sort().flatMap((opportunityId) => {
    const before = then.get(opportunityId) ?? null;
    const after = now.get(opportunityId) ?? null;
    if (before && after && !differ(before, after)) return [];
    apply(all, before, after);
    const { score } = scoreOf(apply(structuredClone(card.sums), before, after));
    const kind = before && after ? "changed" : after ? "added" : "removed";
    return [
      { opportunityId, kind, before, after, scoreChange: changeOf(card.score, score) } as const,
    ];
  });
  const after = scoreOf(all);
  return {
    revision: card.revision,
    changes,
    score: card.score,
    scoreAfter: after.score,
    ratingAfter: after.rating,
  };
}

const changeOf = (before: number | null, after: number | null): number | null =>
  before === null || after === null
    ? null
    : Number(decimalOf(scaled(minus(exactly(after), exactly(before)))));
