import { addMember } from "@concord/core/member";
import {
  correctOpportunity,
  getOpportunity,
  listFactReports,
  listFactReportWork,
  listOpportunities,
  reattributeOpportunity,
  reportFact,
  resolveFactReport,
} from "@concord/core/opportunity";
import { updatePartner } from "@concord/core/partner";
import { listFlags } from "@concord/core/source";
import { ACME, actorOf, GLOBEX, type TestStore, testStore } from "@concord/local/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { csvOf, importFile, sourceWith } from "../import/import.fixture.ts";

const WON = "A1,North,Desk,Mill,Won,2027-01-05,2027-02-10,90";

describe("a fact that a person changes", () => {
  let test: TestStore;
  let source: Awaited<ReturnType<typeof sourceWith>>;
  beforeEach(async () => {
    test = await testStore();
    source = await sourceWith(test);
    await importIt(WON);
  });
  const steward = () => test.asMember(ACME, "data-steward");
  const importIt = (...rows: string[]) =>
    importFile(steward(), test.asSystem(ACME), source, csvOf(...rows));
  const partner = (name: string) => {
    const partnerId = source.partnerIds[name];
    if (partnerId === undefined) throw new Error(`there is no ${name}`);
    return partnerId;
  };
  const only = async (name: string) => {
    const { items } = await steward().store.opportunities.list(partner(name), { limit: 10 });
    const [fact] = items;
    if (!fact || items.length !== 1) throw new Error(`${items.length} facts`);
    return fact;
  };
  const wonAmount = async (name: string, month: string) => {
    const months = await steward().store.rollups.months(partner(name), "9999-12");
    return months.find((rollup) => rollup.month === month)?.counters.wonAmount ?? 0;
  };
  const correction = (fields: object, release: ("amountMinor" | "closedOn")[] = []) => ({
    reason: "as the contract says",
    fields,
    release,
  });

  it("S-39 keeps its stage history, with the date of each change", async () => {
    await importIt("B1,South,Desk,Mill,Prospecting,,,");
    await importIt("B1,South,Desk,Mill,Engaging,2027-03-01,,");
    await importIt("B1,South,Desk,Mill,Won,2027-03-01,2027-04-20,95");
    expect(await only("South")).toMatchObject({
      revision: 3,
      stageHistory: [
        { stage: "Prospecting", on: "2027-01-15" },
        { stage: "Engaging", on: "2027-03-01" },
        { stage: "Won", on: "2027-04-20" },
      ],
    });
    expect((await only("North")).stageHistory).toEqual([
      { stage: "Engaging", on: "2027-01-05" },
      { stage: "Won", on: "2027-02-10" },
    ]);
  });

  it("counts with its correction at once, keeps it against the feed, and returns to the feed when it is released", async () => {
    const fact = await only("North");
    const { partnerId, opportunityId } = fact;
    const input = correction({ amount: "120.50", closedOn: "2027-03-01" });
    const corrected = await correctOpportunity(steward(), {
      partnerId,
      opportunityId,
      ifVersion: 1,
      input,
    });
    expect(corrected).toMatchObject({
      amountMinor: 12_050,
      corrected: ["closedOn", "amountMinor"],
      correctedBy: [{ kind: "member" }],
      revision: 2,
    });
    expect(await wonAmount("North", "2027-02")).toBe(0);
    expect(await wonAmount("North", "2027-03")).toBe(12_050);

    await importIt("A1,North,Desk,Other Mill,Won,2027-01-05,2027-02-10,99");
    expect(await only("North")).toMatchObject({
      customerAccount: "Other Mill",
      amountMinor: 12_050,
      correctedBy: [{ kind: "member" }],
    });

    const released = await correctOpportunity(steward(), {
      partnerId,
      opportunityId,
      ifVersion: 3,
      input: correction({}, ["amountMinor"]),
    });
    expect(released).toMatchObject({
      amountMinor: 9_900,
      closedOn: "2027-03-01",
      corrected: ["closedOn"],
    });
    expect(await wonAmount("North", "2027-03")).toBe(9_900);
    const place = { partnerId, opportunityId, ifVersion: 4 };
    const last = correction({}, ["closedOn"]);
    const uncorrected = await correctOpportunity(steward(), { ...place, input: last });
    expect(uncorrected.correctedBy).toBeUndefined();
  });

  it("resolves the flag of the defect that the correction cures", async () => {
    await importIt(WON, "C1,South,Desk,,Won,2027-01-05,2027-02-10,90");
    const { partnerId, opportunityId } = await only("South");
    expect((await listFlags(steward(), "open", { limit: 10 })).items).toMatchObject([
      { code: "account-missing", openRows: 1 },
    ]);
    const input = correction({ customerAccount: "Mill" });
    await correctOpportunity(steward(), { partnerId, opportunityId, ifVersion: 1, input });
    expect((await listFlags(steward(), "open", { limit: 10 })).items).toEqual([]);
    await importIt(WON, "C1,South,Desk,,Won,2027-01-05,2027-02-11,90");
    expect((await listFlags(steward(), "open", { limit: 10 })).items).toEqual([]);
  });

  it("moves with its numbers to another partner and stays there whatever the feed says", async () => {
    const { partnerId, opportunityId } = await only("North");
    const input = { partnerId: partner("South"), reason: "sold by South" };
    await reattributeOpportunity(steward(), { partnerId, opportunityId, ifVersion: 1, input });
    expect(await wonAmount("North", "2027-02")).toBe(0);
    expect(await wonAmount("South", "2027-02")).toBe(9_000);
    await importIt("A1,North,Desk,Mill,Won,2027-01-05,2027-02-10,99");
    await importIt("A1,East,Desk,Mill,Won,2027-01-05,2027-02-10,98");
    expect(await wonAmount("South", "2027-02")).toBe(9_800);
    expect(await only("South")).toMatchObject({ isReattributed: true, revision: 4 });
    expect((await wonAmount("North", "2027-02")) + (await wonAmount("East", "2027-02"))).toBe(0);
  });

  it.each([
    ["a stage that is none", { stage: "Maybe" }, "/fields/stage"],
    ["a word for an amount", { amount: "much" }, "/fields/amount"],
    ["a negative amount", { amount: "-1" }, "/fields/amount"],
  ])("is not given %s", async (_, fields, pointer) => {
    const { partnerId, opportunityId } = await only("North");
    await expect(
      correctOpportunity(steward(), {
        partnerId,
        opportunityId,
        ifVersion: 1,
        input: correction(fields),
      }),
    ).rejects.toMatchObject({ code: "opportunity-correction-invalid", places: [{ pointer }] });
  });

  it.each([
    ["a stale revision", "data-steward", 7, { amount: "1" }, "version-stale"],
    ["somebody without the right", "partner-manager", 1, { amount: "1" }, "permission-denied"],
    ["what is there already", "data-steward", 1, {}, "opportunity-unchanged"],
  ] as const)("refuses %s and writes nothing", async (_, role, ifVersion, fields, code) => {
    const before = await only("North");
    const { partnerId, opportunityId } = before;
    await expect(
      correctOpportunity(test.asMember(ACME, role), {
        partnerId,
        opportunityId,
        ifVersion,
        input: correction(fields),
      }),
    ).rejects.toMatchObject({ code });
    expect(await only("North")).toEqual(before);
  });

  it("is its partner's to see and nobody else's; foreign and missing answer alike", async () => {
    const { partnerId, opportunityId } = await only("North");
    const own = test.asPartner(ACME, partner("North"), "partner-user");
    const other = test.asPartner(ACME, partner("South"), "partner-exec");
    expect((await listOpportunities(own, partnerId, { limit: 10 })).items).toHaveLength(1);
    await expect(listOpportunities(other, partnerId, { limit: 10 })).rejects.toMatchObject({
      code: "partner-not-found",
    });
    for (const ctx of [other, test.asMember(GLOBEX, "admin")]) {
      await expect(getOpportunity(ctx, { partnerId, opportunityId })).rejects.toMatchObject({
        code: "opportunity-not-found",
      });
    }
  });

  it("is reported by its partner, reaches the data steward's work list, and leaves it with the answer", async () => {
    const { partnerId, opportunityId } = await only("North");
    const member = await addMember(test.asSystem(ACME), {
      email: "steward@acme.test",
      displayName: "Steward",
      roles: ["data-steward"],
      initialPassword: "a password of the test",
    });
    const by = { ...steward(), actor: actorOf(member) };
    const dataStewardId = member.memberId;
    await updatePartner(test.asMember(ACME, "admin"), {
      partnerId,
      ifVersion: 1,
      changes: { dataStewardId },
    });
    const own = test.asPartner(ACME, partnerId, "partner-user");
    const input = { kind: "wrong" as const, opportunityId, text: "It was 120" };
    const report = await reportFact(own, { partnerId, input });
    await expect(
      reportFact(test.asPartner(ACME, partner("South"), "partner-user"), { partnerId, input }),
    ).rejects.toMatchObject({ code: "partner-not-found" });
    expect((await listFactReportWork(by, { limit: 10 })).items).toEqual([report]);
    expect((await listFactReportWork(steward(), { limit: 10 })).items).toEqual([]);
    const answer = { outcome: "accepted" as const, answer: "Corrected" };
    const { factReportId } = report;
    const place = { partnerId, factReportId, ifVersion: 1, input: answer };
    const resolved = await resolveFactReport(by, place);
    expect((await listFactReportWork(by, { limit: 10 })).items).toEqual([]);
    expect((await listFactReports(own, partnerId, { limit: 10 })).items).toEqual([resolved]);
    await expect(resolveFactReport(by, { ...place, ifVersion: 2 })).rejects.toMatchObject({
      code: "fact-report-resolved",
    });
  });
});
