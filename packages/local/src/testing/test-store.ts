import { paginateScan } from "@aws-sdk/lib-dynamodb";
import type { Actor, MemberRole, PartnerRole } from "@concord/core/actor";
import type { RequestContext } from "@concord/core/context";
import {
  MemberId,
  type MintId,
  mintIds,
  type PartnerId,
  PartnerUserId,
  PersonId,
  TenantId,
} from "@concord/core/id";
import {
  createMeter,
  dynamoTable,
  type Item,
  openPinnedStore,
  type Table,
  type TenantStore,
  type Usage,
} from "@concord/storage";
import { testTable } from "./test-table.ts";

/** A moment that tests start from; business time, not the wall clock. */
export const NOON = new Date("2027-01-15T12:00:00.000Z");

/** A fresh table on the embedded engine, with everything a use case receives. */
export interface TestStore {
  readonly table: Table;
  /** Every row there is, of all tenants. */
  dump(): Promise<Item[]>;
  /** New ids that are the same on every run of the test. */
  readonly mint: MintId;
  openTenant(tenantId: TenantId): TenantStore;
  /** A context in which a member of these roles acts. */
  asMember(tenantId: TenantId, ...roles: readonly MemberRole[]): RequestContext<TenantStore>;
  /** A context in which a person of this partner acts. */
  asPartner(
    tenantId: TenantId,
    partnerId: PartnerId,
    ...roles: readonly PartnerRole[]
  ): RequestContext<TenantStore>;
  asSystem(tenantId: TenantId): RequestContext<TenantStore>;
  /** What the action costs in requests and capacity units. */
  costOf(
    action: (
      ctx: (actor: Actor, tenantId: TenantId) => RequestContext<TenantStore>,
    ) => Promise<unknown>,
  ): Promise<Usage>;
}

/** Two tenants that every test of stored data holds. */
export const ACME = TenantId.parse("ten_0000000000000000000000ACME");
export const GLOBEX = TenantId.parse("ten_00000000000000000000G10BEX");

export async function testStore({ now = NOON }: { readonly now?: Date } = {}): Promise<TestStore> {
  const { documentClient, tableName } = await testTable();
  let entropy = 1;
  const random = () => {
    entropy = (entropy * 48_271) % 2_147_483_647;
    return entropy / 2_147_483_647;
  };
  const mint = mintIds(() => now.getTime(), random);
  const table = dynamoTable({
    name: tableName,
    client: documentClient,
    sleep: () => Promise.resolve(),
    random,
  });
  const context = (actor: Actor, tenantId: TenantId, on = table) => ({
    actor,
    store: openPinnedStore(on, tenantId),
    now,
    mint,
  });
  return {
    table,
    async dump() {
      const rows: Item[] = [];
      for await (const { Items = [] } of paginateScan(
        { client: documentClient },
        { TableName: tableName, ConsistentRead: true },
      )) {
        rows.push(...Items);
      }
      return rows;
    },
    mint,
    openTenant: (tenantId) => openPinnedStore(table, tenantId),
    asMember: (tenantId, ...roles) =>
      context(
        { kind: "member", personId: mint(PersonId), memberId: mint(MemberId), roles },
        tenantId,
      ),
    asPartner: (tenantId, partnerId, ...roles) =>
      context(
        {
          kind: "partner-user",
          personId: mint(PersonId),
          partnerUserId: mint(PartnerUserId),
          partnerId,
          roles,
        },
        tenantId,
      ),
    asSystem: (tenantId) => context({ kind: "system", name: "bootstrap" }, tenantId),
    async costOf(action) {
      const meter = createMeter();
      await action((actor, tenantId) => context(actor, tenantId, table.metered(meter)));
      return meter.usage();
    },
  };
}
