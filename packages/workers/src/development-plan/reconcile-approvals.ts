import { everyItem } from "@concord/core/context";
import { restartApproval, runName, type WaitingPlan } from "@concord/core/development-plan";
import { DomainError } from "@concord/core/error";
import type { TenantDirectory } from "@concord/core/tenant";
import type { OpenPlans } from "./step-payload.ts";
import { isRunning, type Workflow } from "./workflow.ts";

export interface ReconcileDependencies {
  readonly tenants: Pick<TenantDirectory, "list">;
  readonly contextOf: OpenPlans;
  readonly workflow: Pick<Workflow, "describe">;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/**
 * Gives every submitted plan whose state machine is missing or ended its next attempt. One plan that
 * fails keeps no other waiting.
 */
export async function reconcileApprovals(
  deps: ReconcileDependencies,
): Promise<{ checked: number; restarted: number; failed: number }> {
  const report = { checked: 0, restarted: 0, failed: 0 };
  for await (const { tenantId } of everyItem((page) => deps.tenants.list(page))) {
    const ctx = deps.contextOf(tenantId);
    for await (const waiting of everyItem((page) => ctx.store.developmentPlans.waiting(page))) {
      report.checked += 1;
      try {
        if (await reconcile(deps, ctx, waiting)) report.restarted += 1;
      } catch (error) {
        report.failed += 1;
        const { planId } = waiting;
        deps.log({
          level: "error",
          message: "approval not reconciled",
          ...{ tenantId, planId, error: error instanceof Error ? error.name : "unknown" },
        });
      }
    }
  }
  deps.log({ level: "info", message: "approvals reconciled", ...report });
  return report;
}

async function reconcile(
  { workflow }: ReconcileDependencies,
  ctx: ReturnType<OpenPlans>,
  run: WaitingPlan,
): Promise<boolean> {
  if (await isRunning(workflow, runName(run))) return false;
  try {
    return await restartApproval(ctx, run);
  } catch (error) {
    // Somebody changed the plan at this moment: tomorrow looks again.
    if (error instanceof DomainError && error.code === "version-stale") return false;
    throw error;
  }
}
