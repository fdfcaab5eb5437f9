import { createPartner } from "@concord/core/partner";
import { ACME, GLOBEX, testStore } from "@concord/local/testing";
import { expect, it } from "vitest";

const PARTNERS = 120;
/** Of the places that one row leads to, beside those that were there before it. */
const MOST_OF_A_PART = 300;

it("lists what a tenant of many partners has in parts that an item holds, each place once, and of no other tenant", async () => {
  const test = await testStore();
  const add = (tenantId: typeof ACME, name: string) =>
    createPartner(test.asMember(tenantId, "admin"), {
      ...{ name, type: "reseller", lifecycleStage: "growing", region: "Central" },
      ...{ partnerManagerId: null, executiveSponsorId: null, dataStewardId: null },
    });
  const partners = [];
  for (let n = 0; n < PARTNERS; n += 1) partners.push(await add(ACME, `Partner ${n}`));
  await add(GLOBEX, "Foreign");
  const parts: (readonly string[])[] = [];
  for await (const { places } of test.openTenant(ACME).contents.walk()) parts.push(places);
  expect(parts.length).toBeGreaterThan(1);
  expect(Math.max(...parts.map((places) => places.length))).toBeLessThanOrEqual(MOST_OF_A_PART);
  const all = parts.flat();
  expect(new Set(all).size).toBe(all.length);
  for (const { partnerId } of partners) {
    expect(all).toContain(`T#${ACME}#PARTNER#${partnerId}`);
  }
  expect(all.filter((place) => !place.startsWith(`T#${ACME}#`))).toEqual([]);
});
