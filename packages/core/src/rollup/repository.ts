import type { Month } from "../calendar/index.ts";
import type { PartnerId } from "../id/index.ts";
import type { MonthRollup } from "./schema.ts";

export interface RollupRepository {
  /** The months of a partner up to and including `upTo`, oldest first; one consistent read. */
  months(partnerId: PartnerId, upTo: Month): Promise<MonthRollup[]>;
  month(partnerId: PartnerId, month: Month): Promise<MonthRollup | undefined>;
  /** Writes these months over the versions they follow. @returns false where one was overtaken and nothing was written */
  replace(rollups: readonly MonthRollup[]): Promise<boolean>;
}

export interface RollupStore {
  readonly rollups: RollupRepository;
}
