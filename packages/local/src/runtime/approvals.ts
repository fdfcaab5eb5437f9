import type { TenantDirectory } from "@concord/core/tenant";
import type { Vault } from "@concord/core/vault";
import { systemContexts, type Table, tenantIdOf } from "@concord/storage";
import {
  conductApproval,
  escalateStep,
  expirePlan,
  reconcileApprovals,
  registerStep,
  remindApprover,
  type Workflow,
} from "@concord/workers";
import { planApproval } from "../../../../infra/workflows/plan-approval.ts";
import type { LocalTable } from "../local-table/index.ts";
import { executionArn, stateMachines } from "../state-machine/index.ts";
import { mint } from "./mint.ts";

const MACHINE = "plan-approval";

/** The approval of development plans: the deployed definition on the local runner, and who feeds it. */
export function approvals(options: {
  readonly table: Table;
  readonly localTable: LocalTable;
  readonly tenants: TenantDirectory;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}) {
  const { table, localTable, tenants, vault, now, log } = options;
  const contextOf = systemContexts({ table, now, mint })("workflow");
  const deps = { contextOf };
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
      "register-step": (payload) => registerStep({ contextOf, vault, workflow }, payload),
      "remind-approver": (payload) => remindApprover(deps, payload),
      "escalate-step": (payload) => escalateStep(deps, payload),
      "expire-plan": (payload) => expirePlan(deps, payload),
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
      conductApproval({ contextOf, workflow, vault, tenantOf: tenantIdOf, log }, batch),
    reconcile: () => reconcileApprovals({ tenants, contextOf, workflow, log }),
  };
}
