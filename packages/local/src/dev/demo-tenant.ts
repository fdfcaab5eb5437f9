import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
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

const fileIn = (folder: string): string => join(folder, "demo-tenant.json");
const beganIn = (folder: string): string => join(folder, "demo-tenant.began");

/** Removes what a first start left that was ended while it made the demo tenant. @returns whether it did */
export function removeHalfMade(folder: string): boolean {
  if (!existsSync(beganIn(folder))) return false;
  // Whoever has the folder open is told so instead of losing it.
  openDataFolder(folder).close();
  rmSync(folder, { recursive: true, force: true });
  return true;
}

/** The demo tenant of this data folder; undefined before its first start. */
export function storedDemoTenant(folder: string): DemoTenant | undefined {
  if (!existsSync(fileIn(folder))) return undefined;
  return DemoTenant.parse(JSON.parse(readFileSync(fileIn(folder), "utf8")));
}

/** A tenant with eight partners, a published program and a year of opportunities up to today. */
export async function makeDemoTenant(runtime: LocalRuntime, folder: string): Promise<DemoTenant> {
  writeFileSync(beganIn(folder), "");
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
  writeFileSync(`${fileIn(folder)}.new`, JSON.stringify(tenant));
  renameSync(`${fileIn(folder)}.new`, fileIn(folder));
  rmSync(beganIn(folder));
  return tenant;
}
