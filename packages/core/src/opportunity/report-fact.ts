import { refOf, requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { eventOf } from "../event/index.ts";
import { FactReportId, type PartnerId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { FactReport, ReportFact, ResolveFactReport } from "./fact-report.ts";
import type { OpportunityStore } from "./repository.ts";

type Context = RequestContext<OpportunityStore & PartnerStore>;

/**
 * A partner says that a fact is wrong or missing; it reaches its data steward's work list.
 * @throws DomainError permission-denied | partner-not-found | opportunity-not-found
 */
export async function reportFact(
  ctx: Context,
  { partnerId, input }: { readonly partnerId: PartnerId; readonly input: ReportFact },
): Promise<FactReport> {
  const by = requirePermission(ctx.actor, "fact-report:create");
  if (by.partnerId !== partnerId) raise("partner-not-found");
  const partner = (await ctx.store.partners.get(partnerId)) ?? raise("partner-not-found");
  const opportunityId = input.kind === "wrong" ? input.opportunityId : null;
  if (opportunityId && !(await ctx.store.opportunities.get(partnerId, opportunityId))) {
    raise("opportunity-not-found");
  }
  const at = ctx.now.toISOString();
  const next: FactReport = {
    factReportId: ctx.mint(FactReportId),
    partnerId,
    kind: input.kind,
    opportunityId,
    details: input.kind === "missing" ? input.details : null,
    text: input.text,
    ownerId: partner.dataStewardId,
    status: "open",
    answer: null,
    answeredBy: null,
    reportedBy: refOf(by),
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  await ctx.store.opportunities.saveReport(
    next,
    eventOf("fact-report.created", by, ctx.now, { kind: input.kind, opportunityId }),
  );
  return next;
}

/** @throws DomainError permission-denied | fact-report-not-found | fact-report-resolved | version-stale */
export async function resolveFactReport(
  ctx: RequestContext<OpportunityStore>,
  {
    partnerId,
    factReportId,
    ifVersion,
    input,
  }: {
    readonly partnerId: PartnerId;
    readonly factReportId: FactReportId;
    readonly ifVersion: number;
    readonly input: ResolveFactReport;
  },
): Promise<FactReport> {
  const by = requirePermission(ctx.actor, "fact-report:resolve", { partnerId });
  const report =
    (await ctx.store.opportunities.report(partnerId, factReportId)) ??
    raise("fact-report-not-found");
  if (report.version !== ifVersion) raise("version-stale");
  if (report.status !== "open") raise("fact-report-resolved");
  const next: FactReport = {
    ...report,
    status: input.outcome,
    answer: input.answer,
    answeredBy: refOf(by),
    version: report.version + 1,
    updatedAt: ctx.now.toISOString(),
  };
  const event = eventOf("fact-report.resolved", by, ctx.now, { outcome: input.outcome });
  await ctx.store.opportunities.saveReport(next, event);
  return next;
}

/** Oldest first. @throws DomainError permission-denied | partner-not-found */
export async function listFactReports(
  ctx: Context,
  partnerId: PartnerId,
  page: PageRequest,
): Promise<Page<FactReport>> {
  const by = requirePermission(ctx.actor, "fact-report:read");
  if (by.kind === "partner-user" && by.partnerId !== partnerId) raise("partner-not-found");
  if (!(await ctx.store.partners.get(partnerId))) raise("partner-not-found");
  return ctx.store.opportunities.listReports(partnerId, page);
}

/** The open reports on the caller's own work list, oldest first. @throws DomainError permission-denied */
export async function listFactReportWork(
  ctx: RequestContext<OpportunityStore>,
  page: PageRequest,
): Promise<Page<FactReport>> {
  const by = requirePermission(ctx.actor, "fact-report:resolve");
  return ctx.store.opportunities.listReportWork(by.memberId, page);
}
