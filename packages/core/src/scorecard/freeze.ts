import type { ActorRef } from "../actor/index.ts";
import type { Period, Span } from "../calendar/index.ts";
import { digestOf } from "../digest/index.ts";
import type { CycleId, PartnerId } from "../id/index.ts";
import { sumsOfFacts } from "../metric/index.ts";
import type { PublishedProgram } from "../program/index.ts";
import {
  COUNTERS,
  type CountedOpportunity,
  type Counter,
  type MonthRollup,
  recount,
} from "../rollup/index.ts";
import { scoreCard } from "./card.ts";
import type { CardInput, FrozenCard, InputChunk } from "./frozen.ts";
import { toChunks } from "./inputs.ts";
import type { CardTerms } from "./schema.ts";

/** Where a rollup says something else than the facts it sums up. */
export interface RollupDifference {
  readonly month: string;
  readonly counter: Counter;
  readonly stored: number;
  readonly recounted: number;
}

/** @param facts every fact of the partner @param upTo the last month that `months` holds */
export function rollupDifferences(
  facts: Iterable<CountedOpportunity>,
  months: readonly MonthRollup[],
  upTo: string,
): RollupDifference[] {
  const counted = recount(facts);
  const stored = new Map(months.map(({ month, counters }) => [month, counters]));
  const names = [...new Set([...counted.keys(), ...stored.keys()])].filter((m) => m <= upTo).sort();
  return names.flatMap((month) =>
    COUNTERS.flatMap((counter) => {
      const recounted = counted.get(month)?.[counter] ?? 0;
      const kept = stored.get(month)?.[counter] ?? 0;
      return recounted === kept ? [] : [{ month, counter, stored: kept, recounted }];
    }),
  );
}

export const cardDigest = ({
  cardDigest: _,
  ...row
}: Omit<FrozenCard, "cardDigest"> & { cardDigest?: string }): string => digestOf(row);

/** The row of a frozen card and the chunks of its input list. Pure. */
export function freezeCard({
  program,
  cycleId,
  partnerId,
  period,
  span,
  inputs,
  terms,
  revision,
  reason,
  revisedBy,
  now,
}: {
  readonly program: PublishedProgram;
  readonly cycleId: CycleId;
  readonly partnerId: PartnerId;
  readonly period: Period;
  readonly span: Span;
  readonly inputs: readonly CardInput[];
  readonly terms: CardTerms;
  readonly revision: number;
  readonly reason: string | null;
  readonly revisedBy?: ActorRef;
  readonly now: Date;
}): { readonly card: FrozenCard; readonly chunks: InputChunk[] } {
  const { inputsDigest, chunks } = toChunks(inputs);
  const row = {
    ...scoreCard({
      program,
      partnerId,
      period,
      span,
      grounds: { ...terms, sums: sumsOfFacts(inputs, span) },
    }),
    cycleId,
    revision,
    frozenAt: now.toISOString(),
    reason,
    ...(revisedBy ? { revisedBy } : {}),
    inputCount: inputs.length,
    inputChunks: chunks.length,
    inputsDigest,
  };
  return { card: { ...row, cardDigest: cardDigest(row) }, chunks };
}
