import type { TenantTable } from "./aggregate.ts";
import type { Item } from "./dynamo-table.ts";

/** What every request asks of its tenant, as rows. */
export interface Standing {
  readonly subscription: Item | undefined;
  /** What the tenant says of confidentiality. */
  readonly rules: Item | undefined;
  /** Whether it says anything of single partners. */
  readonly hasPartnerRules: boolean;
}

const REMEMBERED_MS = 60_000;
const MOST_TENANTS = 5_000;

/** Per table and tenant: every request asks, and once a minute is soon enough. */
const remembered = new Map<string, { readonly at: number; readonly standing: Standing }>();
const nameOf = ({ table, keys }: TenantTable): string => `${table.name} ${keys.prefix}`;

/**
 * One read of all of it a minute, of the clock that `now` is from.
 * @throws EgressRefused where the table serves another tenant, also for what is remembered
 */
export async function standingOf(tenant: TenantTable, now: Date): Promise<Standing> {
  const { table, keys } = tenant;
  const wanted = [keys.subscription(), keys.confidentiality(), keys.partnerRulesMark()];
  for (const { pk } of wanted) table.permits("getAll", pk);
  const name = nameOf(tenant);
  const known = remembered.get(name);
  const age = now.getTime() - (known?.at ?? 0);
  if (known && age >= 0 && age < REMEMBERED_MS) return known.standing;
  const rows = await table.getAll(wanted);
  const of = (entity: string) => rows.find((row) => row["entity"] === entity);
  const standing: Standing = {
    subscription: of("Subscription"),
    rules: of("Confidentiality"),
    hasPartnerRules: of("PartnerRulesMark") !== undefined,
  };
  remembered.delete(name);
  remembered.set(name, { at: now.getTime(), standing });
  const [oldest] = remembered.keys();
  if (remembered.size > MOST_TENANTS && oldest !== undefined) remembered.delete(oldest);
  return standing;
}

/** After a change of any of it, so that this process knows at once. */
export function forgetStanding(tenant: TenantTable): void {
  remembered.delete(nameOf(tenant));
}
