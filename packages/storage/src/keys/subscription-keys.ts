import type { CalendarDate } from "@concord/core/calendar";
import type { ExportId, InvoiceId } from "@concord/core/id";
import { hashed, type InTenant, type Key, padded } from "./key.ts";

/** The tenant itself, what it subscribes to and takes with it. */
export const subscriptionKeys = (inTenant: InTenant) => ({
  tenant: (): Key => ({ pk: inTenant("TENANT"), sk: "TENANT" }),
  signUp: (): Key => ({ pk: inTenant("SIGNUP"), sk: "SIGNUP" }),

  /** Apart from the tenant: what is counted is written with every new partner. */
  subscription: (): Key => ({ pk: inTenant("SUBSCRIPTION"), sk: "SUBSCRIPTION" }),
  usage: (): Key => ({ pk: inTenant("USAGE"), sk: "USAGE" }),
  importsOfDay: (day: CalendarDate): Key => ({ pk: inTenant("USAGE"), sk: `IMPORTS#${day}` }),
  invoice: (invoiceId: InvoiceId): Key => ({
    pk: inTenant("SUBSCRIPTION"),
    sk: `INVOICE#${invoiceId}`,
  }),
  invoicePrefix: "INVOICE#",
  billing: (): Key => ({ pk: inTenant("SUBSCRIPTION"), sk: "BILLING" }),
  billingEvent: (eventId: string): Key => ({
    pk: inTenant("SUBSCRIPTION"),
    sk: `BILLINGEVENT#${hashed(eventId)}`,
  }),

  /** All exports of everything share a partition: a handful of rows, and their lists of places. */
  tenantExports: (): string => inTenant("EXPORTS"),
  tenantExport: (exportId: ExportId): Key => ({
    pk: inTenant("EXPORTS"),
    sk: `EXPORT#${exportId}`,
  }),
  tenantExportPrefix: "EXPORT#",
  exportPart: (exportId: ExportId, part: number): Key => ({
    pk: inTenant("EXPORTS"),
    sk: `PART#${exportId}#${padded(part)}`,
  }),
});
