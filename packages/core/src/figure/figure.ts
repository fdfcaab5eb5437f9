import { type ActorWith, onlyPartnerOf, refOf } from "../actor/index.ts";
import { dateAt, type Month, monthOf } from "../calendar/index.ts";
import { raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { PartnerId } from "../id/index.ts";
import { definitionOfFigure, faultsOfFigure, type MeasureName } from "../metric/index.ts";
import type { ScoringRules } from "../program/index.ts";
import { type MonthRollup, type RolledFigure, withFigures } from "../rollup/index.ts";
import type { Figure, FigureOrigin, FigureTerms, PutFigure } from "./schema.ts";

export type FigureEvent = DomainEvent<
  "figure.received" | "figure.changed",
  Pick<Figure, "value" | "of"> & { readonly origin: FigureOrigin }
>;

export interface FigureChange {
  readonly next: Figure;
  readonly event: FigureEvent;
}

/** Every measure that some program has figures handed in for, each as published last; by measure. */
export function figureTerms({ versions }: Pick<ScoringRules, "versions">): FigureTerms[] {
  const terms = new Map<MeasureName, FigureTerms>();
  const inOrder = versions.toSorted((a, b) => (a.publishedAt < b.publishedAt ? -1 : 1));
  for (const { programId, version, definition } of inOrder) {
    for (const figure of definition.figureMeasures) {
      terms.set(figure.measure, {
        ...figure,
        definition: definitionOfFigure(figure),
        programId,
        programVersion: version,
      });
    }
  }
  return [...terms.values()].sort((a, b) => (a.measure < b.measure ? -1 : 1));
}

/** @throws DomainError figure-not-found */
export const termsNamed = (measure: MeasureName, rules: ScoringRules): FigureTerms =>
  figureTerms(rules).find((one) => one.measure === measure) ?? raise("figure-not-found");

/** What keeps a figure from being taken; pointers are relative to it. */
export function faultsOf(
  { month, value, of }: Pick<Figure, "month" | "value" | "of">,
  terms: FigureTerms,
  { calendar }: Pick<ScoringRules, "calendar">,
  now: Date,
): { pointer: string; detail: string }[] {
  const current = monthOf(dateAt(now, calendar));
  if (month > current) {
    return [{ pointer: "/month", detail: `must not be after ${current}, the month we are in` }];
  }
  return faultsOfFigure({ value, of }, terms);
}

/** A partner hands in its own figures, and not those it is measured by from the other side. */
export function requireSupplier(by: ActorWith<"figure:put">, { suppliedBy }: FigureTerms): void {
  if (onlyPartnerOf(by) !== undefined && by.kind === "partner-user" && suppliedBy === "vendor") {
    raise("figure-of-vendor");
  }
}

/** The next version of a figure; undefined where it says the same already. */
export function received(
  current: Figure | undefined,
  {
    input: { value, of },
    ...key
  }: {
    readonly partnerId: PartnerId;
    readonly measure: MeasureName;
    readonly month: Month;
    readonly input: PutFigure;
  },
  origin: FigureOrigin,
  by: ActorWith<"figure:put">,
  now: Date,
): FigureChange | undefined {
  if (current && current.value === value && current.of === of) return undefined;
  const next: Figure = {
    ...key,
    value,
    of,
    origin,
    by: refOf(by),
    receivedAt: now.toISOString(),
    version: (current?.version ?? 0) + 1,
  };
  const type = current ? "figure.changed" : "figure.received";
  return { next, event: eventOf(type, by, now, { value, of, origin }) };
}

/** The months that these figures of one partner change, one version on. @param stored as last read */
export function monthsAfter(
  figures: readonly Figure[],
  stored: readonly MonthRollup[],
  now: Date,
): MonthRollup[] {
  return [...Map.groupBy(figures, ({ month }) => month)].flatMap(([month, own]) => {
    const [first] = own;
    if (!first) return [];
    const rolled: Record<string, RolledFigure> = Object.fromEntries(
      own.map(({ measure, value, of, version }) => [measure, { value, of, revision: version }]),
    );
    const before = stored.find((one) => one.month === month);
    return [withFigures({ partnerId: first.partnerId, month }, before, rolled, now)];
  });
}
