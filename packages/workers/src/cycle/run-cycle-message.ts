import type { CadenceStore } from "@concord/core/cadence";
import type { RequestContext } from "@concord/core/context";
import {
  advanceCycle,
  type CycleMessage,
  type CycleQueue,
  type CycleStep,
  type CycleStore,
  finishStep,
  runChunk,
  type StepEffect,
} from "@concord/core/cycle";
import { raise } from "@concord/core/error";
import type { PartnerId, TenantId } from "@concord/core/id";
import type { OpportunityStore } from "@concord/core/opportunity";
import type { PartnerStore } from "@concord/core/partner";
import { keptWindowsOf, type ProgramStore, placeIn } from "@concord/core/program";
import { closeReviewWindow, openReview, type ReviewStore } from "@concord/core/review";
import type { RollupStore } from "@concord/core/rollup";
import { freezeScorecard, type ScorecardStore } from "@concord/core/scorecard";
import { evaluateTier, type TierStore } from "@concord/core/tier";
import { inParallel } from "../in-parallel.ts";

/** What a step of a cycle reads and writes. */
export type CycleWorkStore = CadenceStore &
  CycleStore &
  OpportunityStore &
  PartnerStore &
  ProgramStore &
  Pick<ReviewStore, "reviews"> &
  RollupStore &
  ScorecardStore &
  TierStore;

export interface CycleWorkDependencies {
  /** Opens the tenant for the system, at this instant of the business clock. */
  readonly contextOf: (tenantId: TenantId) => RequestContext<CycleWorkStore>;
  readonly queue: CycleQueue;
  /** Makes a partner's rollups what its facts add up to. */
  readonly repairRollup: (tenantId: TenantId, partnerId: PartnerId) => Promise<void>;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

const WRITES_AT_ONCE = 10;
const FREEZES_AT_ONCE = 4;

/** Does the work of one message. May be repeated, and may run beside a repeat of itself. @throws whatever failed, for a later delivery */
export async function runCycleMessage(
  deps: CycleWorkDependencies,
  message: CycleMessage,
): Promise<void> {
  const { tenantId, cycleId } = message;
  const ctx = deps.contextOf(tenantId);
  if (message.kind === "advance-cycle") {
    await advanceCycle(ctx, deps.queue, { tenantId, cycleId });
    return;
  }
  const step = stepOf[message.kind];
  const effect = effects(deps, tenantId, ctx)[step];
  const { isLast } = await runChunk(ctx, { cycleId, chunk: message.chunk, step }, effect);
  if (isLast) await finishStep(ctx, { cycleId, step });
}

const stepOf = {
  "kick-off-chunk": "kick-off",
  "freeze-chunk": "freeze",
  "close-chunk": "close",
} as const satisfies Record<string, CycleStep>;

const effects = (
  { repairRollup, log }: CycleWorkDependencies,
  tenantId: TenantId,
  ctx: RequestContext<CycleWorkStore>,
): Record<CycleStep, StepEffect> => ({
  "kick-off": async (cycle, partnerIds) => {
    const { partners, reviews } = ctx.store;
    const { cycleId, programId, programVersion, period, freezesAt, closesAt } = cycle;
    const opening = {
      ...{ cycleId, programId, programVersion, period, freezesAt, closesAt },
      ...keptWindowsOf(cycle),
      ...(cycle.playbook ? { playbookVersion: cycle.playbook.version } : {}),
    };
    const { definition } =
      (await ctx.store.programs.version(programId, programVersion)) ??
      raise("program-version-not-found");
    const made = new Map<PartnerId, string>();
    await inParallel(await partners.getMany(partnerIds), WRITES_AT_ONCE, async (partner) => {
      const segment = placeIn(definition, partner);
      const digest = await reviews.open(openReview(opening, partner, ctx.now, segment));
      if (digest !== undefined) made.set(partner.partnerId, digest);
    });
    // Those that an attempt before this one made, which was cut off.
    const others = partnerIds.filter((partnerId) => !made.has(partnerId));
    const keys = others.map((partnerId) => ({ cycleId, partnerId }));
    const earlier = await reviews.openingDigests(keys);
    const openings = partnerIds.map(
      (partnerId) => made.get(partnerId) ?? earlier[others.indexOf(partnerId)] ?? null,
    );
    return { changed: made.size, repaired: 0, openings };
  },

  freeze: async (cycle, partnerIds) => {
    const { cycleId, programId, programVersion, period, span, timeZone } = cycle;
    const program =
      (await ctx.store.programs.version(programId, programVersion)) ??
      raise("program-version-not-found");
    let changed = 0;
    let repaired = 0;
    await inParallel(partnerIds, FREEZES_AT_ONCE, async (partnerId) => {
      const { isNew } = await freezeScorecard(ctx, {
        ...{ cycleId, partnerId, program, period, span },
        onDifference: async (differences) => {
          const message = "rollup differs from its facts";
          log({ level: "error", message, cycleId, partnerId, differences });
          await repairRollup(tenantId, partnerId);
          repaired += 1;
        },
      });
      if (isNew) changed += 1;
      if (program.definition.tiers.length > 0) {
        await evaluateTier(ctx, { cycleId, partnerId }, timeZone);
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
