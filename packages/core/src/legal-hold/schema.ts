import { z } from "zod";
import { ActorRef } from "../actor/index.ts";
import { LegalHoldId, PartnerId } from "../id/index.ts";

const Reason = z.string().trim().min(1).max(1000);

const hold = z.object({
  holdId: LegalHoldId,
  /** Whose records are kept; null for everything of the tenant. */
  partnerId: PartnerId.nullable(),
  reason: z.string(),
  placedBy: ActorRef,
  placedAt: z.iso.datetime(),
  version: z.number().int().positive(),
});

/** While it is in force nothing that it covers is removed, however old. */
export const LegalHold = z
  .discriminatedUnion("status", [
    hold.extend({ status: z.literal("in-force") }),
    hold.extend({
      status: z.literal("released"),
      releasedBy: ActorRef,
      releasedAt: z.iso.datetime(),
      releaseReason: z.string(),
    }),
  ])
  .meta({ id: "LegalHold" });
export type LegalHold = z.infer<typeof LegalHold>;

export const PlaceLegalHold = z
  .strictObject({
    /** Without it, the whole tenant. */
    partnerId: PartnerId.optional(),
    reason: Reason,
  })
  .meta({ id: "PlaceLegalHold" });
export type PlaceLegalHold = z.infer<typeof PlaceLegalHold>;

export const ReleaseLegalHold = z.strictObject({ reason: Reason }).meta({ id: "ReleaseLegalHold" });

/** At most this many at once, so that the row stays small. */
export const HOLDS_LIMIT = 100;

/** What is held now: read, and its version checked, by whoever removes something. */
export const HoldsInForce = z.object({
  holds: z
    .array(z.object({ holdId: LegalHoldId, partnerId: PartnerId.nullable() }))
    .max(HOLDS_LIMIT),
  /** 0 before there was any. */
  version: z.number().int().nonnegative(),
});
export type HoldsInForce = z.infer<typeof HoldsInForce>;

export const noHolds: HoldsInForce = { holds: [], version: 0 };
