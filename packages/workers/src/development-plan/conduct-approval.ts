import {
  answersDue,
  approvalToStart,
  type PlanEvent,
  runName,
} from "@concord/core/development-plan";
import { StoredEvent } from "@concord/core/event";
import { PlanId } from "@concord/core/id";
import type { Vault } from "@concord/core/vault";
import { z } from "zod";
import { type AddedRow, type ChangeFeed, consumeAdded } from "../change-feed/consume-changes.ts";
import type { OpenPlans } from "./step-payload.ts";
import { answer, startOnce, type Workflow } from "./workflow.ts";

export interface ApprovalDependencies extends ChangeFeed {
  readonly contextOf: OpenPlans;
  readonly workflow: Pick<Workflow, "start" | "succeed">;
  readonly vault: Vault;
}

type PlanEventType = PlanEvent["type"];

const starting: ReadonlySet<string> = new Set<PlanEventType>([
  "development-plan.submitted",
  "development-plan.approval-restarted",
]);

/** A restart is an answer too: to an earlier run, should it still wait. */
const answering: ReadonlySet<string> = new Set<PlanEventType>([
  "development-plan.step-approved",
  "development-plan.approved",
  "development-plan.returned",
  "development-plan.rejected",
  "development-plan.withdrawn",
  "development-plan.expired",
  "development-plan.approval-restarted",
]);

const Step = z.looseObject({
  revision: z.number().int().positive(),
  stepNumber: z.number().int().positive(),
});

/**
 * Starts the state machine of a submitted plan and answers the waits of its decided steps. It goes by the
 * plan as it is now, so that records that come twice, late or out of order do no harm.
 */
export const conductApproval = (
  deps: ApprovalDependencies,
  batch: unknown,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> =>
  consumeAdded(deps, batch, (added) => conduct(deps, added), ["Event"]);

async function conduct(
  { contextOf, workflow, vault }: ApprovalDependencies,
  { tenantId, row }: AddedRow,
): Promise<void> {
  const { type, data, aggregate } = StoredEvent.parse(row);
  if (!starting.has(type) && !answering.has(type)) return;
  const planId = PlanId.parse(aggregate.id);
  const ctx = contextOf(tenantId);
  if (answering.has(type)) {
    for (const { sealed, outcome } of await answersDue(ctx, planId, Step.parse(data))) {
      await answer(workflow, vault.open(sealed), { outcome });
    }
  }
  if (starting.has(type)) {
    const run = await approvalToStart(ctx, planId);
    if (run) await startOnce(workflow, runName(run), { tenantId, ...run });
  }
}
