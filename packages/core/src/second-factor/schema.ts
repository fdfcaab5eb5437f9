import { z } from "zod";
import { PersonId } from "../id/index.ts";
import { MAX_PASSWORD_LENGTH } from "../person/index.ts";

const base = z.object({
  personId: PersonId,
  /** The key of the codes; AES-256-GCM, opened only to compare one. */
  sealedSecret: z.string(),
  version: z.number().int().positive(),
  createdAt: z.iso.datetime(),
});

/** Asked for, and not yet shown to work: no log-in asks for it. */
export const PendingSecondFactor = base.extend({ status: z.literal("pending") });
export type PendingSecondFactor = z.infer<typeof PendingSecondFactor>;

export const ActiveSecondFactor = base.extend({
  status: z.literal("active"),
  /** The latest time step a code of which was taken; none of it or before is taken again. */
  lastStep: z.number().int(),
  /** Of the recovery codes that are left. */
  recoveryHashes: z.array(z.string()),
  confirmedAt: z.iso.datetime(),
});
export type ActiveSecondFactor = z.infer<typeof ActiveSecondFactor>;

/** The codes of an authenticator app (TOTP), by which a person proves that it is them a second time. */
export const SecondFactor = z.discriminatedUnion("status", [
  PendingSecondFactor,
  ActiveSecondFactor,
]);
export type SecondFactor = z.infer<typeof SecondFactor>;

export const TotpCode = z
  .string()
  .regex(/^\d{6}$/, "must be six digits")
  .meta({ id: "TotpCode", example: "287082" });

export const RecoveryCode = z
  .string()
  .min(16)
  .max(40)
  .meta({ id: "RecoveryCode", example: "7XQ2-9KDM-0TRC-4WZA" });

/** One of the two, each good once. */
export const SecondProof = z.union([
  z.strictObject({ code: TotpCode }),
  z.strictObject({ recoveryCode: RecoveryCode }),
]);
export type SecondProof = z.infer<typeof SecondProof>;

const password = z.string().min(1).max(MAX_PASSWORD_LENGTH).meta({ example: "correct horse" });

export const BeginSecondFactor = z
  .strictObject({
    /** Not needed within 15 minutes of a log-in by e-mailed link. */
    currentPassword: password.optional(),
  })
  .meta({ id: "BeginSecondFactor" });
export type BeginSecondFactor = z.infer<typeof BeginSecondFactor>;

export const ConfirmSecondFactor = z
  .strictObject({ code: TotpCode })
  .meta({ id: "ConfirmSecondFactor" });
export type ConfirmSecondFactor = z.infer<typeof ConfirmSecondFactor>;

/** That it is the person who changes their second factor: any one of what proves them. */
export const ProveSecondFactor = z
  .union([z.strictObject({ currentPassword: password }), ...SecondProof.options])
  .meta({ id: "ProveSecondFactor" });
export type ProveSecondFactor = z.infer<typeof ProveSecondFactor>;

/** Shown once: nobody can read it again. */
export const NewSecondFactor = z
  .object({
    /** Base 32, to be typed where a QR code cannot be scanned. */
    secret: z.string(),
    otpauthUri: z.string(),
  })
  .meta({ id: "NewSecondFactor" });
export type NewSecondFactor = z.infer<typeof NewSecondFactor>;

/** Shown once; each opens one log-in instead of a code. */
export const RecoveryCodes = z
  .object({ recoveryCodes: z.array(RecoveryCode) })
  .meta({ id: "RecoveryCodes" });
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;

export const SecondFactorView = z
  .object({
    status: z.enum(["none", "pending", "active"]),
    recoveryCodesLeft: z.number().int().nonnegative(),
    confirmedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "SecondFactor" });
export type SecondFactorView = z.infer<typeof SecondFactorView>;
