import type { CrmExport, PipelineRow } from "../demo/crm-export.ts";
import { sampleExport } from "../demo/sample.ts";

/** So many partners make a tenant that is set up in seconds and still has a ranking to look at. */
const PARTNERS = 8;
const DAY_MS = 86_400_000;

/** A part of the generated sample, moved in time so that it ends on `today`. */
export function recentSample(today: string): CrmExport {
  const { pipeline, teams, products, accounts } = sampleExport();
  const withDeals = new Set(pipeline.map(({ sales_agent }) => sales_agent));
  const chosen = teams.filter(({ sales_agent }) => withDeals.has(sales_agent)).slice(0, PARTNERS);
  const names = new Set(chosen.map(({ sales_agent }) => sales_agent));
  const rows = pipeline.filter(({ sales_agent }) => names.has(sales_agent));
  const last = rows.reduce(
    (latest, { close_date }) => (close_date > latest ? close_date : latest),
    "",
  );
  const shiftDays = Math.round((Date.parse(today) - Date.parse(last)) / DAY_MS);
  return {
    pipeline: rows.map((row) => moved(row, shiftDays)),
    teams: chosen,
    products,
    accounts,
  };
}

const moved = (row: PipelineRow, days: number): PipelineRow => ({
  ...row,
  engage_date: movedDate(row.engage_date, days),
  close_date: movedDate(row.close_date, days),
});

const movedDate = (date: string, days: number): string =>
  date === "" ? "" : new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
