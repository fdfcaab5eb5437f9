import type { Month } from "../calendar/index.ts";
import type { PartnerId } from "../id/index.ts";
import type { MonthRollup } from "../rollup/index.ts";
import type { FigureChange } from "./figure.ts";
import type { Figure } from "./schema.ts";

export type FigureKey = Pick<Figure, "partnerId" | "measure" | "month">;

/** At most this many in one transaction, with their events and their months. */
export const FIGURES_A_TRANSACTION = 30;

export interface FigureRepository {
  get(key: FigureKey): Promise<Figure | undefined>;
  /** Those that exist of up to 100, in no order; consistent. */
  getAll(keys: readonly FigureKey[]): Promise<Figure[]>;
  /** By month and measure; both months inclusive. */
  between(partnerId: PartnerId, from: Month, to: Month): Promise<Figure[]>;
  /**
   * Figures of one partner with their events and the months they change, in one transaction.
   * @returns false where a figure or a month was overtaken and nothing was written
   */
  save(changes: readonly FigureChange[], months: readonly MonthRollup[]): Promise<boolean>;
}

export interface FigureStore {
  readonly figures: FigureRepository;
}
