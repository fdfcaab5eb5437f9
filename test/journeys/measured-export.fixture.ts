import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BuiltInMeasure } from "@concord/core/metric";
import type { Partner } from "@concord/core/partner";
import type { Program } from "@concord/core/program";
import type { Scorecard } from "@concord/core/scorecard";
import type { Source } from "@concord/core/source";
import { type ApiClient, loggedIn } from "../../packages/local/src/demo/api-client.ts";
import { type CrmExport, readExport } from "../../packages/local/src/demo/crm-export.ts";
import { importFile } from "../../packages/local/src/demo/import-file.ts";
import { type LocalRuntime, startRuntime } from "../../packages/local/src/runtime/start-runtime.ts";
import { inDecimals, MEASURES, measure, quarterDays, readDeals } from "../independent/measures.ts";

const PASSWORD = "a password of this journey";

/** An export imported into the whole local runtime, and the programs that measure all of it. */
export interface MeasuredExport {
  readonly runtime: LocalRuntime;
  readonly data: CrmExport;
  readonly partners: readonly Partner[];
  readonly api: ApiClient;
  import(text: string): Promise<void>;
  /** Every measure of these partners (all without) in a quarter of 2017, by `partner measure`. */
  measures(
    quarter: 1 | 2 | 3 | 4,
    status: "live" | "frozen",
    of?: readonly Partner[],
  ): Promise<Record<string, string | null>>;
  stop(): Promise<void>;
}

/** A card has at most 12 metrics: two programs hold all measures. */
const halves = [BuiltInMeasure.options.slice(0, 7), BuiltInMeasure.options.slice(7)] as const;

const draftOf = (measures: readonly string[], number: number) => ({
  name: `Measures, part ${number}`,
  currency: "USD",
  objectives: [{ objectiveId: "measure", name: "Measure everything" }],
  metrics: measures.map((name, position) => ({
    metricId: name.replaceAll("_", "-"),
    name,
    measure: name,
    objectiveIds: ["measure"],
    layer: "results",
    timing: "lagging",
    scale: { kind: "linear", floor: 0, target: 100 },
    weightPercent: position === 0 ? 100 - 14 * (measures.length - 1) : 14,
    source: "CRM",
    ownerRole: "partner-manager",
    verification: "An independent computation from the file",
  })),
  ratingBands: [
    { ratingId: "low", name: "Low", from: 0, to: 50 },
    { ratingId: "high", name: "High", from: 50, to: 100 },
  ],
  minimumSample: 1,
  decisionRights: { planBudgetLimit: { amount: "1.00", currency: "USD" } },
});

/** @param startAt where the business clock starts @param folder of the export */
export async function measuredExport(
  folder: string,
  startAt: Date,
  aliases: Readonly<Record<string, string>>,
): Promise<MeasuredExport> {
  const data = await readExport(folder);
  const store = await mkdtemp(join(tmpdir(), "concord-journey-"));
  const runtime = await startRuntime({ folder: store, startAt, background: false });
  const email = "owner@vendor.example";
  await runtime.createTenant({
    tenant: {
      name: "Vendor",
      timeZone: "America/Chicago",
      fiscalYearStartMonth: 1,
      currency: "USD",
    },
    owner: { displayName: "Owner", email, initialPassword: PASSWORD },
  });
  const api = loggedIn(runtime.url, email, PASSWORD);
  const partners: Partner[] = [];
  for (const { sales_agent: name, regional_office: region } of data.teams) {
    partners.push((await api.call<Partner>("/v1/partners", { body: { name, region } })).body);
  }
  const programs: Program[] = [];
  for (const [index, half] of halves.entries()) {
    const draft = await api.call<Program>("/v1/programs", {
      body: { from: "draft", draft: draftOf(half, index + 1) },
    });
    const path = `/v1/programs/${draft.body.programId}/publish`;
    const body = { effectiveFrom: "2017-Q1" };
    programs.push((await api.call<Program>(path, { body, ifMatch: draft.etag })).body);
  }
  const created = await api.call<Source>("/v1/sources", { body: { name: "CRM", currency: "USD" } });
  const { body: source } = await api.call<Source>(
    `/v1/sources/${created.body.sourceId}/price-list`,
    {
      method: "PUT",
      body: {
        prices: data.products.map(({ product, sales_price: listPrice }) => ({
          product,
          listPrice,
        })),
      },
      ifMatch: created.etag,
    },
  );
  for (const [text, product] of Object.entries(aliases)) {
    const body = { kind: "product", text, product };
    await api.call(`/v1/sources/${source.sourceId}/aliases`, { body });
  }
  await runtime.settle();

  return {
    runtime,
    data,
    partners,
    api,
    async import(text) {
      await importFile(runtime, { dataSteward: { api }, source }, { name: "export.csv", text });
    },
    async measures(quarter, status, of = partners) {
      const found: Record<string, string | null> = {};
      for (const { partnerId, name } of of) {
        for (const { programId } of programs) {
          const path = `/v1/partners/${partnerId}/scorecards/2017-Q${quarter}`;
          const { body } = await api.call<Scorecard>(`${path}?programId=${programId}`);
          if (body.status !== status) throw new Error(`${path} is ${body.status}`);
          for (const metric of body.card.metrics) {
            found[`${name} ${metric.measure}`] = metric.value;
          }
        }
      }
      return found;
    },
    async stop() {
      await runtime.stop();
      await rm(store, { recursive: true, force: true });
    },
  };
}

/** The same figures without the product's code, straight from the files. */
export function independentMeasures(
  folder: string,
  aliases: Readonly<Record<string, string>>,
  partners: readonly { readonly name: string }[],
  quarter: 1 | 2 | 3 | 4,
  asOf?: string,
): Record<string, string | null> {
  const text = (file: string) => readFileSync(join(folder, file), "utf8");
  const deals = readDeals(text("sales_pipeline.csv"), text("products.csv"), aliases, asOf);
  const { from, to } = quarterDays(2017, quarter);
  return Object.fromEntries(
    partners.flatMap(({ name }) => {
      const values = inDecimals(measure(deals, name, from, to));
      return MEASURES.map((one): [string, string | null] => [`${name} ${one}`, values[one]]);
    }),
  );
}
