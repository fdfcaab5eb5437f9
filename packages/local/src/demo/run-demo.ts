import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openDataFolder } from "../data-folder/index.ts";
import { type LocalRuntime, startRuntime } from "../runtime/start-runtime.ts";
import type { DemoArguments } from "./arguments.ts";
import { checkBoundaries } from "./boundaries.ts";
import type { Checks } from "./checks.ts";
import { collectModel } from "./collect-model.ts";
import { peerPlace } from "./collect-ranking.ts";
import { type CrmExport, readExport } from "./crm-export.ts";
import { cycleEvents } from "./cycle-events.ts";
import { type DemoRun, walk } from "./demo-run.ts";
import { factReportEvents } from "./fact-report-events.ts";
import { aliasEvent, feedEvents, rehearse, repeatEvent } from "./feed-events.ts";
import { checkDistribution, compareCheckValue, replayCards } from "./figures.ts";
import { at, QUARTERS } from "./local-time.ts";
import { planEvents } from "./plan-events.ts";
import { programEvents } from "./program-events.ts";
import type { Progress } from "./progress.ts";
import { renderReport } from "./report/report.ts";
import { reviewEvents } from "./review-events.ts";
import { writeSample } from "./sample.ts";
import { type DemoPartner, setUpOtherVendor, setUpVendor, type Vendor } from "./set-up.ts";
import { summaryText } from "./summary.ts";

export interface DemoOptions extends DemoArguments {
  /** Holds everything the demo stores; emptied at the start. */
  readonly folder: string;
  readonly say: Progress;
  readonly checks: Checks;
  /** Told as soon as there is a runtime to stop. */
  readonly onStart?: (runtime: LocalRuntime) => void;
}

/** The whole year, from an empty folder to the report. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { folder, say } = options;
  // Refuses a folder that another run has at this moment.
  if (existsSync(folder)) openDataFolder(folder).close();
  await rm(folder, { recursive: true, force: true });
  const { data, from } = await readInput(options);
  say.step(
    `${data.pipeline.length.toLocaleString("en-US")} opportunities, ${data.teams.length} partners and ${data.products.length} products from ${from}`,
  );
  const runtime = await startRuntime({
    folder,
    startAt: at("2016-10-24", "09:00"),
    background: false,
  });
  options.onStart?.(runtime);
  try {
    const run = await prepare(options, runtime, data, from);
    await rehearse(run);
    await walk(runtime, yearOf(run));
    await conclude(run, options.out);
  } finally {
    await runtime.stop();
  }
}

async function readInput({
  from,
  folder,
}: DemoOptions): Promise<{ data: CrmExport; from: string }> {
  if (from !== null) return { data: await readExport(from), from: `the export in ${from}` };
  const sample = join(folder, "sample");
  await writeSample(sample);
  return { data: await readExport(sample), from: "the generated sample" };
}

/** Two tenants, their people, partners and program, and the source of facts. */
export async function prepare(
  { say, checks }: Pick<DemoOptions, "say" | "checks">,
  runtime: LocalRuntime,
  data: CrmExport,
  from: string,
): Promise<DemoRun> {
  const vendor = await setUpVendor(runtime, data);
  const otherVendor = await setUpOtherVendor(runtime);
  await runtime.settle();
  say.step(
    `${vendor.name}: ${vendor.partners.length} partners with an executive each, ${vendor.managers.length} partner managers, a program from the reseller template; ${otherVendor.name}: a second tenant`,
  );
  return {
    runtime,
    data,
    from,
    vendor,
    otherVendor,
    reviewed: onePerManager(vendor, data),
    say,
    checks,
    findings: {
      cycles: new Map(),
      flags: [],
      planSteps: [],
      planId: null,
      shown: null,
      hasShownRefusal: false,
    },
  };
}

/** Of each partner manager the first partner that has deals. */
function onePerManager({ managers, partners }: Vendor, { pipeline }: CrmExport): DemoPartner[] {
  const withDeals = new Set(pipeline.map(({ sales_agent }) => sales_agent));
  return managers.flatMap(
    (manager) =>
      partners.find((one) => one.manager === manager && withDeals.has(one.partner.name)) ?? [],
  );
}

const yearOf = (run: DemoRun) => [
  ...feedEvents(run),
  aliasEvent(run),
  ...QUARTERS.flatMap((quarter) => [...cycleEvents(run, quarter), ...reviewEvents(run, quarter)]),
  ...factReportEvents(run),
  ...planEvents(run),
  ...programEvents(run),
  repeatEvent(run, "2018-02-12"),
];

async function conclude(run: DemoRun, out: string): Promise<void> {
  const { say, checks, findings } = run;
  await checkBoundaries(run);
  await replayCards(run);
  await compareCheckValue(run);
  const model = await collectModel(run);
  checkDistribution(run, model.distribution);
  const withoutDeals = new Set(run.data.teams.map(({ sales_agent }) => sales_agent));
  for (const { sales_agent } of run.data.pipeline) withoutDeals.delete(sales_agent);
  checks.expect(
    "partners without deals have insufficient data",
    [...withoutDeals].every((name) =>
      model.ranking.insufficient.some(({ partner }) => partner === name),
    ),
    model.ranking.insufficient.map(({ partner }) => partner),
  );
  if (findings.shown) {
    const { partner } = findings.shown;
    say.step(`${partner.name} in 2017-Q4: ${await peerPlace(run, partner, "2017-Q4")}`);
  }
  say.block(`\n${summaryText(model)}`);
  await mkdir(out, { recursive: true });
  const path = join(out, "report.html");
  await writeFile(path, renderReport(model));
  say.step(`Report written: ${path}`);
}
