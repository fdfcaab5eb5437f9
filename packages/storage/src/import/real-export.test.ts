import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { addAlias, applyAlias, type Import } from "@concord/core/import";
import { COUNTERS, emptyCounters, type MonthRollup, recount } from "@concord/core/rollup";
import { ACME, figure, testStore } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import type { Usage } from "../dynamo-table/meter.ts";
import { endOf, importFile, jobPorts, sourceWith } from "./import.fixture.ts";

const folder = join(
  process.env["CONCORD_REAL_DATA"] ?? resolve(import.meta.dirname, "../../../../../shared/data"),
  "crm-sales-opportunities",
);
const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const linesOf = (name: string): string[] => read(name).split(/\r?\n/).filter(Boolean);
const unitsOf = ({ readUnits, writeUnits }: Usage): number => readUnits + writeUnits;

if (!existsSync(folder)) {
  process.stderr.write(`Not run, no real export at ${folder}: import at its real size\n`);
}

/** The CRM's export on the evening of a day: no row before it is engaged, no close before it happens. */
function asOf(rows: readonly string[], on: string, isLast: boolean): string[] {
  return rows.flatMap((line) => {
    const [id, agent, product, account, , engaged = "", closed = ""] = line.split(",");
    if (engaged === "") return isLast ? [line] : [];
    if (engaged > on) return [];
    if (closed === "" || closed <= on) return [line];
    return [[id, agent, product, account, "Engaging", engaged, "", ""].join(",")];
  });
}

