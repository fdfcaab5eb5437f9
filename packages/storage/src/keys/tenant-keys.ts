import { TenantId } from "@concord/core/id";
import { remembered } from "@concord/core/remembered";
import { actionKeys } from "./action-keys.ts";
import { auditKeys } from "./audit-keys.ts";
import { factKeys } from "./fact-keys.ts";
import { importKeys } from "./import-keys.ts";
import { partnerKeys } from "./partner-keys.ts";
import { peopleKeys } from "./people-keys.ts";
import { privacyKeys } from "./privacy-keys.ts";
import { programKeys } from "./program-keys.ts";
import { rankingKeys } from "./ranking-keys.ts";
import { requestKeys } from "./request-keys.ts";
import { reviewKeys } from "./review-keys.ts";
import { singleSignOnKeys } from "./single-sign-on-keys.ts";
import { subscriptionKeys } from "./subscription-keys.ts";

/** The tenant that a partition belongs to; undefined for one that belongs to none. */
export function tenantIdOf(pk: string): TenantId | undefined {
  const [mark, tenantId] = pk.split("#");
  return mark === "T" ? TenantId.parse(tenantId) : undefined;
}

const prefixOf = (tenantId: TenantId): string => `T#${tenantId}#`;

/** What follows the tenant in one of its partitions; the audit trail remembers this alone. */
export const withinTenant = (tenantId: TenantId, pk: string): string =>
  pk.slice(prefixOf(tenantId).length);

/** Frozen, since they are every request's. */
function keysOf(tenantId: TenantId) {
  const prefix = prefixOf(tenantId);
  const inTenant = (rest: string): string => `${prefix}${rest}`;
  return Object.freeze({
    tenantId,
    /** What every partition key of this tenant begins with. */
    prefix,
    ...actionKeys(inTenant),
    ...auditKeys(inTenant),
    ...factKeys(inTenant),
    ...importKeys(inTenant),
    ...partnerKeys(inTenant),
    ...peopleKeys(inTenant),
    ...privacyKeys(inTenant),
    ...programKeys(inTenant),
    ...rankingKeys(inTenant),
    ...requestKeys(inTenant),
    ...reviewKeys(inTenant),
    ...singleSignOnKeys(inTenant),
    ...subscriptionKeys(inTenant),
  });
}
export type TenantKeys = ReturnType<typeof keysOf>;

const MOST_REMEMBERED = 1_000;

/**
 * Every partition key of the table and of every index that these make begins with the tenant, closed by `#`. Made once:
 * some two hundred functions take a tenth of what a small request takes.
 */
export const tenantKeys = remembered(MOST_REMEMBERED, keysOf);
