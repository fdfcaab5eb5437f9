import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";

/** The four files of the CRM export, and the columns each begins with, in this order. */
export const exportFiles = {
  pipeline: {
    file: "sales_pipeline.csv",
    columns: [
      "opportunity_id",
      "sales_agent",
      "product",
      "account",
      "deal_stage",
      "engage_date",
      "close_date",
      "close_value",
    ],
  },
  teams: { file: "sales_teams.csv", columns: ["sales_agent", "manager", "regional_office"] },
  products: { file: "products.csv", columns: ["product", "series", "sales_price"] },
  accounts: {
    file: "accounts.csv",
    columns: [
      "account",
      "sector",
      "year_established",
      "revenue",
      "employees",
      "office_location",
      "subsidiary_of",
    ],
  },
} as const;

type ExportFiles = typeof exportFiles;
type Table = keyof ExportFiles;
type Row<T extends Table> = Readonly<Record<ExportFiles[T]["columns"][number], string>>;

/** One opportunity as the CRM exports it: text as it stands in the file; blank where the CRM knows nothing. */
export type PipelineRow = Row<"pipeline">;
/** One partner with its partner manager and region. */
export type TeamRow = Row<"teams">;
/** One product with its list price in whole US dollars. */
export type ProductRow = Row<"products">;
export type AccountRow = Row<"accounts">;

export interface CrmExport {
  readonly pipeline: readonly PipelineRow[];
  readonly teams: readonly TeamRow[];
  readonly products: readonly ProductRow[];
  readonly accounts: readonly AccountRow[];
}

/**
 * Reads the four files of an export folder into memory, rows in the order of the files.
 * @throws Error that names the file, for a file that is missing, unreadable as CSV, without rows, or with another header
 */
export async function readExport(folder: string): Promise<CrmExport> {
  const [pipeline, teams, products, accounts] = await Promise.all([
    readTable(folder, "pipeline"),
    readTable(folder, "teams"),
    readTable(folder, "products"),
    readTable(folder, "accounts"),
  ]);
  return { pipeline, teams, products, accounts };
}

async function readTable<T extends Table>(folder: string, table: T): Promise<Row<T>[]> {
  const { file, columns } = exportFiles[table];
  const path = join(folder, file);
  const records = parseRecords(await readText(path, folder), path);
  const [header, ...rows] = records;
  if (header === undefined) throw new Error(`${path} is empty; expected ${columns.join(",")}`);
  if (header.join() !== columns.join()) {
    throw new Error(
      `${path} has the header "${header.join()}" where "${columns.join()}" is expected`,
    );
  }
  if (rows.length === 0) throw new Error(`${path} has a header and no rows`);
  return rows.map((row) => toRow<T>(columns, row));
}

async function readText(path: string, folder: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const names = Object.values(exportFiles).map(({ file }) => file);
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw new Error(
      `cannot read ${path} (${why}); a CRM export is the folder ${folder} with ${names.join(", ")}`,
      { cause },
    );
  }
}

function parseRecords(text: string, path: string): string[][] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${path} is not readable as CSV: ${why}`, { cause });
  }
}

/** The parser refuses rows of another length than the header, so every column has a cell. */
const toRow = <T extends Table>(columns: readonly string[], cells: readonly string[]): Row<T> =>
  Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""])) as Row<T>;
