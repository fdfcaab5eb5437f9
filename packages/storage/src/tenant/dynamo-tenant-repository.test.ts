import { getMember } from "@concord/core/member";
import { createTenant, getTenant, updateTenant } from "@concord/core/tenant";
import { ACME, GLOBEX, testStore } from "@concord/local/testing";
import { openSystemStore } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { createMeter } from "../dynamo-table/meter.ts";
import { openTenantStore } from "../tenant-store.ts";

type Test = Awaited<ReturnType<typeof testStore>>;

const input = (name: string) => ({
  tenant: { name, timeZone: "America/Chicago", fiscalYearStartMonth: 2, currency: "USD" },
  owner: {
    email: `owner@${name.toLowerCase()}.test`,
    displayName: "The owner",
    initialPassword: "a password of these tests",
  },
});

describe("tenants in the table", () => {
  let test: Test;
  const create = (tenantId: typeof ACME, name: string) =>
    createTenant(
      { ...test.asSystem(tenantId), openTenant: test.openTenant },
      { tenantId, ...input(name) },
    );
  beforeAll(async () => {
    test = await testStore();
  });

  it("P-01 creates a tenant with its first owner and its place in the directory, once", async () => {
    const { tenant, owner } = await create(ACME, "Acme");
    expect(tenant).toMatchObject({ tenantId: ACME, version: 1, fiscalYearStartMonth: 2 });
    expect(await getMember(test.asMember(ACME, "viewer"), owner.memberId)).toMatchObject({
      roles: ["owner"],
      email: "owner@acme.test",
    });
    await expect(create(ACME, "Acme")).rejects.toMatchObject({ code: "tenant-exists" });
    const { tenant: other } = await create(GLOBEX, "Globex");
    const { tenants } = openSystemStore(test.table);
    expect((await tenants.list({ limit: 50 })).items).toEqual(
      [tenant, other].map(({ tenantId, name, createdAt }) => ({ tenantId, name, createdAt })),
    );
    expect(await getTenant(test.asMember(GLOBEX, "viewer"))).toEqual(other);
  });

  it("is created by the system alone", async () => {
    await expect(
      createTenant({ ...test.asMember(ACME, "owner"), openTenant: test.openTenant }, input("X")),
    ).rejects.toMatchObject({ code: "permission-denied" });
  });

  it("carries a new name into the directory, refuses a stale change and a member's", async () => {
    const owner = test.asMember(ACME, "owner");
    const before = await getTenant(owner);
    const change = { ifVersion: before.version, changes: { name: "Acme & Sons" } };
    await expect(updateTenant(test.asMember(ACME, "viewer"), change)).rejects.toMatchObject({
      code: "permission-denied",
    });
    const after = await updateTenant(owner, change);
    expect(after).toEqual({ ...before, name: "Acme & Sons", version: before.version + 1 });
    await expect(updateTenant(owner, change)).rejects.toMatchObject({ code: "version-stale" });
    const { tenants } = openSystemStore(test.table);
    expect(await tenants.find([ACME])).toMatchObject([{ name: "Acme & Sons" }]);
  });

  it("costs what AP-32 to AP-36 say", async () => {
    const fresh = await testStore();
    const meter = createMeter();
    const table = fresh.table.metered(meter);
    const system = openSystemStore(table);
    const costs: unknown[] = [];
    let last = meter.usage();
    const spent = async (action: Promise<unknown>) => {
      await action;
      const { requests, readUnits, writeUnits } = meter.usage();
      costs.push([
        requests - last.requests,
        readUnits - last.readUnits,
        writeUnits - last.writeUnits,
      ]);
      last = meter.usage();
    };
    const store = openTenantStore(table, ACME);
    await spent(
      createTenant(
        { ...fresh.asSystem(ACME), openTenant: () => store },
        { tenantId: ACME, ...input("Acme") },
      ),
    );
    await spent(store.tenant.get());
    await spent(
      updateTenant(
        { ...fresh.asMember(ACME, "owner"), store },
        { ifVersion: 1, changes: { name: "New" } },
      ),
    );
    await spent(system.tenants.list({ limit: 50 }));
    await spent(system.tenants.find([ACME, GLOBEX]));
    expect(costs).toEqual([
      [2, 1, 23],
      [1, 1, 0],
      [2, 1, 6],
      [1, 1, 0],
      [1, 1, 0],
    ]);
  });
});
