import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProgramId } from "@concord/core/id";
import { publishProgram, updateProgramDraft } from "@concord/core/program";
import { reScore } from "@concord/core/re-scoring";
import { requestExport, runExport } from "@concord/core/tenant-export";
import { ACME, testStore } from "@concord/local/testing";
import { createMeter, type Table, type Usage } from "@concord/storage";
import { importFile, sourceWith } from "../../packages/storage/src/import/import.fixture.ts";
import { type CycleWorld, cycleWorld } from "../../packages/workers/src/cycle/cycle.fixture.ts";
import { projectRankingChanges } from "../../packages/workers/src/ranking/project-ranking.ts";
import {
  monthOfDeals,
  rankingDependencies,
  recordOf,
} from "../../packages/workers/src/ranking/ranking.fixture.ts";
import { type Curve, curvesSvg } from "./curves.ts";
import { exportOf } from "./imports.ts";
import type { Ratio } from "./ratio.ts";

/** Each four times the one before. */
const PARTNERS = [60, 240, 960] as const;
const ROWS_A_PARTNER = 25;
const IMPORTED_PARTNERS = [10, 40, 160] as const;
const DECEMBER = new Date("2026-12-20T12:00:00.000Z");
const NEW_YEAR = new Date("2027-01-01T12:00:00.000Z");
const RANKED_AT_ONCE = 100;

interface Point {
  readonly n: number;
  readonly usage: Usage;
  /** Seconds of this process. */
  readonly cpuSeconds: number;
}
type Name = "import" | "kick-off" | "export" | "re-scoring";

async function measured(
  n: number,
  table: Table,
  run: (metered: Table) => Promise<unknown>,
): Promise<Point> {
  const meter = createMeter();
  const before = process.cpuUsage();
  await run(table.metered(meter));
  const { user, system } = process.cpuUsage(before);
  return { n, usage: meter.usage(), cpuSeconds: (user + system) / 1e6 };
}

async function importOf(partners: number): Promise<Point> {
  const test = await testStore();
  const names = Array.from({ length: partners }, (_, n) => `Partner ${n}`);
  const source = await sourceWith(test, { partners: names });
  const rows = partners * ROWS_A_PARTNER;
  const file = exportOf(rows, names);
  let usage: Usage | undefined;
  const point = await measured(rows, test.table, async () => {
    usage = await test.costOf(async (ctx) => {
      const system = ctx({ kind: "system", name: "queue" }, ACME);
      await importFile(test.asMember(ACME, "admin"), system, source, file);
    });
  });
  return { ...point, usage: usage ?? point.usage };
}

/** A next version that gives every card another total. */
async function publishNext(world: CycleWorld, programId: ProgramId): Promise<void> {
  const ctx = { ...world.test.asMember(ACME, "program-manager"), now: DECEMBER };
  const head = await ctx.store.programs.get(programId);
  const [first, second, ...others] = head?.draft.metrics ?? [];
  if (!head || !first || !second) throw new Error("the template has metrics");
  const metrics = [
    { ...first, weightPercent: first.weightPercent + 5 },
    { ...second, weightPercent: second.weightPercent - 5 },
    ...others,
  ];
  const { version } = await updateProgramDraft(ctx, {
    ...{ programId, ifVersion: head.version, changes: { metrics } },
  });
  await publishProgram(ctx, { programId, ifVersion: version, effectiveFrom: "2026-Q1" });
}

/** One tenant for the three: ranked, scored anew, exported, and then its first cycle opens. */
async function tenantOf(partners: number): Promise<Record<Exclude<Name, "import">, Point>> {
  const world = await cycleWorld();
  const { table } = world.test;
  const { programId, partnerIds } = await world.addTenant(ACME, partners);
  const { rollups } = world.test.openTenant(ACME);
  for (let at = 0; at < partners; at += RANKED_AT_ONCE) {
    const some = partnerIds.slice(at, at + RANKED_AT_ONCE);
    const months = some.map((partnerId, n) =>
      monthOfDeals(partnerId, "2026-11", { won: 12 + (n % 30), lost: 10, amountMinor: 250_000 }),
    );
    await rollups.replace(months);
    const Records = some.map((partnerId) =>
      recordOf(ACME, { entity: "RollupMonth", partnerId, month: "2026-11" }),
    );
    await projectRankingChanges(rankingDependencies(world, DECEMBER), { Records });
  }
  await publishNext(world, programId);
  const later = new Date(DECEMBER.getTime() + 60_000);
  const reScoring = await measured(partners, table, async (metered) => {
    const subject = { programId, version: 2 };
    const job = await reScore(world.contextOf(ACME, later, metered), subject, {
      shouldPause: () => false,
    });
    if (job?.changed !== partners) throw new Error(`${job?.changed} of ${partners} scored anew`);
  });
  const { exportId } = await requestExport({ ...world.test.asMember(ACME, "owner"), now: later });
  const exported = await measured(partners, table, async (metered) => {
    const ports = { files: { put: async () => undefined }, shouldPause: () => false };
    await runExport(world.contextOf(ACME, later, metered), ports, exportId);
  });
  await world.tick(NEW_YEAR);
  const kickOff = await measured(partners, table, (metered) => world.drain(NEW_YEAR, metered));
  return { "re-scoring": reScoring, export: exported, "kick-off": kickOff };
}

const unitsOf = ({ usage }: Point): number => usage.readUnits + usage.writeUnits;

/** Of the straight line through the logarithms that is nearest to them. */
function slopeOf(points: readonly Point[], of: (point: Point) => number): number {
  const xs = points.map(({ n }) => Math.log(n));
  const ys = points.map((point) => Math.log(of(point)));
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [x, y] = [mean(xs), mean(ys)];
  const above = xs.reduce((sum, one, at) => sum + (one - x) * ((ys[at] ?? y) - y), 0);
  return above / xs.reduce((sum, one) => sum + (one - x) ** 2, 0);
}

/** B12 of the targets; draws the curves beside this file. */
export async function growthRatios(): Promise<readonly Ratio[]> {
  const points: Record<Name, Point[]> = {
    import: [],
    "kick-off": [],
    export: [],
    "re-scoring": [],
  };
  for (const partners of IMPORTED_PARTNERS) points.import.push(await importOf(partners));
  for (const partners of PARTNERS) {
    for (const [name, point] of Object.entries(await tenantOf(partners))) {
      points[name as Name].push(point);
    }
  }
  const named = Object.entries(points);
  const curves = named.map(
    ([name, own]): Curve => ({
      name: `${name}, by ${name === "import" ? "rows" : "partners"}`,
      slope: slopeOf(own, unitsOf),
      points: own.map((point) => [point.n, unitsOf(point)]),
    }),
  );
  writeFileSync(join(import.meta.dirname, "growth.svg"), curvesSvg(curves));
  return named.map(([name, own]): Ratio => {
    const [first, last] = [own[0], own.at(-1)] as [Point, Point];
    const requests = slopeOf(own, ({ usage }) => usage.requests).toFixed(2);
    const cpu = slopeOf(own, ({ cpuSeconds }) => cpuSeconds).toFixed(2);
    return {
      ...{
        id: "B12",
        unit: "units",
        what: `${name}, ${first.n} to ${last.n}: slope; requests ${requests}, CPU ${cpu}`,
      },
      ...{ ours: unitsOf(last), reference: unitsOf(first), ratio: slopeOf(own, unitsOf) },
      ...{ gate: 1.05, least: 0.95, isCeiling: true },
    };
  });
}
