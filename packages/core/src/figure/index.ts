export { type FigureChange, type FigureEvent, figureTerms } from "./figure.ts";
export { getFigures, listFigureTerms } from "./get-figures.ts";
export { importFigures } from "./import-figures.ts";
export { putFigure } from "./put-figure.ts";
export {
  FIGURES_A_TRANSACTION,
  type FigureKey,
  type FigureRepository,
  type FigureStore,
} from "./repository.ts";
export {
  Figure,
  FigureMonth,
  FigureOverview,
  FigureTerms,
  ImportedFigures,
  ImportFigures,
  PutFigure,
} from "./schema.ts";
