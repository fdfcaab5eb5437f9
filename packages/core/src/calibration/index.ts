export { adjustScore } from "./adjust-score.ts";
export type { CalibrationEvent } from "./calibration.ts";
export { closeCalibration, getCalibration, openCalibration } from "./conduct-calibration.ts";
export { getCalibrationGroups, listCalibratedCards } from "./list-calibrated.ts";
export type { CalibrationRepository, CalibrationStore } from "./repository.ts";
export { AdjustScore, CalibratedCard, Calibration, CalibrationGroups } from "./schema.ts";
