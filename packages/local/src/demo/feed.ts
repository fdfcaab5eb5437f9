import { stringify } from "csv-stringify/sync";
import { exportFiles, type PipelineRow } from "./crm-export.ts";

/**
 * What the CRM would have exported in the evening of `on` (`YYYY-MM-DD`), in the order of the rows:
 * opportunities engaged by then; one that closes later stands as Engaging, its close fields blank.
 * Opportunities without an engage date carry no date to be shown on, so only the `final` export has them.
 */
export function asOf(
  rows: readonly PipelineRow[],
  on: string,
  { final = false }: { final?: boolean } = {},
): PipelineRow[] {
  return rows.flatMap((row) => {
    if (row.engage_date === "") return final ? [row] : [];
    if (row.engage_date > on) return [];
    const isClosedLater = row.close_date !== "" && row.close_date > on;
    return isClosedLater
      ? [{ ...row, deal_stage: "Engaging", close_date: "", close_value: "" }]
      : [row];
  });
}

/** The last day of every month from the first to the last date in the rows: the evenings to export on. */
export function monthEnds(rows: readonly PipelineRow[]): string[] {
  const dates = rows.flatMap((row) => [row.engage_date, row.close_date]).filter(Boolean);
  const [first = "", last = ""] = [dates.reduce(earlier, "9999"), dates.reduce(later, "")];
  const ends: string[] = [];
  if (last === "") return ends;
  let [year, month] = [Number(first.slice(0, 4)), Number(first.slice(5, 7))];
  do {
    ends.push(new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10));
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  } while ((ends.at(-1) ?? last) < last);
  return ends;
}

const earlier = (a: string, b: string): string => (b < a ? b : a);
const later = (a: string, b: string): string => (b > a ? b : a);

/** The rows as the CRM writes them: its header, comma, CRLF, UTF-8 without a mark. */
export const pipelineCsv = (rows: readonly PipelineRow[]): string =>
  stringify([...rows], {
    header: true,
    columns: [...exportFiles.pipeline.columns],
    record_delimiter: "windows",
  });
