import { readdirSync } from "node:fs";
import { TenantId } from "@concord/core/id";
import { ACME, GLOBEX } from "@concord/local/testing";
import { describe, expect, it } from "vitest";
import type { InTenant } from "./key.ts";
import { tenantIdOf, tenantKeys, withinTenant } from "./tenant-keys.ts";

describe("the keys of a tenant", () => {
  it("are each spelled in one file, so that none takes the place of another", async () => {
    const files = readdirSync(import.meta.dirname).filter(
      (name) => name.endsWith("-keys.ts") && !["tenant-keys.ts", "system-keys.ts"].includes(name),
    );
    const modules = await Promise.all(
      files.map(
        (name): Promise<Record<string, (inTenant: InTenant) => object>> => import(`./${name}`),
      ),
    );
    const named = modules.flatMap((module) =>
      Object.values(module).flatMap((open) => Object.keys(open((rest) => rest))),
    );
    const open = Object.keys(tenantKeys(ACME)).filter(
      (key) => !["tenantId", "prefix"].includes(key),
    );
    expect(named.toSorted()).toEqual(open.toSorted());
  });

  it("lead back to the tenant they were opened for, and say the same within each", () => {
    const one = tenantKeys(ACME);
    const other = tenantKeys(GLOBEX);
    for (const list of ["partnerList", "cycleList", "programs", "tenantExports"] as const) {
      expect(tenantIdOf(one[list]())).toBe(ACME);
      expect(tenantIdOf(other[list]())).toBe(GLOBEX);
      expect(withinTenant(ACME, one[list]())).toBe(withinTenant(GLOBEX, other[list]()));
    }
    expect(tenantIdOf("SYSTEM#TENANTS")).toBeUndefined();
  });

  it("are each tenant's own, of however many there are", () => {
    const tenants = Array.from({ length: 2_500 }, (_, n) =>
      TenantId.parse(`ten_${String(n).padStart(26, "0")}`),
    );
    for (const tenantId of [...tenants, ...tenants]) {
      expect(tenantIdOf(tenantKeys(tenantId).partnerList())).toBe(tenantId);
    }
    expect(tenantKeys(ACME)).toBe(tenantKeys(ACME));
    expect(Object.isFrozen(tenantKeys(ACME))).toBe(true);
  });
});
