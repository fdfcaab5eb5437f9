export { RECOVERY_CODES, recoveryCode, recoveryHash } from "./recovery-code.ts";
export type { SecondFactorRepository } from "./repository.ts";
export {
  type ActiveSecondFactor,
  BeginSecondFactor,
  ConfirmSecondFactor,
  NewSecondFactor,
  ProveSecondFactor,
  RecoveryCode,
  RecoveryCodes,
  SecondFactor,
  SecondFactorView,
  SecondProof,
  TotpCode,
} from "./schema.ts";
export {
  accept,
  begin,
  confirm,
  hasSecondFactor,
  viewOf,
  withRecoveryCodes,
} from "./second-factor.ts";
export { newTotpSecret, otpauthUri } from "./totp.ts";
