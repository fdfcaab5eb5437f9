import type { Import } from "@concord/core/import";
import type { DataQualityFlag } from "@concord/core/source";
import { cleanName } from "./clean-name.ts";
import type { DemoEvent, DemoRun } from "./demo-run.ts";
import { asOf, monthEnds, pipelineCsv } from "./feed.ts";
import { importFile } from "./import-file.ts";
import { at } from "./local-time.ts";
import type { FlagCount } from "./report/model.ts";

const counted = (count: number): string => count.toLocaleString("en-US");

/** What the steward is told about a kind of defect that stays. */
const resolutions: Readonly<Record<string, string>> = {
  "account-missing": "open with the data steward; the rows count all the same",
  "engage-date-missing": "open with the data steward; such rows are in no pipeline figure yet",
  "amount-zero": "for information; a lost deal brings nothing",
};

/** The whole file on trial: every defect is known before a row is written. */
export async function rehearse(run: DemoRun): Promise<void> {
  const { runtime, vendor, data, say, checks, findings } = run;
  const text = pipelineCsv(data.pipeline);
  const job = await importFile(runtime, vendor, { name: "trial.csv", text, dryRun: true });
  say.step(
    `Dry run of the whole export: ${counted(job.progress.rowsRead)} rows read, ${counted(job.progress.rowsChanged)} would be taken, ${job.progress.rowsHeld} held, ${job.progress.rowsRefused} refused`,
  );
  checks.expect(
    "the dry run reads every row",
    job.progress.rowsRead === data.pipeline.length,
    job.progress,
  );
  const listed = new Set(data.products.map(({ product }) => product));
  const expected: Record<string, number> = {
    "product-unknown": data.pipeline.filter(({ product }) => !listed.has(product)).length,
    "account-missing": data.pipeline.filter(({ account }) => account === "").length,
    "engage-date-missing": data.pipeline.filter(({ engage_date }) => engage_date === "").length,
  };
  for (const { code, column, value, rows } of job.defects) {
    const what = value === "" ? code : `${code} "${value}"`;
    say.detail(`${counted(rows).padStart(6)} rows flagged ${what} (column ${column})`);
  }
  findings.flags = flagCounts(job);
  for (const [code, rows] of Object.entries(expected)) {
    const found = findings.flags.find(({ defect }) => defect === code)?.rows ?? 0;
    checks.expect(`${rows} rows are flagged ${code}`, found === rows, found);
  }
}

function flagCounts({ defects }: Import): FlagCount[] {
  const codes = [...new Set(defects.map(({ code }) => code))];
  return codes.map((code) => ({
    defect: code,
    rows: defects.filter((one) => one.code === code).reduce((sum, { rows }) => sum + rows, 0),
    resolution: resolutions[code] ?? "open with the data steward",
  }));
}

/** The export of every month end, as the CRM would have shown it that evening. */
export function feedEvents(run: DemoRun): DemoEvent[] {
  const { data } = run;
  const evenings = monthEnds(data.pipeline);
  return evenings.map((on, index) => ({
    at: at(on, "20:00"),
    run: () => feedOn(run, on, index === evenings.length - 1),
  }));
}

async function feedOn(
  { runtime, vendor, data, say }: DemoRun,
  on: string,
  final: boolean,
): Promise<void> {
  const text = pipelineCsv(asOf(data.pipeline, on, { final }));
  const { progress } = await importFile(runtime, vendor, { name: `crm-${on}.csv`, text });
  const rows = counted(progress.rowsRead).padStart(6);
  const changed = counted(progress.rowsChanged).padStart(5);
  say.step(
    `${on}  CRM export: ${rows} rows, ${changed} new or changed${final ? ", with Prospecting" : ""}`,
  );
}

/** A product that the price list spells differently: one alias resolves all its rows. */
export function aliasEvent(run: DemoRun): DemoEvent {
  const { runtime, vendor, data, say, checks, findings } = run;
  const { api } = vendor.dataSteward;
  return {
    at: at("2017-03-01", "09:00"),
    async run() {
      for (const flag of await openFlags(run, "product-unknown")) {
        const meant = data.products.find(
          ({ product }) => cleanName(product) === cleanName(flag.value),
        );
        if (!meant) continue;
        await api.call(`/v1/sources/${vendor.source.sourceId}/aliases`, {
          body: { kind: "product", text: flag.value, product: meant.product },
        });
        await runtime.settle();
        const still = (await openFlags(run, "product-unknown")).find(
          ({ value }) => value === flag.value,
        );
        const resolved = flag.openRows - (still?.openRows ?? 0);
        say.step(
          `2017-03-01  The data steward says once that "${flag.value}" is "${meant.product}": ${counted(resolved)} rows resolved`,
        );
        checks.expect(
          `one alias resolves all rows of ${flag.value}`,
          still === undefined && resolved > 0,
          still?.openRows,
        );
        findings.flags = findings.flags.map((one) =>
          one.defect === "product-unknown"
            ? { ...one, resolution: `resolved by one alias: ${flag.value} is ${meant.product}` }
            : one,
        );
      }
    },
  };
}

const openFlags = async ({ vendor }: DemoRun, code: string): Promise<DataQualityFlag[]> => {
  const flags = await vendor.dataSteward.api.list<DataQualityFlag>(
    "/v1/data-quality-flags?status=open",
  );
  return flags.filter((flag) => flag.code === code);
};

/** The same file again, whole: nothing changes and almost nothing is spent. */
export function repeatEvent(run: DemoRun, on: string): DemoEvent {
  const { runtime, vendor, data, say, checks } = run;
  return {
    at: at(on, "20:00"),
    async run() {
      const again = { name: `crm-${on}.csv`, text: pipelineCsv(data.pipeline) };
      const { progress, isRepeat } = await importFile(runtime, vendor, again);
      say.step(
        `${on}  The whole export once more: ${progress.rowsChanged} rows changed${isRepeat ? ", known as the same file" : ""}`,
      );
      checks.expect("the same file again changes nothing", progress.rowsChanged === 0, progress);
      const turned = { name: `turned-${on}.csv`, text: pipelineCsv(data.pipeline.toReversed()) };
      const other = await importFile(runtime, vendor, turned);
      say.detail(
        `and with its rows in another order: ${counted(other.progress.rowsRead)} rows read, ${other.progress.rowsChanged} changed`,
      );
      checks.expect(
        "the same rows in another order change nothing",
        other.progress.rowsChanged === 0 && other.progress.rowsRead === data.pipeline.length,
        other.progress,
      );
      const left = await openFlags(run, "product-unknown");
      checks.expect("no product is unknown at the end", left.length === 0, left.length);
    },
  };
}
