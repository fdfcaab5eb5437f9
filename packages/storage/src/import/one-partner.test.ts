import { correctOpportunity } from "@concord/core/opportunity";
import { createPartner } from "@concord/core/partner";
import { ACME, type TestStore, testStore } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { csvOf, importFile, sourceWith } from "./import.fixture.ts";

describe("S-10 a file for one partner", () => {
  let test: TestStore;
  let source: Awaited<ReturnType<typeof sourceWith>>;
  beforeAll(async () => {
    test = await testStore();
    source = await sourceWith(test);
  });
  const partner = (name: string) => {
    const partnerId = source.partnerIds[name];
    if (partnerId === undefined) throw new Error(`there is no ${name}`);
    return partnerId;
  };
  const admin = () => test.asMember(ACME, "data-steward");
  const importIt = (rows: readonly string[], options = {}) =>
    importFile(admin(), test.asSystem(ACME), source, csvOf(...rows), options);
  const factsOf = async (name: string) => {
    const { items } = await admin().store.opportunities.list(partner(name), { limit: 100 });
    return items.map(({ externalId, amountMinor }) => [externalId, amountMinor]);
  };
  const row = (id: string, name: string, amount: number) =>
    `${id},${name},Desk,Mill,Won,2027-01-01,2027-01-31,${amount}`;

  it("S-10 adds to no other partner, takes from none and holds nothing, and comes whole when it is for all", async () => {
    await importIt([row("S1", "South", 10), row("N1", "North", 20)]);
    const file = [
      row("N1", "North", 21),
      row("N2", "North", 22),
      row("S1", "North", 99),
      row("S2", "South", 23),
      row("X1", "Nobody", 24),
      row("S1", "South", 10),
    ];
    const limited = await importIt(file, { partnerId: partner("North") });
    expect(limited).toMatchObject({ status: "completed", partnerId: partner("North") });
    expect(limited.progress).toMatchObject({
      rowsRead: 6,
      rowsChanged: 2,
      rowsRefused: 4,
      rowsHeld: 0,
      rowsUnchanged: 0,
    });
    const { items } = await admin().store.imports.listRowErrors(limited.importId, { limit: 10 });
    expect(items.map(({ row: line, code }) => [line, code])).toEqual([
      [4, "partner-not-of-file"],
      [5, "partner-not-of-file"],
      [6, "partner-not-of-file"],
      [7, "external-id-repeated"],
    ]);
    expect(await factsOf("North")).toEqual([
      ["N1", 2100],
      ["N2", 2200],
    ]);
    expect(await factsOf("South")).toEqual([["S1", 1000]]);
    // The same file for everybody is no repeat of it; the same rows without a partner say what they would do.
    const whole = await importIt(file.slice(0, 5));
    expect(whole).toMatchObject({ isRepeat: false, progress: { rowsHeld: 1, rowsRefused: 0 } });
    expect(await factsOf("South")).toEqual([["S2", 2300]]);
  });

  it("S-10 lets a partner's data collector correct that partner's figures, with the reason, and no other's", async () => {
    const [own, other] = await Promise.all(
      ["Own", "Other"].map((name) =>
        createPartner(test.asMember(ACME, "admin"), {
          ...{ name, type: "reseller", lifecycleStage: "growing", region: "Central" },
          ...{ partnerManagerId: null, executiveSponsorId: null, dataStewardId: null },
        }),
      ),
    );
    if (!own || !other) throw new Error("two partners were made");
    await importIt([row("O1", "Own", 50), row("P1", "Other", 60)]);
    const idsOf = async (partnerId: typeof own.partnerId) => {
      const { items } = await admin().store.opportunities.list(partnerId, { limit: 1 });
      const [fact] = items;
      if (!fact) throw new Error("a fact was imported");
      return { partnerId, opportunityId: fact.opportunityId, ifVersion: fact.revision };
    };
    const ctx = test.asPartner(ACME, own.partnerId, "partner-user");
    const duties = [{ duty: "data-collector" as const, partnerId: own.partnerId, programId: null }];
    const collector = { ...ctx, actor: { ...ctx.actor, duties } as typeof ctx.actor };
    const input = { reason: "Signed lower", fields: { amount: "45.00" }, release: [] };
    const [mine, theirs] = [await idsOf(own.partnerId), await idsOf(other.partnerId)];
    await expect(correctOpportunity(ctx, { ...mine, input })).rejects.toMatchObject({
      code: "permission-denied",
    });
    await expect(correctOpportunity(collector, { ...theirs, input })).rejects.toMatchObject({
      code: "permission-denied",
    });
    expect(await correctOpportunity(collector, { ...mine, input })).toMatchObject({
      amountMinor: 4500,
    });
  });
});
