import { type FigureMeasure, standardFigures } from "../metric/index.ts";
import type { Currency } from "../money/index.ts";
import type { ProgramDefinition, ProgramFigure } from "./schema.ts";

/** The ratings that every template offers, the worst first. */
export const TEMPLATE_RATINGS = [
  { ratingId: "at-risk", name: "At risk", from: 0, to: 40 },
  { ratingId: "developing", name: "Developing", from: 40, to: 50 },
  { ratingId: "performing", name: "Performing", from: 50, to: 60 },
  { ratingId: "strong", name: "Strong", from: 60, to: 70 },
  { ratingId: "leading", name: "Leading", from: 70, to: 100 },
] satisfies ProgramDefinition["ratingBands"];

export const templateRights = (currency: Currency) => ({
  planBudgetLimit: { amount: "10000.00", currency },
});

type Collection = Pick<ProgramFigure, "suppliedBy" | "frequency" | "source" | "ownerRole">;

/** A standard figure with how this program collects it. */
export function standardFigure(measure: string, collection: Collection): ProgramFigure {
  const standard = standardFigures.get(measure);
  if (!standard) throw new RangeError(`there is no standard figure ${measure}`);
  const { name, unit, aggregation } = standard;
  return { measure, name, unit, aggregation, ...collection };
}

/** A figure that only programs of this kind know. */
export const ownFigure = (
  figure: Pick<FigureMeasure, "measure" | "name" | "unit" | "aggregation">,
  collection: Collection,
): ProgramFigure => ({ ...figure, ...collection });
