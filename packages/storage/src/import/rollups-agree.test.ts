import {
  addAlias,
  applyAlias,
  resolveHeldRows,
  runImport,
  runReevaluation,
} from "@concord/core/import";
import {
  correctOpportunity,
  type Opportunity,
  reattributeOpportunity,
  repairRollup,
} from "@concord/core/opportunity";
import { COUNTERS, isZero, type MonthRollup, recount } from "@concord/core/rollup";
import { ACME, GLOBEX, testStore } from "@concord/local/testing";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Table } from "../dynamo-table/contract.ts";
import { openTenantStore } from "../tenant-store.ts";
import { Crash, crashingTable, splittingTable } from "./crash.fixture.ts";
import {
  announce,
  csvOf,
  endOf,
  fileOf,
  jobPorts,
  PARTNERS,
  sourceWith,
} from "./import.fixture.ts";

type Test = Awaited<ReturnType<typeof testStore>>;

const date = fc.integer({ min: 0, max: 150 }).map((day) => {
  const at = new Date(Date.UTC(2027, 0, 1) + day * 86_400_000);
  return at.toISOString().slice(0, 10);
});

const row = fc
  .record({
    id: fc.integer({ min: 1, max: 12 }),
    partner: fc.constantFrom(...PARTNERS, "Nord", "Nobody"),
    product: fc.constantFrom("Desk", "Rack Pro", "RackPro", ""),
    account: fc.constantFrom("Mill", ""),
    stage: fc.constantFrom("Prospecting", "Engaging", "Won", "Won", "Lost"),
    engagedOn: fc.option(date, { nil: "" }),
    closedOn: fc.option(date, { nil: "" }),
    amount: fc.constantFrom("", "0", "90", "899.50", "1111"),
  })
  .map(({ id, ...cells }) => [`D${id}`, ...Object.values(cells)].join(","));

const file = fc.uniqueArray(row, {
  minLength: 1,
  maxLength: 10,
  selector: (line) => line.split(",")[0],
});

const crash = fc.record({
  kind: fc.constant("crash" as const),
  write: fc.integer({ min: 1, max: 12 }),
  afterwards: fc.boolean(),
  /** Else the job is never started again, and the next one takes its source when the lease has run out. */
  resumes: fc.boolean(),
});
const pick = fc.nat({ max: 100 });
const command = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("import" as const), rows: file }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("repeat" as const) }) },
  { weight: 3, arbitrary: crash },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("correct" as const),
      pick,
      amount: fc.constantFrom("5", "777.25", null),
      closedOn: fc.option(date),
      releases: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("reattribute" as const),
      pick,
      to: fc.constantFrom(...PARTNERS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("alias" as const),
      of: fc.constantFrom("product", "partner"),
    }),
  },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

/** Plays commands against a fresh tenant and says whether every rollup is what its facts add up to. */
async function play(
  test: Test,
  tenantId: typeof ACME,
  commands: readonly Command[],
  wrap: (table: Table) => Table = (table) => table,
): Promise<{ facts: Opportunity[]; wrong: string[] }> {
  const source = await sourceWith(test, { tenantId });
  const crashing = crashingTable(test.table);
  const store = openTenantStore(wrap(crashing.table), tenantId);
  const admin = { ...test.asMember(tenantId, "admin"), store };
  const system = { ...test.asSystem(tenantId), store };
  const partnerIds = Object.values(source.partnerIds);
  let last = csvOf("D1,North,Desk,Mill,Won,2027-01-01,2027-02-01,90");

  const allFacts = async (): Promise<Opportunity[]> => {
    const facts: Opportunity[] = [];
    for (const partnerId of partnerIds) {
      for await (const fact of test.openTenant(tenantId).opportunities.ofPartner(partnerId)) {
        facts.push(fact);
      }
    }
    return facts;
  };
  let resumes = true;
  let hour = 0;
  const ports = {
    ...jobPorts,
    wallNow: () => {
      hour += 1;
      return hour * 3_600_000;
    },
  };
  const runOn = async (content: string): Promise<void> => {
    const { importId } = await announce(admin, source);
    const run = async () => {
      endOf(await runImport(system, ports, { importId, file: fileOf(content) }));
    };
    try {
      await run();
    } catch (error) {
      if (!(error instanceof Crash) || !resumes) throw error;
      crashing.live();
      await run();
    }
  };
  /** Dies where it is told to and is asked for again. */
  const survive = async (run: () => Promise<unknown>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      crashing.live();
      await run();
    }
  };
  const refused = async (run: () => Promise<unknown>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "DomainError") throw error;
    }
  };

  for (const step of commands) {
    switch (step.kind) {
      case "crash":
        crashing.crashAt(step.write, step.afterwards);
        resumes = step.resumes;
        break;
      case "import":
      case "repeat":
        if (step.kind === "import") last = csvOf(...step.rows);
        await survive(() => runOn(last));
        break;
      case "alias": {
        const { sourceId } = source;
        const north = source.partnerIds["North"] ?? partnerIds[0];
        if (north === undefined) break;
        await survive(async () => {
          const alias = await addAlias(admin, {
            sourceId,
            input:
              step.of === "product"
                ? { kind: "product", text: "RackPro", product: "Rack Pro" }
                : { kind: "partner", text: "Nord", partnerId: north, overridesName: false },
          });
          await applyAlias(system, ports, alias);
        });
        await survive(async () => {
          const job = await resolveHeldRows(admin, sourceId);
          await runReevaluation(system, ports, job.importId);
        });
        break;
      }
      case "correct": {
        const facts = await allFacts();
        const fact = facts[step.pick % Math.max(1, facts.length)];
        if (!fact) break;
        const { partnerId, opportunityId, revision: ifVersion } = fact;
        const input = step.releases
          ? { reason: "back to the feed", fields: {}, release: ["amountMinor" as const] }
          : {
              reason: "as the contract says",
              fields: { amount: step.amount, closedOn: step.closedOn },
              release: [],
            };
        await survive(() =>
          refused(() => correctOpportunity(admin, { partnerId, opportunityId, ifVersion, input })),
        );
        break;
      }
      case "reattribute": {
        const facts = await allFacts();
        const fact = facts[step.pick % Math.max(1, facts.length)];
        const to = source.partnerIds[step.to];
        if (!fact || !to) break;
        const { partnerId, opportunityId, revision: ifVersion } = fact;
        const input = { partnerId: to, reason: "sold by them" };
        await survive(() =>
          refused(() =>
            reattributeOpportunity(admin, { partnerId, opportunityId, ifVersion, input }),
          ),
        );
        break;
      }
    }
  }
  crashing.live();
  await runOn(last);
  return { facts: await allFacts(), wrong: await wrongMonths(test, tenantId, partnerIds) };
}

