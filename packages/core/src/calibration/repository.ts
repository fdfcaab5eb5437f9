import type { CycleId } from "../id/index.ts";
import type { NextRevision } from "../scorecard/index.ts";
import type { CalibrationEvent } from "./calibration.ts";
import type { Calibration } from "./schema.ts";

export interface CalibrationRepository {
  get(cycleId: CycleId): Promise<Calibration | undefined>;
  /** @throws DomainError calibration-open | version-stale */
  save(next: Calibration, event: CalibrationEvent): Promise<void>;
  /**
   * A revision of a card, only while the calibration of its cycle is open, in one transaction.
   * @throws DomainError version-stale | calibration-closed
   */
  adjust(revision: Pick<NextRevision, "card" | "event">): Promise<void>;
}

export interface CalibrationStore {
  readonly calibrations: CalibrationRepository;
}
