import type { TenantTable } from "./aggregate.ts";
import type { Item } from "./dynamo-table/item.ts";
import { tenantMemory } from "./isolation/tenant-memory.ts";
import type { TenantKeys } from "./keys/index.ts";

/** What every request asks of its tenant, as rows. */
export interface Standing {
  readonly subscription: Item | undefined;
  /** What the tenant says of confidentiality. */
  readonly rules: Item | undefined;
  /** Whether it says anything of single partners. */
  readonly hasPartnerRules: boolean;
}

const placesOf = (keys: TenantKeys) =>
  [keys.subscription(), keys.confidentiality(), keys.partnerRulesMark()] as const;

const remembered = tenantMemory<Standing>({
  reads: (keys) => placesOf(keys).map(({ pk }) => ["getAll", pk] as const),
  mostTenants: 5_000,
});

/** One read of all of it a minute, of the clock that `now` is from. */
export const standingOf = (tenant: TenantTable, now: Date): Promise<Standing> =>
  remembered.recall(tenant, now, async () => {
    const rows = await tenant.table.getAll(placesOf(tenant.keys));
    const of = (entity: string) => rows.find((row) => row["entity"] === entity);
    return {
      subscription: of("Subscription"),
      rules: of("Confidentiality"),
      hasPartnerRules: of("PartnerRulesMark") !== undefined,
    };
  });

/** After a change of any of it. */
export const forgetStanding = (tenant: TenantTable): void => remembered.forget(tenant);