async function wrongMonths(
  test: Test,
  tenantId: typeof ACME,
  partnerIds: readonly Opportunity["partnerId"][],
): Promise<string[]> {
  const { opportunities, rollups } = test.openTenant(tenantId);
  const wrong: string[] = [];
  for (const partnerId of partnerIds) {
    const facts: Opportunity[] = [];
    for await (const fact of opportunities.ofPartner(partnerId)) facts.push(fact);
    const counted = recount(facts);
    const stored = new Map(
      (await rollups.months(partnerId, "9999-12")).map((rollup): [string, MonthRollup] => [
        rollup.month,
        rollup,
      ]),
    );
    for (const month of new Set([...counted.keys(), ...stored.keys()])) {
      const is = stored.get(month)?.counters;
      const should = counted.get(month);
      const differs = is && should ? COUNTERS.some((name) => is[name] !== should[name]) : true;
      if (differs && !(is && !should && isZero(is))) wrong.push(`${partnerId} ${month}`);
    }
  }
  return wrong;
}

describe("facts and rollups", () => {
  let test: Test;
  beforeAll(async () => {
    test = await testStore();
  });

  it("agree after any sequence of imports, repeats, corrections, moves and crashes at any write", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 3, maxLength: 12 }), async (commands) => {
        const fresh = await testStore();
        const { facts, wrong } = await play(fresh, ACME, commands);
        expect(wrong).toEqual([]);
        const ids = facts.map(({ opportunityId }) => opportunityId);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 20 },
    );
  }, 120_000);

  it("are found to disagree where a writer splits the transaction: the property has power", async () => {
    const result = await fc.check(
      fc.asyncProperty(fc.array(command, { minLength: 3, maxLength: 12 }), async (commands) => {
        const { wrong } = await play(await testStore(), ACME, commands, splittingTable);
        expect(wrong).toEqual([]);
      }),
      { numRuns: 200, endOnFailure: true },
    );
    expect(result.failed).toBe(true);
  }, 120_000);

  it("are repaired from the facts, and the other tenant's are left alone", async () => {
    const rows: Command[] = [
      { kind: "import", rows: ["D1,North,Desk,Mill,Won,2027-01-05,2027-02-01,90"] },
    ];
    await play(test, ACME, rows);
    await play(test, GLOBEX, rows);
    const acme = test.asSystem(ACME);
    const partnerId = (await test.asMember(ACME, "admin").store.partners.list({ limit: 10 })).items
      .map((partner) => partner)
      .find(({ name }) => name === "North")?.partnerId;
    if (partnerId === undefined) throw new Error("there is no North");
    const [month] = await acme.store.rollups.months(partnerId, "9999-12");
    if (!month) throw new Error("there is no month");
    const counters = { ...month.counters, createdCount: 7 };
    await acme.store.rollups.replace([{ ...month, counters, version: month.version + 1 }]);
    expect(await repairRollup(acme, partnerId)).toBe(1);
    expect(await repairRollup(acme, partnerId)).toBe(0);
    const [repaired] = await acme.store.rollups.months(partnerId, "9999-12");
    expect(repaired?.counters.createdCount).toBe(1);
    expect(await test.asSystem(GLOBEX).store.rollups.months(partnerId, "9999-12")).toEqual([]);
  });
});
