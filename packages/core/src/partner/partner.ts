import type { ActorWith } from "../actor/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { PartnerId } from "../id/index.ts";
import type { CreatePartner, Partner, UpdatePartner } from "./schema.ts";

export type PartnerCreated = DomainEvent<"partner.created", CreatePartner>;
export type PartnerUpdated = DomainEvent<"partner.updated", UpdatePartner>;
export type PartnerEvent = PartnerCreated | PartnerUpdated;

/** Two partners of one tenant may not have names that differ only in case or spacing. */
export const partnerNameKey = (name: string): string =>
  name.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();

export function create(
  partnerId: PartnerId,
  input: CreatePartner,
  by: ActorWith<"partner:create">,
  now: Date,
): { next: Partner; event: PartnerCreated } {
  const at = now.toISOString();
  return {
    next: { partnerId, ...input, version: 1, createdAt: at, updatedAt: at },
    event: eventOf("partner.created", by, now, input),
  };
}

export function update(
  partner: Partner,
  changes: UpdatePartner,
  by: ActorWith<"partner:update">,
  now: Date,
): { next: Partner; event: PartnerUpdated } {
  const set = Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined),
  );
  return {
    next: { ...partner, ...set, version: partner.version + 1, updatedAt: now.toISOString() },
    event: eventOf("partner.updated", by, now, changes),
  };
}
