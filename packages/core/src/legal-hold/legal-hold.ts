import { type ActorWith, refOf } from "../actor/index.ts";
import { raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { LegalHoldId, PartnerId } from "../id/index.ts";
import { HOLDS_LIMIT, type HoldsInForce, type LegalHold, type PlaceLegalHold } from "./schema.ts";

export type LegalHoldEvent = DomainEvent<
  "legal-hold.placed" | "legal-hold.released",
  { readonly partnerId: PartnerId | null; readonly reason: string }
>;

export interface LegalHoldChange {
  readonly next: LegalHold;
  readonly event: LegalHoldEvent;
  readonly inForce: HoldsInForce;
}

type Manager = ActorWith<"legal-hold:manage">;

/**
 * Whether something of this partner is held.
 * @param partnerId null where it is of all partners at once: then a hold on any of them holds it
 */
export const isHeld = ({ holds }: HoldsInForce, partnerId: PartnerId | null): boolean =>
  holds.some((one) => one.partnerId === null || partnerId === null || one.partnerId === partnerId);

/** @throws DomainError legal-hold-limit */
export function place(
  holdId: LegalHoldId,
  {
    partnerId = null,
    reason,
  }: Omit<PlaceLegalHold, "partnerId"> & {
    readonly partnerId?: PartnerId | null | undefined;
  },
  { holds, version }: HoldsInForce,
  by: Manager,
  now: Date,
): LegalHoldChange {
  if (holds.length >= HOLDS_LIMIT) raise("legal-hold-limit");
  return {
    next: {
      ...{ holdId, partnerId, reason, status: "in-force" },
      placedBy: refOf(by),
      placedAt: now.toISOString(),
      version: 1,
    },
    event: eventOf("legal-hold.placed", by, now, { partnerId, reason }),
    inForce: { holds: [...holds, { holdId, partnerId }], version: version + 1 },
  };
}

/** @throws DomainError legal-hold-released */
export function release(
  hold: LegalHold,
  reason: string,
  { holds, version }: HoldsInForce,
  by: Manager,
  now: Date,
): LegalHoldChange {
  if (hold.status === "released") raise("legal-hold-released");
  const { holdId, partnerId } = hold;
  return {
    next: {
      ...hold,
      status: "released",
      releasedBy: refOf(by),
      releasedAt: now.toISOString(),
      releaseReason: reason,
      version: hold.version + 1,
    },
    event: eventOf("legal-hold.released", by, now, { partnerId, reason }),
    inForce: { holds: holds.filter((one) => one.holdId !== holdId), version: version + 1 },
  };
}
