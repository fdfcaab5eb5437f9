import { z } from "zod";
import { classified } from "../classification/index.ts";
import { sumsOfFacts } from "../metric/index.ts";
import type { PublishedProgram } from "../program/index.ts";
import { scoreCard, termsOf } from "./card.ts";
import { cardDigest } from "./freeze.ts";
import type { CardInput, FrozenCard, InputChunk } from "./frozen.ts";
import { digestOfText, inputsOfChunk, textOf } from "./inputs.ts";

export const ReplayDifference = z
  .object({
    /** JSON pointer into the card, or where else it lies. */
    at: z.string(),
    stored: classified("scorecard.amounts", z.string()),
    recomputed: classified("scorecard.amounts", z.string()),
  })
  .meta({ id: "ReplayDifference" });
export type ReplayDifference = z.infer<typeof ReplayDifference>;

/** What became of computing a stored card again from nothing but stored rows. */
export const Replay = z
  .object({
    revision: z.number().int(),
    isIdentical: z.boolean(),
    /** At most 50. */
    differences: z.array(ReplayDifference),
  })
  .meta({ id: "Replay" });
export type Replay = z.infer<typeof Replay>;

const MOST_DIFFERENCES = 50;
const shown = (value: unknown): string => (JSON.stringify(value) ?? "absent").slice(0, 200);

function differencesOf(stored: unknown, recomputed: unknown, at: string): ReplayDifference[] {
  if (Object.is(stored, recomputed)) return [];
  const isBoth = [stored, recomputed].every((one) => typeof one === "object" && one !== null);
  if (!isBoth) return [{ at, stored: shown(stored), recomputed: shown(recomputed) }];
  const [a, b] = [stored, recomputed] as [Record<string, unknown>, Record<string, unknown>];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((name) =>
    differencesOf(a[name], b[name], `${at}/${name}`),
  );
}

/**
 * Computes the card anew from its input list and the published program, and names every place where
 * the stored row says something else.
 */
export function replay({
  card,
  chunks,
  program,
}: {
  readonly card: FrozenCard;
  readonly chunks: readonly InputChunk[];
  readonly program: PublishedProgram | undefined;
}): Replay {
  const differences: ReplayDifference[] = [];
  const compare = (at: string, stored: unknown, recomputed: unknown) =>
    differences.push(...differencesOf(stored, recomputed, at));

  compare("/inputChunks", card.inputChunks, chunks.length);
  compare("/inputsDigest", card.inputsDigest, digestOfText(textOf(chunks)));
  let inputs: CardInput[] = [];
  try {
    inputs = chunks.flatMap(inputsOfChunk);
    compare("/inputCount", card.inputCount, inputs.length);
  } catch {
    differences.push({ at: "inputs", stored: "a line that is none", recomputed: "a fact a line" });
  }
  if (!program) {
    differences.push({
      at: "/programVersion",
      stored: shown(card.programVersion),
      recomputed: "no such version",
    });
  } else {
    const { partnerId, period } = card;
    const span = { from: card.from, to: card.to };
    const sums = sumsOfFacts(inputs, span);
    const grounds = { ...termsOf(card), sums };
    const fresh = scoreCard({ program, partnerId, period, span, grounds });
    for (const [name, value] of Object.entries(fresh)) {
      compare(`/${name}`, card[name as keyof FrozenCard], value);
    }
  }
  compare("/cardDigest", card.cardDigest, cardDigest(card));
  return {
    revision: card.revision,
    isIdentical: differences.length === 0,
    differences: differences.slice(0, MOST_DIFFERENCES),
  };
}
