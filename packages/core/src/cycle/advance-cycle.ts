import { requirePermission } from "../actor/index.ts";
import type { CadenceStore } from "../cadence/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { CycleId, TenantId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { ProgramStore } from "../program/index.ts";
import { finish, stepUnderWay } from "./cycle.ts";
import { fixPartnerList } from "./fix-partner-list.ts";
import type { CycleQueue, CycleStore } from "./repository.ts";
import { saveUnlessOvertaken } from "./save-unless-overtaken.ts";
import type { CycleChunk, CycleMessage } from "./schema.ts";

/**
 * Brings a cycle on: fixes its list of partners, hands out the chunks that the step under way has not
 * done, and ends the step where none is left. Safe to repeat at any time.
 * @throws DomainError permission-denied | cycle-not-found
 */
export async function advanceCycle(
  ctx: RequestContext<CadenceStore & CycleStore & PartnerStore & ProgramStore>,
  queue: CycleQueue,
  { tenantId, cycleId }: { readonly tenantId: TenantId; readonly cycleId: CycleId },
): Promise<void> {
  const by = requirePermission(ctx.actor, "cycle:run");
  const { cycles } = ctx.store;
  const stored = (await cycles.get(cycleId)) ?? raise("cycle-not-found");
  const cycle = await fixPartnerList(ctx, stored);
  const step = stepUnderWay(cycle);
  if (!step) return;

  const left: CycleMessage[] = [];
  const chunks: CycleChunk[] = [];
  for await (const one of cycles.chunks(cycleId)) {
    chunks.push(one);
    const { chunk, done } = one;
    if (!done[step]) left.push({ kind: `${step}-chunk`, tenantId, cycleId, chunk });
  }
  if (left.length > 0) {
    await queue.send(left);
    return;
  }
  const { next, event } = finish(cycle, step, chunks, by, ctx.now);
  await saveUnlessOvertaken(cycles, next, event);
}
