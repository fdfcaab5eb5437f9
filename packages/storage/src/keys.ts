import { createHash } from "node:crypto";
import type {
  ActionItemId,
  ContributionId,
  CycleId,
  MemberId,
  PartnerId,
  PartnerUserId,
  TenantId,
} from "@concord/core/id";
import type { ReviewKey } from "@concord/core/review";

/** A primary key of the table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

const EVENT_VERSION_DIGITS = 8;

/** Keeps free text out of keys: fixed length, no `#`, no personal data in a key. */
const hashed = (text: string): string =>
  createHash("sha256").update(text).digest("base64url").slice(0, 32);

/**
 * The only file that spells a key. Opened once for a tenant: every partition key of the table and of
 * every index it makes begins with the tenant, closed by `#`.
 */
export const tenantKeys = (tenantId: TenantId) => {
  const inTenant = (rest: string): string => `T#${tenantId}#${rest}`;
  const partner = (partnerId: PartnerId): string => inTenant(`PARTNER#${partnerId}`);
  /** Everything of one review: its row, scorecard revisions with their inputs, session, contributions. */
  const review = (cycleId: CycleId, partnerId: PartnerId): string =>
    inTenant(`REVIEW#${cycleId}#${partnerId}`);

  return {
    /** What every partition key of this tenant begins with. */
    prefix: inTenant(""),

    event: (pk: string, type: string, id: string, version: number): Key => ({
      pk,
      sk: `EVENT#${type}#${id}#${String(version).padStart(EVENT_VERSION_DIGITS, "0")}`,
    }),

    idempotency: (keyHash: string): Key => ({
      pk: inTenant(`IDEMPOTENCY#${keyHash}`),
      sk: "MARKER",
    }),

    actionItem: (actionItemId: ActionItemId): Key => ({
      pk: inTenant(`ACTION#${actionItemId}`),
      sk: "ACTION",
    }),
    actionItemList: (partnerId: PartnerId): string => inTenant(`LIST#ACTION#${partnerId}`),
    /** Open ones first, by due date. */
    actionItemListSort: (isOpen: boolean, dueOn: string, actionItemId: ActionItemId): string =>
      `${isOpen ? "0" : "1"}#${dueOn}#${actionItemId}`,

    /** What one person still has to do of one kind, by due date. */
    workList: (kind: string, personOnSide: MemberId | PartnerUserId): string =>
      inTenant(`WORK#${personOnSide}#${kind}`),
    workListSort: (due: string, id: string): string => `${due}#${id}`,

    review: ({ cycleId, partnerId }: ReviewKey): Key => ({
      pk: review(cycleId, partnerId),
      sk: "REVIEW",
    }),
    reviewList: (cycleId: CycleId): string => inTenant(`LIST#REVIEW#${cycleId}`),
    contribution: ({ cycleId, partnerId }: ReviewKey, at: string, id: ContributionId): Key => ({
      pk: review(cycleId, partnerId),
      sk: `CONTRIBUTION#${at}#${id}`,
    }),
    contributionPrefix: "CONTRIBUTION#",
    session: ({ cycleId, partnerId }: ReviewKey): Key => ({
      pk: review(cycleId, partnerId),
      sk: "SESSION",
    }),

    partner: (partnerId: PartnerId): Key => ({ pk: partner(partnerId), sk: "PARTNER" }),
    partnerName: (nameKey: string): Key => ({
      pk: inTenant(`PARTNERNAME#${hashed(nameKey)}`),
      sk: "CLAIM",
    }),
    partnerList: () => inTenant("LIST#PARTNER"),
    partnerListSort: (nameKey: string, partnerId: PartnerId): string =>
      `${nameKey.replaceAll("#", " ").slice(0, 200)}#${partnerId}`,
  };
};
export type TenantKeys = ReturnType<typeof tenantKeys>;

/** Partitions that belong to no tenant; each is behind its own port and used by system actors only. */
export const systemKeys = {
  /** Two keys live here: the public set that verifies tokens, and nothing else. */
  signingKeys: (): Key => ({ pk: "SYSTEM#SIGNING-KEYS", sk: "PUBLIC" }),
};
