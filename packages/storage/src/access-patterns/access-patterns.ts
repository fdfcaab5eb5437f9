import type { IdSchema } from "@concord/core/id";
import { TenantId } from "@concord/core/id";
import type { z } from "zod";
import type { SystemStore } from "../system-store.ts";
import type { TenantStore } from "../tenant-store.ts";

/** One tenant on a table, and what belongs to no tenant. */
export interface Stores {
  readonly tenantId: TenantId;
  readonly tenant: TenantStore;
  readonly system: SystemStore;
}

/** Brings about one access pattern, so that its requests and units can be counted. */
export interface Exercise {
  readonly pattern: string;
  /** Fills the table; @returns what is measured, to be run on the same table. */
  prepare(stores: Stores): Promise<(metered: Stores) => Promise<unknown>>;
}

export const exercise = <Arranged>(
  pattern: string,
  arrange: (stores: Stores) => Promise<Arranged>,
  act: (stores: Stores, arranged: Arranged) => Promise<unknown>,
): Exercise => ({
  pattern,
  async prepare(stores) {
    const arranged = await arrange(stores);
    return (metered) => act(metered, arranged);
  },
});

/** An id that is the same on every run. */
export const idOf = <S extends IdSchema>(kind: S, number = 1): z.infer<S> =>
  kind.parse(`${kind.prefix}_${String(number).padStart(26, "0")}`) as z.infer<S>;

export const TENANT = idOf(TenantId);
export const AT = "2027-01-15T12:00:00.000Z";
export const NOW = new Date(AT);
/** Epoch seconds. */
export const LATER = NOW.getTime() / 1000 + 600;
export const SYSTEM = { kind: "system", name: "bootstrap" } as const;
export const FIRST_PAGE = { limit: 50 };

/** An event of this type whose contents do not matter. */
export const event = <E extends { readonly type: string }>(
  type: E["type"],
  data: unknown = { reason: "exercise" },
): E => ({ type, at: AT, by: SYSTEM, data }) as unknown as E;

export async function drain(rows: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of rows) count += 1;
  return count;
}
