import { isOtherPartner, requirePermission } from "../actor/index.ts";
import {
  dateAt,
  type Month,
  monthOf,
  monthsOf,
  type Period,
  periodSpan,
} from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId, ProgramId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import { type ProgramStore, programFor } from "../program/index.ts";
import { freezingAt } from "../timer/index.ts";
import { figureTerms } from "./figure.ts";
import type { FigureStore } from "./repository.ts";
import type { DueFigure, Figure, FigureOverview, FigureTerms } from "./schema.ts";

/** Every measure of the tenant whose figures are handed in, by name. @throws DomainError permission-denied */
export async function listFigureTerms(ctx: RequestContext<ProgramStore>): Promise<FigureTerms[]> {
  requirePermission(ctx.actor, "figure:read");
  return figureTerms({ versions: await ctx.store.programs.everyVersion() });
}

/**
 * What of a period is handed in for a partner, under the program that scores it; both sides see the same.
 * @throws DomainError permission-denied | partner-not-found | scorecard-without-program
 */
export async function getFigures(
  ctx: RequestContext<FigureStore & PartnerStore & ProgramStore>,
  asked: {
    readonly partnerId: PartnerId;
    readonly period: Period;
    readonly programId?: ProgramId | undefined;
  },
): Promise<FigureOverview> {
  const { partnerId, period } = asked;
  requirePermission(ctx.actor, "figure:read", { partnerId });
  if (isOtherPartner(ctx.actor, partnerId)) raise("partner-not-found");
  const rules = await ctx.store.programs.scoringRules(ctx.now);
  const program = programFor(rules, asked) ?? raise("scorecard-without-program");
  const span = periodSpan(period, rules.calendar);
  const [figures, partner] = await Promise.all([
    ctx.store.figures.between(partnerId, monthOf(span.from), monthOf(span.to)),
    ctx.store.partners.get(partnerId),
  ]);
  if (!partner) raise("partner-not-found");
  const freezesAt = freezingAt(period, program.definition.windows, rules.calendar);
  const current = monthOf(dateAt(ctx.now, rules.calendar));
  return {
    partnerId,
    period,
    ...span,
    freezesAt: freezesAt.toISOString(),
    figures: figureTerms({ versions: [program] }).map((terms) => {
      const own = figures.filter(({ measure }) => measure === terms.measure);
      return {
        ...terms,
        lastReceivedAt:
          own
            .map(({ receivedAt }) => receivedAt)
            .sort()
            .at(-1) ?? null,
        months: dueFigures(terms, own, monthsOf(span), current),
      };
    }),
  };
}

/** @param months of the period @param current the month we are in, whose figure may still come */
function dueFigures(
  { frequency }: Pick<FigureTerms, "frequency">,
  figures: readonly Figure[],
  months: readonly Month[],
  current: Month,
): DueFigure[] {
  return months.map((month, position): DueFigure => {
    const figure = figures.find((one) => one.month === month) ?? null;
    const isDue =
      frequency === "monthly" || (figures.length === 0 && position === months.length - 1);
    const status = figure
      ? "received"
      : !isDue
        ? "not-due"
        : month < current
          ? "missing"
          : "to-come";
    return { month, status, figure, version: figure?.version ?? 0 };
  });
}
