import {
  begin,
  endPaymentTerm,
  issueInvoice,
  listInvoices,
  recordPayment,
  startSubscription,
} from "@concord/core/edition";
import { createImport } from "@concord/core/import";
import { addMember, endMember } from "@concord/core/member";
import { createPartner } from "@concord/core/partner";
import { createProgram, publishProgram } from "@concord/core/program";
import { CreateSource, createSource } from "@concord/core/source";
import { changeEdition, createTenant, getSubscription } from "@concord/core/tenant";
import { ACME, GLOBEX, NOON, type TestStore, testStore } from "@concord/local/testing";
import { beforeEach, describe, expect, it } from "vitest";

const SYSTEM = { kind: "system", name: "bootstrap" } as const;
const uploads = {
  targetOf: async () => ({
    method: "PUT" as const,
    url: "https://uploads.concord.test/x",
    headers: {},
    expiresAt: NOON.toISOString(),
  }),
};

describe("the limits of an edition", () => {
  let test: TestStore;
  const owner = (tenantId = ACME) => test.asMember(tenantId, "owner");
  beforeEach(async () => {
    test = await testStore();
    for (const [tenantId, edition] of [
      [ACME, "starter"],
      [GLOBEX, "enterprise"],
    ] as const) {
      await createTenant(
        { ...test.asSystem(tenantId), openTenant: test.openTenant },
        {
          tenantId,
          tenant: {
            name: edition,
            timeZone: "America/Chicago",
            fiscalYearStartMonth: 1,
            currency: "USD",
          },
          owner: {
            email: `owner@${edition}.test`,
            displayName: "The owner",
            initialPassword: "a password of these tests",
          },
          subscription: { edition, begins: "active" },
        },
      );
    }
  });

  const add = (tenantId: typeof ACME, number: number) =>
    createPartner(owner(tenantId), {
      name: `Partner ${number}`,
      type: "reseller",
      lifecycleStage: "growing",
      region: "Central",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });
  const outcomes = async (actions: readonly Promise<unknown>[]) =>
    (await Promise.allSettled(actions)).map((one) =>
      one.status === "fulfilled" ? "done" : (one.reason as { code?: string }).code,
    );

  it("P-01 give the last place to one of two who take it at once, and say limit and use", async () => {
    for (let number = 0; number < 9; number += 1) await add(ACME, number);
    const both = await outcomes([add(ACME, 100), add(ACME, 101)]);
    expect(both.sort()).toEqual(["done", "edition-limit-reached"]);
    await expect(add(ACME, 102)).rejects.toMatchObject({
      message: expect.stringMatching(/10 partners, and 10 are in use/),
    });
    expect((await getSubscription(owner())).usage.partners).toEqual({ used: 10, limit: 10 });
    for (let number = 0; number < 12; number += 1) await add(GLOBEX, number);
    expect((await getSubscription(owner(GLOBEX))).usage.partners).toEqual({
      used: 12,
      limit: null,
    });
  });

  it("P-01 count active members, and free the place of one who leaves", async () => {
    const join = (number: number) =>
      addMember(test.asSystem(ACME), {
        email: `m${number}@people.test`,
        displayName: "Ada",
        roles: ["viewer"],
        initialPassword: "a password of these tests",
      });
    const first = await join(1);
    for (const number of [2, 3, 4]) await join(number);
    await expect(join(5)).rejects.toMatchObject({ code: "edition-limit-reached" });
    await endMember(owner(), { memberId: first.memberId, ifVersion: 1 });
    await join(6);
    expect((await getSubscription(owner())).usage.members).toEqual({ used: 5, limit: 5 });
  });

  it("P-01 count programs as they are first published", async () => {
    const program = () => createProgram(owner(), { from: "reseller-template" });
    const [one, other] = [await program(), await program()];
    const publish = (programId: typeof one.programId, ifVersion: number) =>
      publishProgram(owner(), { programId, ifVersion, effectiveFrom: "2027-Q1" });
    await publish(one.programId, 1);
    await publish(one.programId, 2);
    await expect(publish(other.programId, 1)).rejects.toMatchObject({
      code: "edition-limit-reached",
    });
  });

  it("P-01 count the imports of a day of the tenant's zone", async () => {
    const { sourceId } = await createSource(
      owner(),
      CreateSource.parse({ name: "CRM", currency: "USD" }),
    );
    const announce = (now = NOON) =>
      createImport({ ...owner(), now }, uploads, {
        sourceId,
        fileName: "deals.csv",
        dryRun: false,
      });
    const five = await outcomes(Array.from({ length: 7 }, () => announce()));
    expect(five.filter((one) => one === "done")).toHaveLength(5);
    await expect(announce()).rejects.toMatchObject({ code: "edition-limit-reached" });
    // 05:59Z is still the 15th in Chicago.
    await expect(announce(new Date("2027-01-16T05:59:00Z"))).rejects.toThrow();
    await announce(new Date("2027-01-16T06:00:00Z"));
  });

  it("P-01 are another edition's at once, and refuse one that grew too small meanwhile", async () => {
    const up = await changeEdition(owner(), { ifVersion: 1, edition: "growth" });
    for (let number = 0; number < 10; number += 1) await add(ACME, number);
    const [smaller, added] = await outcomes([
      changeEdition(owner(), { ifVersion: up.version, edition: "starter" }),
      add(ACME, 10),
    ]);
    const { edition, usage } = await getSubscription(owner());
    // Whoever came first, the edition holds what is there.
    expect([smaller, added]).toContain("done");
    expect(usage.partners.used).toBeLessThanOrEqual(usage.partners.limit ?? 0);
    expect(edition === "starter" ? added : smaller).not.toBe("done");
  });

  it("leave a tenant without a row unbound, until an operator puts it on an edition", async () => {
    const fresh = await testStore();
    const ctx = fresh.asMember(ACME, "owner");
    expect(await ctx.store.subscriptions.get()).toBeUndefined();
    expect(await ctx.store.subscriptions.state(NOON)).toBe("active");
    const system = fresh.asSystem(ACME);
    expect(await startSubscription(system, { edition: "starter", begins: "trial" })).toMatchObject({
      state: "trial",
      version: 1,
    });
    await expect(
      startSubscription(system, { edition: "growth", begins: "trial" }),
    ).rejects.toMatchObject({ code: "subscription-exists" });
    expect(await ctx.store.subscriptions.state(NOON)).toBe("trial");
  });

  it("P-01 an invoice that is paid makes the tenant active once none is left overdue", async () => {
    const system = { ...test.asSystem(ACME) };
    const dueAt = "2027-02-01T00:00:00.000Z";
    const issue = (number: string) =>
      issueInvoice(system, { number, amountMinor: 120_000, currency: "USD", dueAt });
    const [one, other] = [await issue("2027-1"), await issue("2027-2")];
    const late = { ...system, now: new Date("2027-02-01T00:00:00Z") };
    await endPaymentTerm({ ...system, now: NOON }, one.invoiceId);
    expect((await system.store.subscriptions.get())?.state).toBe("active");
    for (const { invoiceId } of [one, other, other]) await endPaymentTerm(late, invoiceId);
    const states = async () => [
      (await system.store.subscriptions.get())?.state,
      (await listInvoices(owner())).map(({ status }) => status),
    ];
    expect(await states()).toEqual(["past-due", ["overdue", "overdue"]]);
    await recordPayment(late, one.invoiceId);
    expect((await states())[0]).toBe("past-due");
    await recordPayment(late, other.invoiceId);
    expect(await states()).toEqual(["active", ["paid", "paid"]]);
    const again = await recordPayment(late, other.invoiceId);
    expect(again.version).toBe(3);
    expect(await listInvoices(owner(GLOBEX))).toEqual([]);
    expect(begin("growth", "active", SYSTEM, NOON).timers).toEqual([]);
  });
});
