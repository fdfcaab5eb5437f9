import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { CycleId, PartnerId } from "../id/index.ts";
import { markDone, stepUnderWay } from "./cycle.ts";
import type { CycleStore } from "./repository.ts";
import type { ChunkDone, Cycle, CycleStep } from "./schema.ts";

/**
 * Does a step for these partners of the cycle; safe to repeat.
 * @returns for how many it changed something, whose rollups were repaired on the way, and what it made
 */
export type StepEffect = (
  cycle: Cycle,
  partnerIds: readonly PartnerId[],
) => Promise<Omit<ChunkDone, "doneAt">>;

/**
 * Does a step for one chunk and marks it done. A repeat reads the mark and writes nothing; a chunk that
 * was cut off is done again from its start, whose effects are conditional.
 * @returns whether it was the last chunk of the list, after which the step may be over
 * @throws DomainError permission-denied | cycle-not-found | cycle-chunk-not-found
 */
export async function runChunk(
  ctx: RequestContext<CycleStore>,
  input: { readonly cycleId: CycleId; readonly chunk: number; readonly step: CycleStep },
  effect: StepEffect,
): Promise<{ readonly isLast: boolean }> {
  requirePermission(ctx.actor, "cycle:run");
  const { cycles } = ctx.store;
  const { cycleId, step } = input;
  const chunk = (await cycles.chunk(cycleId, input.chunk)) ?? raise("cycle-chunk-not-found");
  const cycle = (await cycles.get(cycleId)) ?? raise("cycle-not-found");
  if (stepUnderWay(cycle) !== step) return { isLast: false };
  const isLast = cycle.chunkCount === input.chunk + 1;
  // A delivery that was cut off right after the mark leaves the end of the step to its repeat.
  if (chunk.done[step]) return { isLast };
  const done = await effect(cycle, chunk.partnerIds);
  const doneAt = ctx.now.toISOString();
  // Whoever was faster has marked it with the same effect.
  await cycles.saveChunk(markDone(chunk, step, { ...done, doneAt }));
  return { isLast };
}
