import type { Vault } from "@concord/core/vault";
import { openSystemStore, systemContexts, type Table, tenantIdOf } from "@concord/storage";
import {
  conductApproval,
  escalateStep,
  expirePlan,
  reconcileApprovals,
  registerStep,
  remindApprover,
  type Workflow,
} from "@concord/workers";
import { type WorkerName, workerPolicies } from "../../../../infra/worker-policies.ts";
import { planApproval } from "../../../../infra/workflows/plan-approval.ts";
import type { LocalTable } from "../local-table/index.ts";
import { judgedTable } from "../rights/index.ts";
import { executionArn, stateMachines } from "../state-machine/index.ts";
import { mint } from "./mint.ts";

const MACHINE = "plan-approval";

/** The approval of development plans: the deployed definition on the local runner, and who feeds it. */
export function approvals(options: {
  readonly table: Table;
  readonly localTable: LocalTable;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}) {
  const { table, localTable, vault, now, log } = options;
  /** With the rights of the deployed function. */
  const contextOf = (worker: WorkerName) =>
    systemContexts({ table: judgedTable(table, workerPolicies[worker]), now, mint })("workflow");
  const machines = stateMachines({
    table: localTable,
    machines: {
      [MACHINE]: planApproval({
        registerStep: "register-step",
        remindApprover: "remind-approver",
        escalateStep: "escalate-step",
        expirePlan: "expire-plan",
      }),
    },
    lambdas: {
      "register-step": (payload) =>
        registerStep({ contextOf: contextOf("RegisterStep"), vault, workflow }, payload),
      "remind-approver": (payload) =>
        remindApprover({ contextOf: contextOf("RemindApprover") }, payload),
      "escalate-step": (payload) => escalateStep({ contextOf: contextOf("EscalateStep") }, payload),
      "expire-plan": (payload) => expirePlan({ contextOf: contextOf("ExpirePlan") }, payload),
    },
    now,
    workerId: "runtime",
  });
  const workflow: Workflow = {
    start: async (name, input) => {
      await machines.startExecution({ machine: MACHINE, name, input });
    },
    succeed: (token, answer) => machines.sendTaskSuccess(token, answer),
    describe: (name) => machines.describeExecution(executionArn(MACHINE, name)),
  };
  return {
    machines,
    conductApproval: (batch: unknown) =>
      conductApproval(
        { contextOf: contextOf("StartApproval"), workflow, vault, tenantOf: tenantIdOf, log },
        batch,
      ),
    reconcile: () =>
      reconcileApprovals({
        tenants: openSystemStore(judgedTable(table, workerPolicies.ReconcileApprovals)).tenants,
        contextOf: contextOf("ReconcileApprovals"),
        workflow,
        log,
      }),
  };
}
