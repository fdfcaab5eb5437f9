import { StoredEvent } from "@concord/core/event";
import { addMember } from "@concord/core/member";
import { ACME, GLOBEX, NOON, testStore } from "@concord/local/testing";
import { describe, expect, it } from "vitest";
import type { Table } from "./dynamo-table/contract.ts";
import { EgressRefused } from "./isolation/egress-guard.ts";
import { tenantKeys } from "./keys/index.ts";
import { openPinnedStore, systemContexts } from "./system-contexts.ts";

describe("one of the system's own actors", () => {
  it("acts in one tenant at an instant of the business clock, and its events name the cause they share", async () => {
    const { table, mint } = await testStore();
    const open = systemContexts({ table, mint, now: () => NOON })("bootstrap");
    const causes = async (ctx: ReturnType<typeof open>, tenantId: typeof ACME, name: string) => {
      const input = {
        displayName: name,
        roles: ["viewer" as const],
        initialPassword: "x".repeat(20),
      };
      const { memberId } = await addMember(ctx, { ...input, email: `${name}@people.test` });
      const { pk } = tenantKeys(tenantId).membership(memberId);
      const { items } = await table.query({ pk, sort: { prefix: "EVENT#" } });
      return items.map((item) => StoredEvent.parse(item));
    };
    const one = open(ACME);
    expect(one).toMatchObject({ actor: { kind: "system", name: "bootstrap" }, now: NOON });
    const [first] = await causes(one, ACME, "ada");
    const [second] = await causes(one, ACME, "grace");
    const later = new Date(NOON.getTime() + 1000);
    const [third] = await causes(open(GLOBEX, later), GLOBEX, "edith");
    expect(first?.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(second?.requestId).toBe(first?.requestId);
    expect(third?.requestId).not.toBe(first?.requestId);
    expect([first?.at, third?.at]).toEqual([NOON.toISOString(), later.toISOString()]);
  });

  it("is handed nothing of another tenant, whatever the table answers", async () => {
    const stray = { pk: `T#${GLOBEX}#TENANT`, sk: "TENANT" };
    const table = { get: () => Promise.resolve(stray) } as unknown as Table;
    await expect(openPinnedStore(table, ACME).tenant.get()).rejects.toBeInstanceOf(EgressRefused);
    const now = () => NOON;
    const { store } = systemContexts({ table, now, mint: () => "" as never })("queue")(ACME);
    await expect(store.tenant.get()).rejects.toBeInstanceOf(EgressRefused);
  });
});
