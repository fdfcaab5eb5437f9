import type { RosterStore } from "@concord/core/assignment";
import type { ContentionStore } from "@concord/core/contention";
import type { RequestContext } from "@concord/core/context";
import type { DevelopmentPlanStore } from "@concord/core/development-plan";
import { PlanId, TenantId } from "@concord/core/id";
import type { ProgramStore } from "@concord/core/program";
import { z } from "zod";

const Count = z.number().int().positive();

/** What a state machine says of the step it waits at. */
export const StepPayload = z.strictObject({
  tenantId: TenantId,
  planId: PlanId,
  revision: Count,
  attempt: Count,
  stepNumber: Count,
});

export const RegistrationPayload = StepPayload.extend({
  taskToken: z.string().min(1).max(2048),
});

/** Opens the tenant for the workflow, at this instant of the business clock. */
export type OpenPlans = (
  tenantId: TenantId,
) => RequestContext<ContentionStore & DevelopmentPlanStore & ProgramStore & RosterStore>;
