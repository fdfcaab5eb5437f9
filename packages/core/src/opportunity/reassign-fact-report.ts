import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { eventOf } from "../event/index.ts";
import type { FactReportId, MemberId, PartnerId } from "../id/index.ts";
import type { FactReport } from "./fact-report.ts";
import type { OpportunityStore } from "./repository.ts";

/**
 * An open report goes to the work list of another data steward.
 * @param target `ownerId` is an active member of the tenant, which the caller has seen to
 * @throws DomainError permission-denied | fact-report-not-found | fact-report-resolved | version-stale
 */
export async function reassignFactReport(
  ctx: RequestContext<OpportunityStore>,
  target: {
    readonly partnerId: PartnerId;
    readonly factReportId: FactReportId;
    readonly ifVersion: number;
    readonly ownerId: MemberId;
  },
): Promise<FactReport> {
  const by = requirePermission(ctx.actor, "fact-report:resolve");
  const { partnerId, factReportId, ifVersion, ownerId } = target;
  const report =
    (await ctx.store.opportunities.report(partnerId, factReportId)) ??
    raise("fact-report-not-found");
  if (report.version !== ifVersion) raise("version-stale");
  if (report.status !== "open") raise("fact-report-resolved");
  const next: FactReport = {
    ...report,
    ownerId,
    version: report.version + 1,
    updatedAt: ctx.now.toISOString(),
  };
  const event = eventOf("fact-report.reassigned", by, ctx.now, { from: report.ownerId, ownerId });
  await ctx.store.opportunities.saveReport(next, event);
  return next;
}
