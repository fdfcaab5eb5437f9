import { createHash } from "node:crypto";
import type { CycleId, PartnerId } from "@concord/core/id";
import type { MembershipId } from "@concord/core/person";

/** A primary key of the table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** A partition of a tenant by what follows its prefix. */
export type InTenant = (rest: string) => string;

export const REVISION_DIGITS = 5;
export const CHUNK_DIGITS = 5;

/** Keeps free text out of keys: fixed length, no `#`, no personal data in a key. */
export const hashed = (text: string): string =>
  createHash("sha256").update(text).digest("base64url").slice(0, 32);

/** Orders by text and stays unique where two texts differ only in what a key cannot hold. */
export const textSort = (text: string): string => `${inKey(text)}#${hashed(text).slice(0, 8)}`;

/** Orders by name; the id makes the order total. */
export const nameSort = (nameKey: string, id: string): string => `${inKey(nameKey)}#${id}`;

const LONGEST_TEXT = 200;
const inKey = (text: string): string => text.replaceAll("#", " ").slice(0, LONGEST_TEXT);

export const padded = (value: number, digits = 6): string => String(value).padStart(digits, "0");

export const shardOf = (id: string, shards: number): number =>
  createHash("sha256").update(id).digest().readUInt16BE() % shards;

/** Rows that nothing lists lie in so many partitions of a tenant: a known number, so that all can be found again. */
export const ROW_SHARDS = 16;
export const everyShard = Array.from({ length: ROW_SHARDS }, (_, shard) => shard);

export const partnerPartition = (inTenant: InTenant, partnerId: PartnerId): string =>
  inTenant(`PARTNER#${partnerId}`);

/** Everything of one review: its row, scorecard revisions with their inputs, session, contributions. */
export const reviewPartition = (
  inTenant: InTenant,
  cycleId: CycleId,
  partnerId: PartnerId,
): string => inTenant(`REVIEW#${cycleId}#${partnerId}`);

/** A membership and its login sessions: read together with every request. */
export const membershipPartition = (inTenant: InTenant, membershipId: MembershipId): string =>
  inTenant(`MEMBERSHIP#${membershipId}`);
