import {
  answerTasks,
  describeExecutions,
  invoke,
  rowsFor,
  startExecutions,
} from "../infra/access.ts";
import { approvalBacklogAlarm, executionsFailedAlarm } from "../infra/alarms.ts";
import { namedFunction } from "../infra/function-defaults.ts";
import { handlers } from "../infra/handlers.ts";
import { consumeChanges } from "../infra/queue.ts";
import { onSchedule } from "../infra/schedule.ts";
import { schedules } from "../infra/schedules.ts";
import { physicalName } from "../infra/stage.ts";
import { stateMachineArn, workflowErrors, workflowRole } from "../infra/state-machine.ts";
import type { WorkerName } from "../infra/worker-policies.ts";
import { planApproval } from "../infra/workflows/index.ts";
import type { Data } from "./data.ts";

/** The approval of development plans: its state machine, the tasks it invokes, and what starts it. */
export function approvalsStack({ table, secretsKey }: Data) {
  const name = physicalName("PlanApproval");
  const arn = stateMachineArn(name);
  const rowsOf = (worker: WorkerName) => rowsFor(worker, table);
  const stepTokenKey = new sst.Secret("StepTokenKey");

  const registerStep = namedFunction("RegisterStep", {
    handler: handlers.registerStep,
    description: "Stores the token that the decision of an approval step answers",
    secretsKey,
    environment: { ...rowsOf("RegisterStep").environment, STEP_TOKEN_KEY: stepTokenKey.value },
    permissions: [...rowsOf("RegisterStep").permissions, answerTasks(arn)],
  });
  const remindApprover = namedFunction("RemindApprover", {
    handler: handlers.remindApprover,
    description: "Reminds the approver of a step",
    ...rowsOf("RemindApprover"),
  });
  const escalateStep = namedFunction("EscalateStep", {
    handler: handlers.escalateStep,
    description: "Escalates an approval step that nobody decided",
    ...rowsOf("EscalateStep"),
  });
  const expirePlan = namedFunction("ExpirePlan", {
    handler: handlers.expirePlan,
    description: "Ends the approval of a plan that nobody decided in time",
    ...rowsOf("ExpirePlan"),
  });

  const tasks = {
    registerStep: registerStep.arn,
    remindApprover: remindApprover.arn,
    escalateStep: escalateStep.arn,
    expirePlan: expirePlan.arn,
  };
  const role = workflowRole("PlanApproval", invoke(Object.values(tasks)));
  const stateMachine = new aws.sfn.StateMachine("PlanApproval", {
    name,
    type: "STANDARD",
    definition: $util.output(tasks).apply((arns) => JSON.stringify(planApproval(arns))),
    roleArn: role.arn,
    tracingConfiguration: { enabled: true },
    loggingConfiguration: workflowErrors("PlanApproval"),
  });
  executionsFailedAlarm("PlanApproval", stateMachine.arn);

  const startApproval = consumeChanges("StartApproval", 5, {
    handler: handlers.startApproval,
    description: "Starts the approval of a submitted plan and answers its decided steps",
    secretsKey,
    environment: {
      ...rowsOf("StartApproval").environment,
      PLAN_APPROVAL_ARN: stateMachine.arn,
      STEP_TOKEN_KEY: stepTokenKey.value,
    },
    permissions: [
      ...rowsOf("StartApproval").permissions,
      startExecutions(stateMachine.arn),
      answerTasks(stateMachine.arn),
    ],
  });

  const reconcile = onSchedule("ReconcileApprovals", schedules.reconcileApprovals, {
    handler: handlers.reconcileApprovals,
    description: "Gives a waiting plan whose state machine is gone its next attempt",
    timeout: "5 minutes",
    environment: {
      ...rowsOf("ReconcileApprovals").environment,
      PLAN_APPROVAL_ARN: stateMachine.arn,
    },
    permissions: [
      ...rowsOf("ReconcileApprovals").permissions,
      describeExecutions(stateMachine.arn),
    ],
  });
  approvalBacklogAlarm(reconcile);
  return {
    stateMachine,
    changes: startApproval.queue,
    queues: { StartApproval: startApproval.queue.nodes.queue.name },
    functions: {
      RegisterStep: registerStep.name,
      RemindApprover: remindApprover.name,
      EscalateStep: escalateStep.name,
      ExpirePlan: expirePlan.name,
      StartApproval: startApproval.functionName,
      ReconcileApprovals: reconcile,
    },
  };
}
