import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

export interface DemoArguments {
  /** The folder of a CRM export; null for the sample. */
  readonly from: string | null;
  /** Where the report is written. */
  readonly out: string;
}

/** What was asked for cannot be done; the message says what can. */
export class UsageError extends Error {}

export const usage = `Usage: demo [--from <folder>] [--out <folder>]
  --from  folder of a CRM export with sales_pipeline.csv, sales_teams.csv, products.csv and
          accounts.csv; without it the demo writes a sample of its own
  --out   folder for report.html; "out" without it`;

/** @throws UsageError */
export async function readArguments(args: readonly string[], cwd: string): Promise<DemoArguments> {
  const { from, out } = valuesOf(args);
  const folder = from === undefined ? null : resolve(cwd, from);
  if (folder !== null && !(await isFolder(folder))) {
    throw new UsageError(`--from ${from}: there is no folder ${folder}`);
  }
  const target = resolve(cwd, out ?? "out");
  if ((await isThere(target)) && !(await isFolder(target))) {
    throw new UsageError(`--out ${out}: ${target} is a file, not a folder`);
  }
  return { from: folder, out: target };
}

function valuesOf(args: readonly string[]): {
  from: string | undefined;
  out: string | undefined;
} {
  try {
    const { values } = parseArgs({
      args: args.filter((arg, index) => arg !== "--" || index > 0),
      options: { from: { type: "string" }, out: { type: "string" } },
    });
    const empty = Object.entries(values).find(([, value]) => value.trim() === "");
    if (empty) throw new UsageError(`--${empty[0]} needs the name of a folder`);
    return { from: values.from, out: values.out };
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error)) throw error;
    throw new UsageError(error.message.split(". To specify")[0] ?? error.message);
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
