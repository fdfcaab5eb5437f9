import { ACME, type TestStore, testStore } from "@concord/local/testing";
import type { TenantId } from "../id/index.ts";
import { createPartner } from "../partner/index.ts";
import { createSource, putPriceList, type Source } from "../source/index.ts";
import { createTenant } from "../tenant/index.ts";
import { createImport, type UploadTargets } from "./create-import.ts";
import type { JobOutcome, JobPorts } from "./job.ts";
import type { UploadedFile } from "./read-rows.ts";
import { runImport } from "./run-import.ts";
import type { CreateImport, Import } from "./schema.ts";

export const HEADER =
  "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value";

export const jobPorts: JobPorts = { wallNow: () => 0, shouldPause: () => false };

/** A file as a store would stream it. */
export const fileOf = (content: string | Uint8Array, chunkBytes = 65_536): UploadedFile => ({
  async *open() {
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      yield bytes.subarray(at, at + chunkBytes);
    }
  },
});

export const uploads: UploadTargets = {
  targetOf: async ({ key }) => ({
    method: "PUT",
    url: `https://uploads.concord.test/${key}`,
    headers: {},
    expiresAt: "2027-01-15T12:15:00.000Z",
  }),
};

export const csvOf = (...rows: readonly string[]): string => [HEADER, ...rows, ""].join("\n");

export const PRODUCTS = { Desk: "100.00", "Rack Pro": "1000.00" };
export const PARTNERS = ["North", "South", "East"];

/** A tenant with a source, a price list and partners, ready for files. */
export async function sourceWith(
  test: TestStore,
  {
    tenantId = ACME,
    products = PRODUCTS,
    partners = PARTNERS,
  }: {
    tenantId?: TenantId;
    products?: Readonly<Record<string, string>>;
    partners?: readonly string[];
  } = {},
): Promise<Source> {
  await createTenant(
    { ...test.asSystem(tenantId), openTenant: test.openTenant },
    {
      tenantId,
      tenant: {
        name: tenantId,
        timeZone: "America/Chicago",
        fiscalYearStartMonth: 1,
        currency: "USD",
      },
      owner: {
        email: `owner@${tenantId.toLowerCase().replace("_", "-")}.test`,
        displayName: "Owner",
        initialPassword: "a password of these tests",
      },
    },
  );
  const ctx = test.asMember(tenantId, "admin");
  const created = await createSource(ctx, {
    name: "CRM",
    kind: "crm-export",
    preset: "crm-opportunities-v1",
    currency: "USD",
    ownerId: null,
  });
  for (const name of partners) {
    await createPartner(ctx, {
      name,
      type: "reseller",
      lifecycleStage: "growing",
      region: "Central",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });
  }
  return putPriceList(ctx, {
    sourceId: created.sourceId,
    ifVersion: 1,
    prices: Object.entries(products).map(([product, listPrice]) => ({ product, listPrice })),
  });
}

export type RunContext = Parameters<typeof runImport>[0] & Parameters<typeof createImport>[0];

/** Announces a file and runs its import to the end. */
export async function importFile(
  admin: RunContext,
  system: RunContext,
  source: Source,
  content: string | Uint8Array,
  options: Partial<CreateImport> = {},
): Promise<Import> {
  const { importId } = await createImport(admin, uploads, {
    sourceId: source.sourceId,
    fileName: "export.csv",
    dryRun: false,
    ...options,
  });
  return endOf(await runImport(system, jobPorts, { importId, file: fileOf(content) }));
}

export function endOf(outcome: JobOutcome): Import {
  if (outcome.status !== "ended") throw new Error(`the job is ${outcome.status}`);
  return outcome.import;
}

export { testStore };
