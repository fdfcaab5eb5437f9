import type { RequestContext } from "@concord/core/context";
import type { PartnerId, TenantId } from "@concord/core/id";
import {
  type CreateImport,
  createImport,
  type Import,
  type JobContext,
  type JobOutcome,
  type JobPorts,
  runImport,
  type UploadedFile,
  type UploadTargets,
} from "@concord/core/import";
import { createPartner } from "@concord/core/partner";
import { createSource, putPriceList, type Source } from "@concord/core/source";
import type { Tenant } from "@concord/core/tenant";
import { ACME, type TestStore } from "@concord/local/testing";
import type { TenantStore } from "../tenant-store.ts";

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
): Promise<Source & { readonly partnerIds: Readonly<Record<string, PartnerId>> }> {
  const ctx = test.asMember(tenantId, "admin");
  const created = await createSource(ctx, {
    name: "CRM",
    kind: "crm-export",
    preset: "crm-opportunities-v1",
    currency: "USD",
    ownerId: null,
  });
  const partnerIds: Record<string, PartnerId> = {};
  for (const name of partners) {
    const { partnerId } = await createPartner(ctx, {
      name,
      type: "reseller",
      lifecycleStage: "growing",
      region: "Central",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });
    partnerIds[name] = partnerId;
  }
  const source = await putPriceList(ctx, {
    sourceId: created.sourceId,
    ifVersion: 1,
    prices: Object.entries(products).map(([product, listPrice]) => ({ product, listPrice })),
  });
  return { ...source, partnerIds };
}

type RunContext = RequestContext<TenantStore>;

const profile = (sourceId: string): Tenant => ({
  tenantId: ACME,
  name: `Tenant of ${sourceId}`,
  timeZone: "America/Chicago",
  fiscalYearStartMonth: 1,
  currency: "USD",
  version: 1,
  createdAt: "2027-01-01T00:00:00.000Z",
  updatedAt: "2027-01-01T00:00:00.000Z",
});

/** Announces a file; the tenant's profile is given, so that no test pays for a log-in of its owner. */
export function announce(
  admin: RunContext,
  source: Source,
  options: Partial<CreateImport> = {},
): Promise<Import> {
  const tenant = { ...admin.store.tenant, get: async () => profile(source.sourceId) };
  return createImport({ ...admin, store: { ...admin.store, tenant } }, uploads, {
    sourceId: source.sourceId,
    fileName: "export.csv",
    dryRun: false,
    ...options,
  });
}

/** Announces a file and runs its import to the end. */
export async function importFile(
  admin: RunContext,
  system: JobContext,
  source: Source,
  content: string | Uint8Array,
  options: Partial<CreateImport> = {},
): Promise<Import> {
  const { importId } = await announce(admin, source, options);
  return endOf(await runImport(system, jobPorts, { importId, file: fileOf(content) }));
}

export function endOf(outcome: JobOutcome): Import {
  if (outcome.status !== "ended") throw new Error(`the job is ${outcome.status}`);
  return outcome.import;
}
