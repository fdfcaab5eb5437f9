import { createPartner, getPartner, listPartners, updatePartner } from "@concord/core/partner";
import { ACME, GLOBEX, testPartnership, testStore } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

const input = (name: string) => ({
  name,
  type: "reseller" as const,
  lifecycleStage: "growing" as const,
  region: "Central",
  partnerManagerId: null,
  executiveSponsorId: null,
  dataStewardId: null,
});

describe("partners in the table", () => {
  let test: Awaited<ReturnType<typeof testStore>>;
  beforeAll(async () => {
    test = await testStore();
  });

  it("keeps the partners of two tenants apart, also under the same name", async () => {
    const acme = test.asMember(ACME, "admin");
    const globex = test.asMember(GLOBEX, "admin");
    const ours = await createPartner(acme, input("Northwind"));
    const theirs = await createPartner(globex, input("Northwind"));
    await expect(getPartner(globex, ours.partnerId)).rejects.toMatchObject({
      code: "partner-not-found",
    });
    expect((await listPartners(globex, { limit: 50 })).items).toEqual([theirs]);
    expect(await getPartner(acme, ours.partnerId)).toEqual(ours);
  });

  it("refuses a second partner whose name differs only in case and spacing, and writes nothing", async () => {
    const ctx = test.asMember(ACME, "admin");
    await createPartner(ctx, input("Blue  Yonder"));
    await expect(createPartner(ctx, input("blue yonder"))).rejects.toMatchObject({
      code: "partner-name-taken",
    });
    const { items } = await listPartners(ctx, { limit: 100 });
    expect(items.filter(({ name }) => /yonder/i.test(name))).toHaveLength(1);
  });

  it("frees the old name when a partner is renamed", async () => {
    const ctx = test.asMember(ACME, "admin");
    const partner = await createPartner(ctx, input("Old Name"));
    const renamed = await updatePartner(ctx, {
      partnerId: partner.partnerId,
      ifVersion: 1,
      changes: { name: "New Name" },
    });
    expect(renamed.version).toBe(2);
    await expect(createPartner(ctx, input("Old Name"))).resolves.toMatchObject({ version: 1 });
    await expect(createPartner(ctx, input("New Name"))).rejects.toMatchObject({
      code: "partner-name-taken",
    });
  });

  it("lets one of two concurrent changes win", async () => {
    const ctx = test.asMember(ACME, "admin");
    const { partnerId } = await createPartner(ctx, input("Contended"));
    const change = (region: string) =>
      updatePartner(ctx, { partnerId, ifVersion: 1, changes: { region } });
    const outcomes = await Promise.allSettled([change("East"), change("West")]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("pages by name and refuses a position of another tenant", async () => {
    const ctx = test.asMember(GLOBEX, "admin");
    for (const name of ["Zeta", "Alpha", "Mid"]) await createPartner(ctx, input(name));
    const first = await listPartners(ctx, { limit: 2 });
    expect(first.items.map(({ name }) => name)).toEqual(["Alpha", "Mid"]);
    const second = await listPartners(ctx, { limit: 2, position: first.position });
    expect(second.items.map(({ name }) => name)).toEqual(["Northwind", "Zeta"]);
    await expect(
      listPartners(test.asMember(ACME, "admin"), { limit: 2, position: first.position }),
    ).rejects.toMatchObject({ code: "cursor-invalid" });
  });

  it("shows a partner user their own partner and answers like a missing one for any other", async () => {
    const admin = test.asMember(ACME, "admin");
    const own = await createPartner(admin, input("Own"));
    const other = await createPartner(admin, input("Other"));
    const ctx = test.asPartner(ACME, own.partnerId, "partner-user");
    expect((await listPartners(ctx, { limit: 50 })).items).toEqual([own]);
    await expect(getPartner(ctx, other.partnerId)).rejects.toMatchObject({
      code: "partner-not-found",
    });
    await expect(
      updatePartner(ctx, { partnerId: own.partnerId, ifVersion: 1, changes: { region: "X" } }),
    ).rejects.toMatchObject({ code: "permission-denied" });
  });

  it("names nobody as answerable who is no member of the tenant", async () => {
    const globex = await testPartnership(test, GLOBEX, { name: "Elsewhere" });
    const ctx = test.asMember(ACME, "admin");
    const partnerManagerId = globex.members.manager.memberId;
    await expect(
      createPartner(ctx, { ...input("Misnamed"), partnerManagerId }),
    ).rejects.toMatchObject({
      code: "member-unknown",
      places: [{ pointer: "/partnerManagerId" }],
    });
    const partner = await createPartner(ctx, input("Unnamed"));
    await expect(
      updatePartner(ctx, {
        partnerId: partner.partnerId,
        ifVersion: 1,
        changes: { dataStewardId: partnerManagerId },
      }),
    ).rejects.toMatchObject({ code: "member-unknown" });
    expect(await getPartner(ctx, partner.partnerId)).toEqual(partner);
  });
});
