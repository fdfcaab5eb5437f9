import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import type { CycleStore } from "../cycle/index.ts";
import { raise } from "../error/index.ts";
import type { CycleId } from "../id/index.ts";
import { close, open } from "./calibration.ts";
import type { CalibrationStore } from "./repository.ts";
import type { Calibration } from "./schema.ts";

/** @throws DomainError permission-denied | calibration-not-found */
export async function getCalibration(
  ctx: RequestContext<CalibrationStore>,
  cycleId: CycleId,
): Promise<Calibration> {
  requirePermission(ctx.actor, "calibration:read");
  return (await ctx.store.calibrations.get(cycleId)) ?? raise("calibration-not-found");
}

/** @throws DomainError permission-denied | cycle-not-found | calibration-too-early | calibration-open */
export async function openCalibration(
  ctx: RequestContext<CalibrationStore & CycleStore>,
  cycleId: CycleId,
): Promise<Calibration> {
  const by = requirePermission(ctx.actor, "calibration:conduct");
  const cycle = (await ctx.store.cycles.get(cycleId)) ?? raise("cycle-not-found");
  const { next, event } = open(cycle, await ctx.store.calibrations.get(cycleId), by, ctx.now);
  await ctx.store.calibrations.save(next, event);
  return next;
}

/** @throws DomainError permission-denied | calibration-not-found | version-stale | calibration-closed */
export async function closeCalibration(
  ctx: RequestContext<CalibrationStore>,
  { cycleId, ifVersion }: { readonly cycleId: CycleId; readonly ifVersion: number },
): Promise<Calibration> {
  const by = requirePermission(ctx.actor, "calibration:conduct");
  const calibration = await getCalibration(ctx, cycleId);
  if (calibration.version !== ifVersion) raise("version-stale");
  const { next, event } = close(calibration, by, ctx.now);
  await ctx.store.calibrations.save(next, event);
  return next;
}
