import { z } from "zod";
import { Month } from "../calendar/index.ts";
import { classified } from "../classification/index.ts";
import { OpportunityId } from "../id/index.ts";
import {
  addFact,
  byMeasureAndMonth,
  decimalOf,
  exactly,
  MeasureName,
  type MeasureSums,
  minus,
  scaled,
  Voice,
} from "../metric/index.ts";
import type { PublishedProgram } from "../program/index.ts";
import { scoreCard, termsOf } from "./card.ts";
import { asGrounds, type HandedIn, handedInOf } from "./figures.ts";
import { CardInput, type FrozenCard } from "./frozen.ts";
import { CardFigure, Rating } from "./schema.ts";

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

/** A figure that was handed in, or in another way, after its card was frozen. */
export const LateFigure = z
  .object({
    measure: MeasureName,
    month: Month,
    before: CardFigure.nullable(),
    after: CardFigure.nullable(),
    /** Points by which this figure alone would move the score; null where one side has no score. */
    scoreChange: z.number().nullable(),
  })
  .meta({ id: "LateFigure" });
export type LateFigure = z.infer<typeof LateFigure>;

/** A rating that was made, changed or taken back after its card was frozen. */
export const LateVoice = z
  .object({
    before: classified("scorecard.amounts", Voice.nullable()),
    after: classified("scorecard.amounts", Voice.nullable()),
    /** Points by which this rating alone would move the score; null where one side has no score. */
    scoreChange: z.number().nullable(),
  })
  .meta({ id: "LateVoice" });
export type LateVoice = z.infer<typeof LateVoice>;

export const LateChanges = z
  .object({
    revision: z.number().int(),
    changes: z.array(LateChange),
    figures: z.array(LateFigure),
    voices: z.array(LateVoice),
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

const figureKey = ({ measure, month }: CardFigure): string => `${measure} ${month}`;

/** Each figure that is another than it was, with the figures of the card as that change alone leaves them. */
function changedFigures(then: readonly CardFigure[], now: readonly CardFigure[]) {
  const before = new Map(then.map((figure) => [figureKey(figure), figure]));
  const after = new Map(now.map((figure) => [figureKey(figure), figure]));
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    const either = is ?? was;
    if (!either || (was && is && was.value === is.value && was.of === is.of)) return [];
    const others = then.filter((figure) => figureKey(figure) !== key);
    const { measure, month } = either;
    const left = (is ? [...others, is] : others).sort(byMeasureAndMonth);
    return [{ measure, month, before: was ?? null, after: is ?? null, left }];
  });
}

/** Each rating that is another than it was, with the voices of the card as that change alone leaves them. */
function changedVoices(then: readonly Voice[], now: readonly Voice[]) {
  const ids = [...new Set([...then, ...now].map(({ voiceId }) => voiceId))];
  return ids.flatMap((voiceId) => {
    const was = then.find((one) => one.voiceId === voiceId);
    const is = now.find((one) => one.voiceId === voiceId);
    if (was && is && was.value === is.value) return [];
    const others = then.filter((one) => one.voiceId !== voiceId);
    return [{ before: was ?? null, after: is ?? null, left: is ? [...others, is] : others }];
  });
}

/**
 * What changed behind a frozen card, with the effect it would have.
 * @param frozen the inputs of the card @param current what it would be computed from today
 */
export function lateChanges(
  card: FrozenCard,
  program: PublishedProgram,
  frozen: readonly CardInput[],
  current: { readonly inputs: readonly CardInput[]; readonly handedIn: HandedIn },
): LateChanges {
  const span = { from: card.from, to: card.to };
  const { partnerId, period } = card;
  const { figures: _, voices: __, ...terms } = termsOf(card);
  const handedIn = handedInOf(card);
  const scoreOf = (sums: MeasureSums, changed: Partial<HandedIn> = {}) => {
    const grounds = { ...terms, sums, ...asGrounds({ ...handedIn, ...changed }) };
    return scoreCard({ program, partnerId, period, span, grounds });
  };
  const apply = (sums: MeasureSums, before: CardInput | null, after: CardInput | null) => {
    if (before) addFact(sums, span, before, -1);
    if (after) addFact(sums, span, after);
    return sums;
  };
  const then = new Map(frozen.map((input) => [input.opportunityId, input]));
  const now = new Map(current.inputs.map((input) => [input.opportunityId, input]));
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
  const isOfCard = ({ measure }: CardFigure): boolean =>
    card.figureMeasures?.some((own) => own.measure === measure) === true;
  const isRated = ({ indicatorId }: Voice): boolean =>
    card.indicators?.some((own) => own.indicatorId === indicatorId) === true;
  const figures = current.handedIn.figures.filter(isOfCard);
  const voices = current.handedIn.voices.filter(isRated);
  const after = scoreOf(all, { figures, voices });
  const scoreChange = (changed: Partial<HandedIn>) =>
    changeOf(card.score, scoreOf(card.sums, changed).score);
  return {
    revision: card.revision,
    changes,
    figures: changedFigures(handedIn.figures, figures).map(({ left, ...figure }) => ({
      ...figure,
      scoreChange: scoreChange({ figures: left }),
    })),
    voices: changedVoices(handedIn.voices, voices).map(({ left, ...voice }) => ({
      ...voice,
      scoreChange: scoreChange({ voices: left }),
    })),
    score: card.score,
    scoreAfter: after.score,
    ratingAfter: after.rating,
  };
}

const changeOf = (before: number | null, after: number | null): number | null =>
  before === null || after === null
    ? null
    : Number(decimalOf(scaled(minus(exactly(after), exactly(before)))));
