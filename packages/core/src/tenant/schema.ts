import { z } from "zod";
import { TimeZone } from "../calendar/index.ts";
import { TenantId } from "../id/index.ts";
import { Currency } from "../money/index.ts";

/** The vendor organisation that runs a partner programme. */
export const Tenant = z
  .object({
    tenantId: TenantId,
    name: z.string().trim().min(1).max(200),
    timeZone: TimeZone,
    /** 1–12. */
    fiscalYearStartMonth: z.number().int().min(1).max(12),
    /** Every amount of the tenant is in it. */
    currency: Currency,
    /** Whether its members set up a second factor before they do anything else; left out, they may. */
    requiresSecondFactor: z.boolean().optional().meta({ example: false }),
    version: z.number().int().positive(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "Tenant" });
export type Tenant = z.infer<typeof Tenant>;

export const CreateTenant = Tenant.pick({
  name: true,
  timeZone: true,
  fiscalYearStartMonth: true,
  currency: true,
}).strict();
export type CreateTenant = z.infer<typeof CreateTenant>;

/** Amounts are stored without their currency's name, so it cannot change. */
export const UpdateTenant = CreateTenant.omit({ currency: true })
  .extend(Tenant.pick({ requiresSecondFactor: true }).shape)
  .partial()
  .meta({ id: "UpdateTenant" });
export type UpdateTenant = z.infer<typeof UpdateTenant>;

/** A tenant as those who act for none see it. */
export const TenantEntry = Tenant.pick({
  tenantId: true,
  name: true,
  requiresSecondFactor: true,
  createdAt: true,
});
export type TenantEntry = z.infer<typeof TenantEntry>;
