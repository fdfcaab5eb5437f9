import type { TenantId } from "@concord/core/id";
import type { Item } from "../dynamo-table/item.ts";

/** What a request does with one row or one partition. */
export type Verb = "get" | "query" | "put" | "update" | "remove" | "check";

/** A key, or a whole row where one is written. */
type Touched = Item & { readonly pk: string };

interface SystemPartition {
  /** What the partition's key begins with; the whole key where it does not end with `#`. */
  readonly pk: string;
  /** For each verb a tenant's requests may use, whether they may with this row. */
  readonly verbs: Partial<Record<Verb, (row: Touched, tenantId: TenantId) => boolean>>;
}

const anyRow = (): boolean => true;
const segmentsOf = ({ sk }: Touched): readonly string[] => String(sk).split("#");
/** The key of a membership names the tenant that it leads into. */
const leadsHome = (row: Touched, tenantId: TenantId): boolean => {
  const [kind, tenant] = segmentsOf(row);
  return kind === "MEMBERSHIP" && tenant === tenantId;
};
const isOfTenant = (row: Touched, tenantId: TenantId): boolean => segmentsOf(row)[1] === tenantId;

/**
 * Partitions of no tenant that a tenant's own transactions touch; what is not listed is refused.
 * Spelled here a second time on purpose: the guard must not trust what `keys` says.
 */
export const systemPartitions: readonly SystemPartition[] = [
  { pk: "SYSTEM#LOGIN#", verbs: { get: anyRow, put: anyRow } },
  {
    pk: "SYSTEM#PERSON#",
    verbs: {
      check: (row, tenantId) => row["sk"] === "PERSON" || leadsHome(row, tenantId),
      put: (row, tenantId) => row["sk"] === "PERSON" || leadsHome(row, tenantId),
      remove: leadsHome,
    },
  },
  { pk: "SYSTEM#INVITED#", verbs: { put: isOfTenant, remove: isOfTenant } },
  { pk: "SYSTEM#TENANTS", verbs: { get: isOfTenant, put: isOfTenant } },
  {
    pk: "SYSTEM#TIMER#",
    verbs: {
      put: (row, tenantId) => segmentsOf(row)[2] === tenantId,
      remove: (row, tenantId) => segmentsOf(row)[2] === tenantId,
    },
  },
];

/** Whether a tenant's request may do this outside of its own partitions. */
export function mayTouchSystem(verb: Verb, row: Touched, tenantId: TenantId): boolean {
  const listed = systemPartitions.find(({ pk }) =>
    pk.endsWith("#") ? row.pk.startsWith(pk) : row.pk === pk,
  );
  return listed?.verbs[verb]?.(row, tenantId) ?? false;
}
