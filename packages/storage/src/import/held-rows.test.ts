import {
  addAlias,
  applyAlias,
  resolveHeldRows,
  runImport,
  runReevaluation,
} from "@concord/core/import";
import { reattributeOpportunity } from "@concord/core/opportunity";
import { CreatePartner, createPartner } from "@concord/core/partner";
import { listFlags, listHeldRows, putPriceList, waiveFlag } from "@concord/core/source";
import { ACME, GLOBEX, type TestStore, testStore } from "@concord/local/testing";
import { beforeEach, describe, expect, it } from "vitest";
import {
  announce,
  csvOf,
  endOf,
  fileOf,
  importFile,
  jobPorts,
  sourceWith,
} from "./import.fixture.ts";

describe("rows whose partner cannot be told", () => {
  let test: TestStore;
  let source: Awaited<ReturnType<typeof sourceWith>>;
  beforeEach(async () => {
    test = await testStore();
    source = await sourceWith(test);
  });
  const admin = () => test.asMember(ACME, "data-steward");
  const system = () => test.asSystem(ACME);
  const partner = (name: string) => {
    const partnerId = source.partnerIds[name];
    if (partnerId === undefined) throw new Error(`there is no ${name}`);
    return partnerId;
  };
  const importIt = (...rows: string[]) => importFile(admin(), system(), source, csvOf(...rows));
  const factsOf = async (name: string) =>
    (await admin().store.opportunities.list(partner(name), { limit: 100 })).items;
  const won = async (name: string) => {
    const months = await admin().store.rollups.months(partner(name), "9999-12");
    return months.reduce((sum, { counters }) => sum + counters.wonCount, 0);
  };
  const row = (id: string, name: string, amount = 90) =>
    `${id},${name},Desk,Mill,Won,2027-01-01,2027-01-31,${amount}`;

  it("are held with their values, count nowhere, and one alias releases all of them", async () => {
    const { progress } = await importIt(row("A1", "Nord"), row("A2", "Nord"), row("A3", "North"));
    expect(progress).toMatchObject({ rowsChanged: 1, rowsHeld: 2 });
    expect(await won("North")).toBe(1);
    const held = await listHeldRows(admin(), source.sourceId, { limit: 10 });
    expect(held.items).toMatchObject([
      {
        externalId: "A1",
        reason: "partner-unknown",
        partner: "Nord",
        row: 2,
        cells: { amount: "90" },
      },
      { externalId: "A2" },
    ]);
    const input = {
      kind: "partner" as const,
      text: " nord ",
      partnerId: partner("North"),
      overridesName: false,
    };
    const alias = await addAlias(admin(), { sourceId: source.sourceId, input });
    const job = endOf(await applyAlias(system(), jobPorts, alias));
    expect(job.progress).toMatchObject({ rowsChanged: 2, rowsHeld: 0 });
    expect(await won("North")).toBe(3);
    expect((await listHeldRows(admin(), source.sourceId, { limit: 10 })).items).toEqual([]);
  });

  it("are released by a partner that is added later, also when the same file comes again", async () => {
    const rows = [row("B1", "West"), row("B2", "Far West")];
    await importIt(...rows);
    const owner = test.asMember(ACME, "admin");
    await createPartner(owner, CreatePartner.parse({ name: "West", region: "W" }));
    const job = await resolveHeldRows(admin(), source.sourceId);
    const ended = endOf(await runReevaluation(system(), jobPorts, job.importId));
    expect(ended.progress).toMatchObject({ rowsChanged: 1, rowsHeld: 1 });
    await createPartner(owner, CreatePartner.parse({ name: "Far West", region: "W" }));
    const again = await importIt(...rows);
    expect(again.progress).toMatchObject({ rowsChanged: 1, rowsUnchanged: 1, rowsHeld: 0 });
    expect((await listHeldRows(admin(), source.sourceId, { limit: 10 })).items).toEqual([]);
  });

  it("are held as ambiguous where an alias contradicts a partner's own name, until it is said to override", async () => {
    const { sourceId } = source;
    const input = { kind: "partner" as const, text: "South", partnerId: partner("North") };
    await applyAlias(
      system(),
      jobPorts,
      await addAlias(admin(), { sourceId, input: { ...input, overridesName: false } }),
    );
    await importIt(row("C1", "South"));
    const { items } = await listHeldRows(admin(), sourceId, { limit: 10 });
    expect(items).toMatchObject([{ externalId: "C1", reason: "partner-ambiguous" }]);
    const alias = await addAlias(admin(), { sourceId, input: { ...input, overridesName: true } });
    expect(alias.version).toBe(2);
    endOf(await applyAlias(system(), jobPorts, alias));
    expect(await factsOf("North")).toMatchObject([{ externalId: "C1" }]);
    expect(await factsOf("South")).toEqual([]);
  });

  it("move with their numbers when the feed names another partner", async () => {
    await importIt(row("D1", "North"), row("D2", "North"));
    const { progress } = await importIt(row("D1", "South"), row("D2", "North"));
    expect(progress).toMatchObject({ rowsChanged: 1, rowsUnchanged: 1 });
    expect(await won("North")).toBe(1);
    expect(await won("South")).toBe(1);
    expect(await factsOf("South")).toMatchObject([{ externalId: "D1", revision: 2 }]);
  });

  it("an alias must point to what exists, and says so before anything is written", async () => {
    const { sourceId } = source;
    const foreign = await createPartner(
      test.asMember(GLOBEX, "admin"),
      CreatePartner.parse({ name: "Theirs", region: "W" }),
    );
    await expect(
      addAlias(admin(), { sourceId, input: { kind: "product", text: "X", product: "Nothing" } }),
    ).rejects.toMatchObject({ code: "alias-target-unknown" });
    await expect(
      addAlias(admin(), {
        sourceId,
        input: { kind: "partner", text: "X", partnerId: foreign.partnerId, overridesName: false },
      }),
    ).rejects.toMatchObject({ code: "alias-target-unknown" });
    expect(await admin().store.sources.aliases(sourceId)).toEqual([]);
  });

  it("S-34 a waived flag stays waived for its rows and opens again for one more", async () => {
    await importIt("E1,North,Shed,Mill,Won,2027-01-01,2027-01-31,90");
    const [flag] = (await listFlags(admin(), "open", { limit: 10 })).items;
    if (!flag) throw new Error("there is no flag");
    expect(flag).toMatchObject({ code: "product-unknown", value: "Shed", openRows: 1 });
    await expect(
      waiveFlag(test.asMember(ACME, "viewer"), { flagId: flag.flagId, ifVersion: 1, reason: "x" }),
    ).rejects.toMatchObject({ code: "permission-denied" });
    await waiveFlag(admin(), { flagId: flag.flagId, ifVersion: 1, reason: "a one-off" });
    await importIt(row("E2", "North"));
    expect(await admin().store.flags.get(flag.flagId)).toMatchObject({ status: "waived" });
    await importIt("E3,North,Shed,Mill,Won,2027-01-01,2027-01-31,90");
    expect(await admin().store.flags.get(flag.flagId)).toMatchObject({
      status: "open",
      openRows: 2,
    });
    await putPriceList(admin(), {
      sourceId: source.sourceId,
      ifVersion: source.version,
      prices: [{ product: "Shed", listPrice: "100" }],
    });
    const scope = { kind: "unknown-products" as const };
    const job = await resolveHeldRows(admin(), source.sourceId, scope);
    endOf(await runReevaluation(system(), jobPorts, job.importId));
    expect(await admin().store.flags.get(flag.flagId)).toMatchObject({
      status: "resolved",
      openRows: 0,
    });
  });

  it("a dry run counts what would happen and leaves no fact, flag, held row or rollup", async () => {
    const content = csvOf(
      row("F1", "North"),
      row("F2", "Nord"),
      row("F3", "North", -1),
      "F4,North,Shed,,Won,,,",
    );
    const job = await importFile(admin(), system(), source, content, { dryRun: true });
    expect(job).toMatchObject({
      status: "validated",
      progress: { rowsRead: 4, rowsChanged: 2, rowsHeld: 1, rowsRefused: 1 },
    });
    expect(job.defects.map(({ code, rows }) => [code, rows])).toContainEqual([
      "product-unknown",
      1,
    ]);
    expect(await factsOf("North")).toEqual([]);
    expect((await listHeldRows(admin(), source.sourceId, { limit: 10 })).items).toEqual([]);
    expect((await listFlags(admin(), "open", { limit: 10 })).items).toEqual([]);
    expect(await admin().store.rollups.months(partner("North"), "9999-12")).toEqual([]);
  });

  it("jobs of one source take turns, a paused one goes on where it was, and an ended one stays ended", async () => {
    const rows = Array.from({ length: 600 }, (_, n) => row(`G${n}`, n % 2 ? "North" : "South"));
    const file = fileOf(csvOf(...rows));
    const { importId } = await announce(admin(), source);
    let asked = 0;
    const pausing = {
      ...jobPorts,
      shouldPause: () => {
        asked += 1;
        return asked === 2;
      },
    };
    expect(await runImport(system(), pausing, { importId, file })).toEqual({ status: "paused" });
    const other = await announce(admin(), source);
    expect(
      await runImport(system(), jobPorts, {
        importId: other.importId,
        file: fileOf(csvOf(row("H1", "North"))),
      }),
    ).toEqual({ status: "busy" });
    const job = endOf(await runImport(system(), jobPorts, { importId, file }));
    expect(job.progress).toMatchObject({ rowsRead: 600, rowsChanged: 600, rowsUnchanged: 0 });
    expect(await won("North")).toBe(300);
    expect(endOf(await runImport(system(), jobPorts, { importId, file }))).toEqual(job);
    const late = await runImport(system(), jobPorts, {
      importId: other.importId,
      file: fileOf(csvOf(row("H1", "North"))),
    });
    expect(endOf(late).progress).toMatchObject({ rowsChanged: 1 });
  });

  it("a job whose process dies before it gives the source back leaves it as one that lives on", async () => {
    const { importId } = await announce(admin(), source);
    const file = fileOf(csvOf(row("K1", "North")));
    const { imports } = system().store;
    const saveState: typeof imports.saveState = async (state) => {
      if (state.holder === null) throw new Error("died");
      return imports.saveState(state);
    };
    const store = { ...system().store, imports: { ...imports, saveState } };
    const run = runImport({ ...system(), store }, jobPorts, { importId, file });
    await expect(run).rejects.toThrow("died");
    endOf(await runImport(system(), jobPorts, { importId, file }));
    const state = await imports.state(source.sourceId);
    expect(state).toMatchObject({ holder: null, unpagedRows: 1 });
    expect(await importIt(row("K1", "North"))).toMatchObject({ isRepeat: true });
  });

  it("looked at again, a held row counts as read, in whichever run it is released", async () => {
    await importIt(row("L1", "Somebody"));
    const input = {
      ...{ kind: "partner" as const, text: "Somebody" },
      ...{ partnerId: partner("North"), overridesName: false },
    };
    const alias = await addAlias(admin(), { sourceId: source.sourceId, input });
    const { imports } = system().store;
    const save: typeof imports.save = async (job, event) => {
      if (job.status === "completed") throw new Error("died");
      return imports.save(job, event);
    };
    const store = { ...system().store, imports: { ...imports, save } };
    const run = applyAlias({ ...system(), store }, jobPorts, alias);
    await expect(run).rejects.toThrow("died");
    const { progress } = endOf(await applyAlias(system(), jobPorts, alias));
    expect(progress).toMatchObject({ rowsRead: 1, rowsChanged: 1, rowsHeld: 0 });
  });

  it("a fact that a person moves while its import runs is not made a second time", async () => {
    await importIt(row("J1", "North"));
    const [fact] = await factsOf("North");
    if (!fact) throw new Error("there is no fact");
    const { importId } = await announce(admin(), source);
    const file = fileOf(csvOf(row("J1", "North", 95)));
    const { imports } = system().store;
    const meddling = {
      ...system().store,
      imports: {
        ...imports,
        loadIndex: async (...of: Parameters<typeof imports.loadIndex>) => {
          const index = await imports.loadIndex(...of);
          await reattributeOpportunity(admin(), {
            ...fact,
            ifVersion: fact.revision,
            input: { partnerId: partner("South"), reason: "sold by South" },
          });
          return index;
        },
      },
    };
    const ctx = { ...system(), store: meddling };
    expect(await runImport(ctx, jobPorts, { importId, file })).toEqual({ status: "busy" });
    expect(await factsOf("North")).toEqual([]);
    endOf(await runImport(system(), jobPorts, { importId, file }));
    expect(await factsOf("North")).toEqual([]);
    expect(await factsOf("South")).toMatchObject([{ externalId: "J1", amountMinor: 9_500 }]);
  });

  it("nothing of a source is another tenant's to see or to change", async () => {
    await importIt(row("I1", "North"), row("I2", "Nobody"));
    const theirs = test.asMember(GLOBEX, "admin");
    await expect(listHeldRows(theirs, source.sourceId, { limit: 10 })).rejects.toMatchObject({
      code: "source-not-found",
    });
    await expect(
      addAlias(theirs, {
        sourceId: source.sourceId,
        input: { kind: "product", text: "a", product: "Desk" },
      }),
    ).rejects.toMatchObject({ code: "source-not-found" });
    const { importId } = await announce(admin(), source);
    await expect(
      runImport(test.asSystem(GLOBEX), jobPorts, {
        importId,
        file: fileOf(csvOf(row("I3", "North"))),
      }),
    ).rejects.toMatchObject({ code: "import-not-found" });
    expect((await listFlags(theirs, "open", { limit: 10 })).items).toEqual([]);
  });
});
