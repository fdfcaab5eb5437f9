import { refOf, requirePermission } from "../actor/index.ts";
import {
  dateAt,
  monthOf,
  nextPeriod,
  periodSpan,
  type Quarter,
  quarterOf,
} from "../calendar/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { ProgramId } from "../id/index.ts";
import type { Partner, PartnerStore } from "../partner/index.ts";
import { faultsOfDraft, type ProgramStore, type PublishedProgram } from "../program/index.ts";
import type { ScorecardStore } from "../scorecard/index.ts";
import { backTest } from "./back-test.ts";
import type { BackTestedPartner, BackTestFilter, ProgramSide } from "./schema.ts";

type BackTestContext = RequestContext<PartnerStore & ProgramStore & ScorecardStore>;

const MOST_PERIODS = 8;
/** Partners whose months are read at once. */
const AT_ONCE = 10;

function periodsOf({ from, to }: BackTestFilter, current: Quarter): Quarter[] {
  const refuse = (pointer: string, detail: string): never =>
    raise("request-invalid", detail, [{ pointer, detail }]);
  if (to < from) refuse("/query/to", "must not be before from");
  if (to > current) refuse("/query/to", `must not be after ${current}, the quarter we are in`);
  const periods: Quarter[] = [];
  for (let period = from; period <= to; period = nextPeriod(period)) {
    if (periods.length === MOST_PERIODS) {
      refuse("/query/to", `must be at most ${MOST_PERIODS} quarters from the first`);
    }
    periods.push(period);
  }
  return periods;
}

/** The draft as if it were published now. @throws DomainError program-not-publishable */
async function sideOf(
  ctx: BackTestContext,
  programId: ProgramId,
  side: ProgramSide | undefined,
): Promise<PublishedProgram> {
  const { programs } = ctx.store;
  if (typeof side === "number") {
    return (await programs.version(programId, side)) ?? raise("program-version-not-found");
  }
  const program = (await programs.get(programId)) ?? raise("program-not-found");
  const { draft, published } = program;
  if (side === undefined) {
    const last = published && (await programs.version(programId, published.version));
    return last ?? raise("program-version-not-found");
  }
  const faults = faultsOfDraft(program);
  if (faults.length > 0) raise("program-not-publishable", undefined, faults);
  return {
    programId,
    version: (published?.version ?? 0) + 1,
    effectiveFrom: published?.effectiveFrom ?? "0001-Q1",
    definition: draft,
    warnings: [],
    publishedAt: ctx.now.toISOString(),
    publishedBy: refOf(ctx.actor),
  };
}

/**
 * A page of partners, by name, each with its past under two versions of the program. Both sides are
 * computed from the facts as they are today, frozen cards included, so that nothing but the program differs.
 * @throws DomainError permission-denied | request-invalid | program-not-found | program-version-not-found |
 *   program-not-publishable
 */
export async function backTestProgram(
  ctx: BackTestContext,
  { programId, ...filter }: BackTestFilter & { readonly programId: ProgramId },
  page: PageRequest,
): Promise<Page<BackTestedPartner>> {
  requirePermission(ctx.actor, "program:write");
  const { calendar } = await ctx.store.programs.scoringRules(ctx.now);
  const current = quarterOf(dateAt(ctx.now, calendar), calendar);
  const periods = periodsOf(filter, current);
  const baseline = await sideOf(ctx, programId, filter.baseline);
  const candidate = await sideOf(ctx, programId, filter.candidate);
  const lastMonth = monthOf(periodSpan(filter.to, calendar).to);

  const tested = async (partner: Partner): Promise<BackTestedPartner> => {
    const { partnerId, name } = partner;
    const live = await ctx.store.liveNumbers.of(partnerId, lastMonth);
    return {
      partnerId,
      name,
      periods: backTest({ baseline, candidate, partner, periods, live, calendar }),
    };
  };
  const { items: partners, position } = await ctx.store.partners.list(page);
  const items: BackTestedPartner[] = [];
  for (let at = 0; at < partners.length; at += AT_ONCE) {
    items.push(...(await Promise.all(partners.slice(at, at + AT_ONCE).map(tested))));
  }
  return position === undefined ? { items } : { items, position };
}
