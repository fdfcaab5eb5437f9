import { createHash } from "node:crypto";
import type { PartnerId, TenantId } from "@concord/core/id";

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
