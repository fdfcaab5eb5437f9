import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { withinLimit } from "../edition/index.ts";
import { raise } from "../error/index.ts";
import type { ProgramId } from "../id/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import { firstOpeningTimer, reScoreTimer } from "../timer/index.ts";
import { cadencesOf } from "./cadences.ts";
import { publish } from "./program.ts";
import type { ProgramStore } from "./repository.ts";
import type { Program, PublishProgram } from "./schema.ts";

/**
 * Publishes the draft; the cycle of its first period opens by itself.
 * @throws DomainError permission-denied | tenant-not-found | program-not-found | version-stale | program-not-publishable |
 *   edition-limit-reached
 */
export async function publishProgram(
  ctx: RequestContext<ProgramStore & TenantProfileStore>,
  input: { programId: ProgramId; ifVersion: number } & PublishProgram,
): Promise<Program> {
  const by = requirePermission(ctx.actor, "program:publish");
  const current = (await ctx.store.programs.get(input.programId)) ?? raise("program-not-found");
  if (current.version !== input.ifVersion) raise("version-stale");
  const tenant = (await ctx.store.tenant.get()) ?? raise("tenant-not-found");
  const versions = await ctx.store.programs.everyVersion();
  const { next, published, event } = publish(current, input, { tenant, versions }, by, ctx.now);
  const openings = cadencesOf(published.definition).map((cadence) =>
    firstOpeningTimer(published, cadence, tenant, ctx.now),
  );
  const timers = [...openings, reScoreTimer(published, ctx.now)];
  await withinLimit(ctx, "programs", () =>
    ctx.store.programs.save(next, event, { published, timers }),
  );
  return next;
}
