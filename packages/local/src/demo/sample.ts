import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { type AccountRow, type CrmExport, exportFiles } from "./crm-export.ts";
import {
  accountCountries,
  accountKinds,
  accountStems,
  partnersWithoutDeals,
  sampleProducts,
  sampleTeams,
} from "./sample-names.ts";
import { sampleOpportunities, strengths } from "./sample-opportunities.ts";
import { type Random, randomFrom } from "./sample-random.ts";

const SEED = 20_171_231;

/**
 * An export of a computer-hardware vendor's CRM from October 2016 to December 2017, the same on
 * every run: 35 partners of which 30 have deals, and the defects such exports have (a product spelt as
 * the price list does not, deals without account or engage date, misspelt sectors and countries).
 */
export function sampleExport(): CrmExport {
  const random = randomFrom(SEED);
  const accounts = sampleAccounts(random);
  const [first, ...others] = accounts.map(({ account }) => account);
  if (first === undefined) throw new Error("the sample has no account names");
  const partners = sampleTeams
    .map(({ sales_agent }) => sales_agent)
    .filter((partner) => !partnersWithoutDeals.includes(partner));
  const pipeline = sampleOpportunities(
    strengths(partners, random),
    sampleProducts,
    [first, ...others],
    random,
  );
  return { pipeline, teams: sampleTeams, products: sampleProducts, accounts };
}

/** Writes the four files of the sample into the folder, which is made where it is missing. */
export async function writeSample(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const sample = sampleExport();
  const write = (table: keyof CrmExport) =>
    writeFile(
      join(folder, exportFiles[table].file),
      stringify([...sample[table]], {
        header: true,
        columns: [...exportFiles[table].columns],
        record_delimiter: "windows",
      }),
    );
  await Promise.all([write("pipeline"), write("teams"), write("products"), write("accounts")]);
}

function sampleAccounts(random: Random): AccountRow[] {
  const names = accountKinds.flatMap(({ ending, sector }) =>
    accountStems.map((stem) => ({ account: `${stem} ${ending}`, sector })),
  );
  const abroad = random.shuffled(names).slice(0, accountCountries.length);
  return names.map((name) => ({
    ...name,
    year_established: String(random.between(1979, 2016)),
    revenue: (random.between(500, 350_000) / 100).toFixed(2),
    employees: String(random.between(20, 18_000)),
    office_location: accountCountries[abroad.indexOf(name)] ?? "United States",
    subsidiary_of: random.chance(17) ? `${random.pick(["Ostermark", "Valdiris"])} Holding` : "",
  }));
}
