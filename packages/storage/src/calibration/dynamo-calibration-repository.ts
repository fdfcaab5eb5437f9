import { Calibration, type CalibrationRepository } from "@concord/core/calibration";
import { raise } from "@concord/core/error";
import { type Aggregate, commit, load, save, type TenantTable } from "../aggregate.ts";
import type { Condition } from "../dynamo-table/condition.ts";
import type { TenantKeys } from "../keys/index.ts";
import { revisionWrites } from "../scorecard/dynamo-scorecard-repository.ts";

export const calibrationAggregate = (keys: TenantKeys): Aggregate<Calibration> => ({
  name: "Calibration",
  schema: Calibration,
  schemaVersion: 1,
  id: ({ cycleId }) => cycleId,
  key: ({ cycleId }) => keys.calibration(cycleId),
});

const isOpen: Condition = {
  expression: "#status = :open",
  names: { "#status": "status" },
  values: { ":open": "open" },
};

export function dynamoCalibrationRepository(tenant: TenantTable): CalibrationRepository {
  const { keys } = tenant;
  const calibrations = calibrationAggregate(keys);
  return {
    /** AP-263 */
    get: (cycleId) => load(tenant, calibrations, keys.calibration(cycleId)),

    /** AP-264 */
    save: (next, event) => save(tenant, calibrations, next, event, { taken: "calibration-open" }),

    /** AP-265 */
    async adjust({ card, event }) {
      const failed = await commit(tenant, card, [
        ...revisionWrites(tenant, card, event),
        { check: keys.calibration(card.cycleId), condition: isOpen },
      ]);
      if (failed.includes(2)) raise("calibration-closed");
      if (failed.length > 0) raise("version-stale");
    },
  };
}
