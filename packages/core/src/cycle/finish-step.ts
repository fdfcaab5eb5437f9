import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { CycleId } from "../id/index.ts";
import { finish, stepUnderWay } from "./cycle.ts";
import type { CycleStore } from "./repository.ts";
import { saveUnlessOvertaken } from "./save-unless-overtaken.ts";
import type { CycleChunk, CycleStep } from "./schema.ts";

/** Ends a step that has been done for every chunk; does nothing where one is left. @throws DomainError cycle-not-found */
export async function finishStep(
  ctx: RequestContext<CycleStore>,
  { cycleId, step }: { readonly cycleId: CycleId; readonly step: CycleStep },
): Promise<void> {
  const by = requirePermission(ctx.actor, "cycle:run");
  const { cycles } = ctx.store;
  const cycle = (await cycles.get(cycleId)) ?? raise("cycle-not-found");
  if (stepUnderWay(cycle) !== step) return;
  const chunks: CycleChunk[] = [];
  for await (const chunk of cycles.chunks(cycleId)) {
    if (!chunk.done[step]) return;
    chunks.push(chunk);
  }
  const { next, event } = finish(cycle, step, chunks, by, ctx.now);
  await saveUnlessOvertaken(cycles, next, event);
}
