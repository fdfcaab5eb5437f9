import { z } from "zod";
import { type PersonId, TenantId } from "../id/index.ts";
import type { ContentsPart } from "../tenant-contents/index.ts";

/**
 * That a tenant was erased, and when: what stays of it, for ever. It names nobody and nothing of the
 * tenant but the id that was its own.
 */
export const Erasure = z.object({
  tenantId: TenantId,
  /** From here on there was no way back. */
  erasedAt: z.iso.datetime(),
  /** How many parts the list of what is to be removed has; null until it is complete. */
  parts: z.number().int().nullable(),
  /** Parts before this one are removed. */
  nextPart: z.number().int(),
  /** Without those that an attempt removed which died before it said so; as with people. */
  rowsRemoved: z.number().int(),
  /** People who had no other way in. */
  peopleRemoved: z.number().int(),
  finishedAt: z.iso.datetime().nullable(),
});
export type Erasure = z.infer<typeof Erasure>;

/** Of all tenants, for the system alone: it outlives what it erases. */
export interface ErasureRepository {
  get(tenantId: TenantId): Promise<Erasure | undefined>;
  save(erasure: Erasure): Promise<void>;
  /** What is to be removed, listed before the first row is: what leads to a row may go before it. */
  putPart(tenantId: TenantId, part: number, contents: ContentsPart): Promise<void>;
  part(tenantId: TenantId, part: number): Promise<ContentsPart | undefined>;
  /** The list, once all of it is done. */
  dropParts(tenantId: TenantId, parts: number): Promise<void>;
  /**
   * Takes the person's ways into the tenant away, and the person with them where there is no other.
   * @returns whether the person is gone
   */
  forgetPerson(tenantId: TenantId, personId: PersonId): Promise<boolean>;
  forgetPointer(pointer: string): Promise<void>;
  /** Timers of the tenant, but for that of the erasure itself, and its place in the directory. */
  forgetTenant(tenantId: TenantId): Promise<void>;
}

export interface ErasureStore {
  readonly erasures: ErasureRepository;
}
