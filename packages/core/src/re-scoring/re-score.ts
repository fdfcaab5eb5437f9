import { requirePermission } from "../actor/index.ts";
import { dateAt, periodOf } from "../calendar/index.ts";
import { turns } from "../contention/index.ts";
import type { RequestContext } from "../context/index.ts";
import type { Partner } from "../partner/index.ts";
import { cadencesEver, programFor, type ScoringRules } from "../program/index.ts";
import { livePeriods, type ProjectionStore, projectRanking } from "../ranking/index.ts";
import type { ReScoredVersion } from "../timer/index.ts";
import type { ReScoringStore } from "./repository.ts";
import type { ReScoring } from "./schema.ts";

type Context = RequestContext<ProjectionStore & ReScoringStore>;

const PARTNERS_A_PAGE = 50;
const PARTNERS_AT_ONCE = 5;

/** The live periods that are scored with this version now; a newer one may have taken them over. */
function periodsOf(
  { programId, version }: ReScoredVersion,
  rules: ScoringRules,
  now: Date,
): string[] {
  const { calendar } = rules;
  const today = dateAt(now, calendar);
  const live = cadencesEver(rules, programId).flatMap((cadence) =>
    livePeriods(periodOf(today, cadence, calendar)),
  );
  return live.filter((period) => {
    const program = programFor(rules, { period });
    return program?.programId === programId && program.version === version;
  });
}

/**
 * Brings the live rankings of every partner behind a published version, page by page. Each page is kept, so
 * that a run which was cut off goes on where it was; frozen cards and their places stay as they are.
 * @param shouldPause asked after each page
 * @returns undefined where another run is at it
 * @throws DomainError permission-denied
 */
export async function reScore(
  ctx: Context,
  subject: ReScoredVersion,
  { shouldPause }: { readonly shouldPause: () => boolean },
): Promise<ReScoring | undefined> {
  requirePermission(ctx.actor, "ranking:project");
  const { partners, programs, reScorings } = ctx.store;
  const rules = await programs.scoringRules(ctx.now);
  const periods = periodsOf(subject, rules, ctx.now);
  let job =
    (await reScorings.get(subject.programId, subject.version)) ??
    begun(subject, periods, ctx.now.toISOString());
  while (job.status === "running") {
    const page =
      periods.length === 0
        ? { items: [] }
        : await partners.list({
            limit: PARTNERS_A_PAGE,
            ...(job.position === null ? {} : { position: job.position }),
          });
    const changed = await projectAll(ctx, page.items, periods);
    const isLast = page.position === undefined;
    job = {
      ...job,
      partners: job.partners + page.items.length,
      changed: job.changed + changed,
      position: page.position ?? null,
      status: isLast ? "done" : "running",
      finishedAt: isLast ? ctx.now.toISOString() : null,
      version: job.version + 1,
    };
    if (!(await reScorings.save(job))) return undefined;
    if (shouldPause()) break;
  }
  return job;
}

const begun = (
  { programId, version }: ReScoredVersion,
  periods: string[],
  startedAt: string,
): ReScoring => ({
  programId,
  programVersion: version,
  status: "running",
  periods,
  partners: 0,
  changed: 0,
  startedAt,
  finishedAt: null,
  position: null,
  version: 0,
});

async function projectAll(
  ctx: Context,
  partners: readonly Partner[],
  ifRanked: readonly string[],
): Promise<number> {
  let changed = 0;
  const inTurn = turns();
  for (let at = 0; at < partners.length; at += PARTNERS_AT_ONCE) {
    const done = await Promise.all(
      partners
        .slice(at, at + PARTNERS_AT_ONCE)
        .map(({ partnerId }) => projectRanking(ctx, { partnerId, periods: [], ifRanked, inTurn })),
    );
    changed += done.reduce((sum, one) => sum + one, 0);
  }
  return changed;
}
