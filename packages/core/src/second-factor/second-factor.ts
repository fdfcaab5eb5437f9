import { raise } from "../error/index.ts";
import type { PersonId } from "../id/index.ts";
import type { Vault } from "../vault/index.ts";
import { recoveryHash } from "./recovery-code.ts";
import type {
  ActiveSecondFactor,
  PendingSecondFactor,
  SecondFactor,
  SecondFactorView,
  SecondProof,
} from "./schema.ts";
import { stepOf } from "./totp.ts";

/** @param current one that is pending gives way. @throws DomainError second-factor-exists */
export function begin(
  personId: PersonId,
  current: SecondFactor | undefined,
  sealedSecret: string,
  wallNow: Date,
): PendingSecondFactor {
  if (current?.status === "active") raise("second-factor-exists");
  return {
    status: "pending",
    personId,
    sealedSecret,
    version: (current?.version ?? 0) + 1,
    createdAt: wallNow.toISOString(),
  };
}

/** @throws DomainError second-factor-not-begun | second-factor-exists | second-factor-wrong */
export function confirm(
  current: SecondFactor | undefined,
  code: string,
  recoveryHashes: readonly string[],
  vault: Vault,
  wallNow: Date,
): ActiveSecondFactor {
  if (!current) raise("second-factor-not-begun");
  if (current.status === "active") raise("second-factor-exists");
  const step = stepOf(vault.open(current.sealedSecret), code, wallNow);
  if (step === undefined) raise("second-factor-wrong");
  return {
    ...current,
    status: "active",
    lastStep: step,
    recoveryHashes: [...recoveryHashes],
    version: current.version + 1,
    confirmedAt: wallNow.toISOString(),
  };
}

/**
 * Takes a code of a time step later than any before, or a recovery code that is left.
 * @returns what the second factor is once the proof is used up; undefined where it proves nothing
 */
export function accept(
  factor: ActiveSecondFactor,
  proof: SecondProof,
  vault: Vault,
  wallNow: Date,
): ActiveSecondFactor | undefined {
  const version = factor.version + 1;
  if ("code" in proof) {
    const step = stepOf(vault.open(factor.sealedSecret), proof.code, wallNow);
    return step === undefined || step <= factor.lastStep
      ? undefined
      : { ...factor, lastStep: step, version };
  }
  const given = recoveryHash(factor.personId, proof.recoveryCode);
  const left = factor.recoveryHashes.filter((hash) => hash !== given);
  return left.length === factor.recoveryHashes.length
    ? undefined
    : { ...factor, recoveryHashes: left, version };
}

/** Whether log-ins ask for it. */
export const hasSecondFactor = (factor: SecondFactor | undefined): boolean =>
  factor?.status === "active";

export const withRecoveryCodes = (
  factor: ActiveSecondFactor,
  recoveryHashes: readonly string[],
): ActiveSecondFactor => ({
  ...factor,
  recoveryHashes: [...recoveryHashes],
  version: factor.version + 1,
});

export const viewOf = (factor: SecondFactor | undefined): SecondFactorView =>
  factor?.status === "active"
    ? {
        status: "active",
        recoveryCodesLeft: factor.recoveryHashes.length,
        confirmedAt: factor.confirmedAt,
      }
    : { status: factor ? "pending" : "none", recoveryCodesLeft: 0, confirmedAt: null };
