import { isOtherPartner } from "../actor/index.ts";
import { type RosterStore, requireDuty } from "../assignment/index.ts";
import type { Month } from "../calendar/index.ts";
import { type ContentionStore, untilFree } from "../contention/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId } from "../id/index.ts";
import type { MeasureName } from "../metric/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { ProgramStore } from "../program/index.ts";
import type { RollupStore } from "../rollup/index.ts";
import { faultsOf, monthsAfter, received, requireSupplier, termsNamed } from "./figure.ts";
import type { FigureStore } from "./repository.ts";
import type { Figure, PutFigure } from "./schema.ts";

/**
 * Hands in or corrects one figure; the partner's live card changes in the same transaction, a frozen one only
 * with its next revision.
 * @param input.ifVersion 0 before the first time
 * @throws DomainError permission-denied | duty-of-others | partner-not-found | figure-not-found | figure-of-vendor |
 *   figure-invalid | version-stale | changes-contended
 */
export async function putFigure(
  ctx: RequestContext<
    ContentionStore & FigureStore & PartnerStore & ProgramStore & RollupStore & RosterStore
  >,
  {
    ifVersion,
    ...given
  }: {
    readonly partnerId: PartnerId;
    readonly measure: MeasureName;
    readonly month: Month;
    readonly ifVersion: number;
    readonly input: PutFigure;
  },
): Promise<Figure> {
  const { partnerId, month, input } = given;
  if (isOtherPartner(ctx.actor, partnerId)) raise("partner-not-found");
  const rules = await ctx.store.programs.scoringRules(ctx.now);
  const terms = termsNamed(given.measure, rules);
  const { programId } = terms;
  const by = await requireDuty(ctx, "data-collector", "figure:put", { partnerId, programId });
  if (!(await ctx.store.partners.get(partnerId))) raise("partner-not-found");
  requireSupplier(by, terms);
  const faults = faultsOf({ month, ...input }, terms, rules, ctx.now);
  if (faults.length > 0) raise("figure-invalid", undefined, faults);
  return untilFree(ctx.store, async () => {
    const [current, stored] = await Promise.all([
      ctx.store.figures.get(given),
      ctx.store.rollups.month(partnerId, month),
    ]);
    if ((current?.version ?? 0) !== ifVersion) raise("version-stale");
    const change = received(current, given, "entered", by, ctx.now);
    if (!change) return current ?? raise("figure-not-found");
    const months = monthsAfter([change.next], stored ? [stored] : [], ctx.now);
    return (await ctx.store.figures.save([change], months)) ? change.next : undefined;
  });
}
