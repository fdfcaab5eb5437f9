import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type Calendar, dateAt, quarterOf } from "@concord/core/calendar";
import { PartnerId } from "@concord/core/id";
import { z } from "zod";
import { openDataFolder } from "../data-folder/index.ts";
import { pipelineCsv } from "../demo/feed.ts";
import { importFile } from "../demo/import-file.ts";
import { TIME_ZONE } from "../demo/local-time.ts";
import { PASSWORD } from "../demo/people.ts";
import { setUpOtherVendor, setUpVendor } from "../demo/set-up.ts";
import type { LocalRuntime } from "../runtime/start-runtime.ts";
import { recentSample } from "./recent-sample.ts";

/** Who may log in to the demo tenant, and what there is to look at. */
const DemoTenant = z.object({
  password: z.string(),
  logins: z.array(z.object({ role: z.string(), email: z.string() })),
  partnerId: PartnerId,
  period: z.string(),
});
export type DemoTenant = z.infer<typeof DemoTenant>;

const TENANT_FILE = "demo-tenant.json";
/** There from the beginning of the set-up to its end. */
const BEGAN_FILE = "demo-tenant.began";
const STATE_FILE = "state.sqlite";

/** Everything a data folder holds besides the mark of its beginning. */
const CONTENT: readonly string[] = [
  TENANT_FILE,
  `${TENANT_FILE}.new`,
  "engine",
  "log.jsonl",
  "outbox",
  "runtime.json",
  "runtime.json.new",
  STATE_FILE,
  `${STATE_FILE}-shm`,
  `${STATE_FILE}-wal`,
  "uploads",
];

/** @throws Error where the folder holds files, but none of ours: nothing of it is to be touched */
export function refuseForeignFolder(folder: string): void {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return;
  const names = readdirSync(folder);
  const isOurs = names.includes(STATE_FILE) || names.includes(BEGAN_FILE);
  if (isOurs || names.every((name) => CONTENT.includes(name))) return;
  throw new Error(`The folder ${folder} holds other files. Choose an empty one, or a new one.`);
}

/** Removes what a first start left that was ended while it made the demo tenant. @returns whether it did */
export function removeHalfMade(folder: string): boolean {
  if (!existsSync(join(folder, BEGAN_FILE))) return false;
  // Whoever has the folder open is told so instead of losing it.
  openDataFolder(folder).close();
  for (const name of [...CONTENT, BEGAN_FILE]) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  return true;
}

/** The demo tenant of this data folder; undefined before its first start. @throws Error where its file is damaged */
export function storedDemoTenant(folder: string): DemoTenant | undefined {
  const file = join(folder, TENANT_FILE);
  if (!existsSync(file)) return undefined;
  try {
    return DemoTenant.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new Error(
      `${file} is damaged. Remove ${folder} to start over, or choose another folder.`,
    );
  }
}

/** A tenant with eight partners, a published program and a year of opportunities up to today. */
export async function makeDemoTenant(runtime: LocalRuntime, folder: string): Promise<DemoTenant> {
  writeFileSync(join(folder, BEGAN_FILE), "");
  const calendar: Calendar = { timeZone: TIME_ZONE, fiscalYearStartMonth: 1 };
  const today = dateAt(runtime.clock.now(), calendar);
  const period = quarterOf(today, calendar);
  const data = recentSample(today);
  const vendor = await setUpVendor(runtime, data, period);
  await setUpOtherVendor(runtime);
  const text = pipelineCsv(data.pipeline);
  await importFile(runtime, vendor, { name: "sales_pipeline.csv", text });
  const [first] = vendor.partners;
  if (!first) throw new Error("the sample has no partners");
  const tenant: DemoTenant = {
    password: PASSWORD,
    logins: [
      { role: "owner", email: vendor.ownerEmail },
      { role: "program manager", email: vendor.programManager.email },
      { role: "data steward", email: vendor.dataSteward.email },
      { role: `partner manager of ${first.partner.name}`, email: first.manager.email },
      { role: `executive of ${first.partner.name}`, email: first.executive.email },
      { role: "owner of another tenant", email: "owner@oxbow-instruments.example" },
    ],
    partnerId: first.partner.partnerId,
    period,
  };
  const file = join(folder, TENANT_FILE);
  writeFileSync(`${file}.new`, JSON.stringify(tenant));
  renameSync(`${file}.new`, file);
  rmSync(join(folder, BEGAN_FILE));
  return tenant;
}