describe.runIf(existsSync(folder))("the real export", () => {
  const FACTS = 8_800;
  let test: Awaited<ReturnType<typeof testStore>>;
  let source: Awaited<ReturnType<typeof sourceWith>>;
  let file: string;
  let header: string;
  let rows: string[];
  let first: { job: Import; usage: Usage; seconds: number };

  const run = async (content: string) => {
    let job: Import | undefined;
    const started = performance.now();
    const usage = await test.costOf(async (ctx) => {
      const system = ctx({ kind: "system", name: "queue" }, ACME);
      job = await importFile(test.asMember(ACME, "admin"), system, source, content);
    });
    if (!job) throw new Error("the import did not end");
    return { job, usage, seconds: (performance.now() - started) / 1000 };
  };
  const rollupsOf = async (): Promise<Map<string, MonthRollup["counters"]>> => {
    const months = new Map<string, MonthRollup["counters"]>();
    for (const [name, partnerId] of Object.entries(source.partnerIds)) {
      for (const rollup of await test.asSystem(ACME).store.rollups.months(partnerId, "9999-12")) {
        months.set(`${name} ${rollup.month}`, rollup.counters);
      }
    }
    return months;
  };
  const openFlags = async () => {
    const { items } = await test.asMember(ACME, "admin").store.flags.list("open", { limit: 100 });
    return Object.fromEntries(
      items.map(({ code, value, openRows }) => [`${code} ${value}`, openRows]),
    );
  };

  beforeAll(async () => {
    test = await testStore();
    file = read("sales_pipeline.csv");
    [header = "", ...rows] = linesOf("sales_pipeline.csv");
    const partners = linesOf("sales_teams.csv")
      .slice(1)
      .map((line) => line.split(",")[0] ?? "");
    const products = Object.fromEntries(
      linesOf("products.csv")
        .slice(1)
        .map((line) => {
          const [product = "", , price = ""] = line.split(",");
          return [product, price];
        }),
    );
    source = await sourceWith(test, { partners, products });
    first = await run(file);
    process.stdout.write(
      `import of ${FACTS} rows: ${Math.round(FACTS / first.seconds)} rows/s, ${first.usage.requests} requests, ${first.usage.writeUnits} WU, ${first.usage.readUnits} RU\n`,
    );
  }, 120_000);

  it("is taken whole, and every defect is flagged with its count", async () => {
    expect(first.job).toMatchObject({
      status: "completed",
      progress: { rowsRead: FACTS, rowsChanged: FACTS, rowsHeld: 0, rowsRefused: 0 },
    });
    expect(await openFlags()).toEqual({
      "product-unknown GTXPro": 1480,
      "account-missing ": 1425,
      "engage-date-missing ": 500,
      "amount-zero Lost": 2473,
    });
  });

  it("costs at most 2.25 units a row with rollups, manifests, flags and reads", () => {
    expect(unitsOf(first.usage) / FACTS).toBeLessThanOrEqual(2.25);
    // Facts in transactions alone are 2; the rest is rollup months, manifests, flags and bookkeeping.
    expect(first.usage.writeUnits / FACTS).toBeGreaterThanOrEqual(2);
  });

  it("costs at most a hundredth when the same file comes again, and changes nothing", async () => {
    const { job, usage } = await run(file);
    expect(job).toMatchObject({
      isRepeat: true,
      progress: { rowsChanged: 0, rowsUnchanged: FACTS },
    });
    expect(unitsOf(usage) / unitsOf(first.usage)).toBeLessThanOrEqual(0.01);
  });

  it("costs at most a hundredth when its rows come in another order", async () => {
    const { job, usage } = await run([header, ...rows.toReversed()].join("\r\n"));
    expect(job).toMatchObject({
      isRepeat: false,
      progress: { rowsChanged: 0, rowsUnchanged: FACTS },
    });
    expect(unitsOf(usage) / unitsOf(first.usage)).toBeLessThanOrEqual(0.01);
  });

  it("costs at most a tenth when one row in a hundred changes", async () => {
    const one = (line: string, at: number): string =>
      at % 100 === 0 ? line.replace(/^([^,]*,[^,]*,[^,]*,)[^,]*/, "$1Other Account") : line;
    const { job, usage } = await run([header, ...rows.map(one)].join("\n"));
    expect(job.progress).toMatchObject({ rowsChanged: 88, rowsUnchanged: FACTS - 88 });
    expect(unitsOf(usage) / unitsOf(first.usage)).toBeLessThanOrEqual(0.1);
    expect((await run(file)).job.progress).toMatchObject({ rowsChanged: 88 });
  });

  it("has its 1,480 rows of GTXPro resolved by one alias, and twice is once", async () => {
    const admin = test.asMember(ACME, "data-steward");
    const input = { kind: "product" as const, text: "GTXPro", product: "GTX Pro" };
    const alias = await addAlias(admin, { sourceId: source.sourceId, input });
    const job = endOf(await applyAlias(test.asSystem(ACME), jobPorts, alias));
    expect(job.progress).toMatchObject({ rowsRead: 1480, rowsChanged: 1480 });
    expect(await openFlags()).toEqual({
      "account-missing ": 1425,
      "engage-date-missing ": 500,
      "amount-zero Lost": 2473,
    });
    const before = await rollupsOf();
    expect(endOf(await applyAlias(test.asSystem(ACME), jobPorts, alias))).toEqual(job);
    expect(await rollupsOf()).toEqual(before);
    expect((await run(file)).job).toMatchObject({ progress: { rowsChanged: 0 } });
  });

  it("gives the published check value, and rollups that are what the facts add up to", async () => {
    const sum = emptyCounters();
    const months = await rollupsOf();
    for (const month of ["2017-04", "2017-05", "2017-06"]) {
      const counters = months.get(`Darcel Schlecht ${month}`) ?? emptyCounters();
      for (const name of COUNTERS) sum[name] += counters[name];
    }
    expect(sum).toMatchObject({ wonCount: 96, lostCount: 60, wonAmount: 31_007_500 });
    expect(sum.cycleDays / sum.cycleCount).toBeCloseTo(48.01, 2);
    let open = 0;
    for (const [key, counters] of months) {
      const [, month = ""] = /^Darcel Schlecht (.*)$/.exec(key) ?? [];
      if (month !== "" && month <= "2017-06") open += counters.enteredCount - counters.leftCount;
    }
    expect(open).toBe(85);
    for (const [name, partnerId] of Object.entries(source.partnerIds)) {
      const facts = [];
      for await (const fact of test.asSystem(ACME).store.opportunities.ofPartner(partnerId)) {
        facts.push(fact);
      }
      for (const [month, counters] of recount(facts)) {
        expect(months.get(`${name} ${month}`), `${name} ${month}`).toEqual(counters);
      }
    }
  });

  it("ends with the same numbers when it is fed month by month", async () => {
    const whole = await rollupsOf();
    const monthly = await testStore();
    const products = Object.fromEntries(
      linesOf("products.csv")
        .slice(1)
        .map((line) => {
          const [product = "", , price = ""] = line.split(",");
          return [product, price];
        }),
    );
    // One partner in five: the journey of the export is fed evening by evening as a whole.
    const partners = Object.keys(source.partnerIds).filter((_, at) => at % figure(5, 1) === 0);
    const own = rows.filter((line) => partners.includes(line.split(",")[1] ?? ""));
    const fed = await sourceWith(monthly, { partners, products });
    const admin = monthly.asMember(ACME, "admin");
    await addAlias(admin, {
      sourceId: fed.sourceId,
      input: { kind: "product", text: "GTXPro", product: "GTX Pro" },
    });
    const evenings = ["2016-12-31", "2017-03-31", "2017-06-30", "2017-09-30", "2017-12-31"];
    for (const on of evenings) {
      const content = [header, ...asOf(own, on, on === "2017-12-31")].join("\n");
      const job = await importFile(admin, monthly.asSystem(ACME), fed, content, { asOf: on });
      expect(job.status).toBe("completed");
    }
    for (const [name, partnerId] of Object.entries(fed.partnerIds)) {
      for (const { month, counters } of await admin.store.rollups.months(partnerId, "9999-12")) {
        expect(counters, `${name} ${month}`).toEqual(
          whole.get(`${name} ${month}`) ?? emptyCounters(),
        );
      }
    }
    const again = [header, ...own].join("\n");
    const { progress } = await importFile(admin, monthly.asSystem(ACME), fed, again);
    expect(progress).toMatchObject({ rowsChanged: 0, rowsUnchanged: own.length });
  }, 120_000);
});
