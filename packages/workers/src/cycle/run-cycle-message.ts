import type { RequestContext } from "@concord/core/context";
import {
  advanceCycle,
  type Cycle,
  type CycleMessage,
  type CycleQueue,
  type CycleStep,
  type CycleStore,
  finishStep,
  runChunk,
  type StepEffect,
} from "@concord/core/cycle";
import type { PartnerId, TenantId } from "@concord/core/id";
import type { PartnerStore } from "@concord/core/partner";
import { closeReviewWindow, openReview, type ReviewStore } from "@concord/core/review";
import { inParallel } from "../in-parallel.ts";

type WorkStore = CycleStore & PartnerStore & Pick<ReviewStore, "reviews">;

/** Freezes one partner's card; safe to repeat. */
export type FreezeCard<Store> = (
  ctx: RequestContext<Store>,
  cycle: Cycle,
  partnerId: PartnerId,
) => Promise<{
  /** False where the card was frozen before. */
  readonly isNew: boolean;
  /** Months whose rollup differed from the facts. */
  readonly repaired: number;
}>;

export interface CycleWorkDependencies<Store extends WorkStore = WorkStore> {
  /** Opens the tenant for the system, at this instant of the business clock. */
  readonly contextOf: (tenantId: TenantId) => RequestContext<Store>;
  readonly queue: CycleQueue;
  readonly freezeCard: FreezeCard<Store>;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

const WRITES_AT_ONCE = 10;
const FREEZES_AT_ONCE = 4;

/** Does the work of one message. May be repeated, and may run beside a repeat of itself. @throws whatever failed, for a later delivery */
export async function runCycleMessage<Store extends WorkStore>(
  deps: CycleWorkDependencies<Store>,
  message: CycleMessage,
): Promise<void> {
  const { tenantId, cycleId } = message;
  const ctx = deps.contextOf(tenantId);
  if (message.kind === "advance-cycle") {
    await advanceCycle(ctx, deps.queue, { tenantId, cycleId });
    return;
  }
  const step = stepOf[message.kind];
  const effect = effects(deps, ctx)[step];
  const { isLast } = await runChunk(ctx, { cycleId, chunk: message.chunk, step }, effect);
  if (isLast) await finishStep(ctx, { cycleId, step });
}

const stepOf = {
  "kick-off-chunk": "kick-off",
  "freeze-chunk": "freeze",
  "close-chunk": "close",
} as const satisfies Record<string, CycleStep>;

const effects = <Store extends WorkStore>(
  { freezeCard, log }: CycleWorkDependencies<Store>,
  ctx: RequestContext<Store>,
): Record<CycleStep, StepEffect> => ({
  "kick-off": async (cycle, partnerIds) => {
    const { partners, reviews } = ctx.store;
    const { cycleId, programId, programVersion, period, freezesAt, closesAt } = cycle;
    const opening = { cycleId, programId, programVersion, period, freezesAt, closesAt };
    let changed = 0;
    await inParallel(await partners.getMany(partnerIds), WRITES_AT_ONCE, async (partner) => {
      if (await reviews.open(openReview(opening, partner, ctx.now))) changed += 1;
    });
    return { changed, repaired: 0 };
  },

  freeze: async (cycle, partnerIds) => {
    let changed = 0;
    let repaired = 0;
    await inParallel(partnerIds, FREEZES_AT_ONCE, async (partnerId) => {
      const frozen = await freezeCard(ctx, cycle, partnerId);
      if (frozen.isNew) changed += 1;
      repaired += frozen.repaired;
      if (frozen.repaired > 0) {
        const { cycleId } = cycle;
        const found = { cycleId, partnerId, months: frozen.repaired };
        log({ level: "error", message: "rollup differed from its facts", ...found });
      }
    });
    return { changed, repaired };
  },

  close: async ({ cycleId }, partnerIds) => {
    await inParallel(partnerIds, WRITES_AT_ONCE, async (partnerId) => {
      await closeReviewWindow(ctx, { cycleId, partnerId });
    });
    return { changed: partnerIds.length, repaired: 0 };
  },
});
