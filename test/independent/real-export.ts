import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const folder =
  process.env["CONCORD_REAL_DATA"] ?? resolve(import.meta.dirname, "../../../shared/data");

/**
 * The folder of the real CRM export, or undefined where this machine does not have it; the run then
 * says in one line which tests did not run.
 * @param tests what did not run without it, for that line
 */
export function realExport(tests: string): string | undefined {
  const path = join(folder, "crm-sales-opportunities");
  if (existsSync(path)) return path;
  process.stderr.write(`Not run, no real export at ${path}: ${tests}\n`);
  return undefined;
}
