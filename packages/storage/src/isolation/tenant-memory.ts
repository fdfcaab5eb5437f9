import type { TenantTable } from "../aggregate.ts";
import type { Table } from "../dynamo-table/contract.ts";
import type { TenantKeys } from "../keys/index.ts";

/** A way of reading and the partition that is read so. */
type Reading = readonly [how: Parameters<Table["permits"]>[0], pk: string];

/** What a process remembers of each tenant for a minute, so that not every request reads it. */
export interface TenantMemory<T> {
  /**
   * What was read less than a minute ago, of the clock that `now` is from; else what `read` reads.
   * @throws EgressRefused where the table serves another tenant, also for what is remembered
   */
  recall(tenant: TenantTable, now: Date, read: () => Promise<T>): Promise<T>;
  /** After a change, so that this process knows at once; a read under way is not remembered either. */
  forget(tenant: TenantTable): void;
}

const REMEMBERED_MS = 60_000;
const nameOf = ({ table, keys }: TenantTable): string => `${table.name} ${keys.prefix}`;

/**
 * @param reads everything that `read` reads
 * @param mostTenants of more, the one read longest ago is forgotten
 */
export function tenantMemory<T>({
  reads,
  mostTenants,
}: {
  readonly reads: (keys: TenantKeys) => readonly Reading[];
  readonly mostTenants: number;
}): TenantMemory<T> {
  const remembered = new Map<string, { readonly at: number; readonly value: T }>();
  let forgotten = 0;

  return {
    async recall(tenant, now, read) {
      for (const [how, pk] of reads(tenant.keys)) tenant.table.permits(how, pk);
      const name = nameOf(tenant);
      const known = remembered.get(name);
      const age = now.getTime() - (known?.at ?? 0);
      if (known && age >= 0 && age < REMEMBERED_MS) return known.value;
      const before = forgotten;
      const value = await read();
      if (forgotten !== before) return value;
      // Set anew, so that the first of the map is the one read longest ago.
      remembered.delete(name);
      remembered.set(name, { at: now.getTime(), value });
      const [oldest] = remembered.keys();
      if (remembered.size > mostTenants && oldest !== undefined) remembered.delete(oldest);
      return value;
    },

    forget(tenant) {
      forgotten += 1;
      remembered.delete(nameOf(tenant));
    },
  };
}
