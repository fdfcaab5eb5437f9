import {
  answerTasks,
  describeExecutions,
  invoke,
  readTable,
  startExecutions,
  writeTable,
} from "../infra/access.ts";
import { executionsFailedAlarm } from "../infra/alarms.ts";
import { functionArgs } from "../infra/function-defaults.ts";
import { handlers } from "../infra/handlers.ts";
import { onSchedule } from "../infra/schedule.ts";
import { schedules } from "../infra/schedules.ts";
import { physicalName } from "../infra/stage.ts";
import { stateMachineArn, workflowRole } from "../infra/state-machine.ts";
import { readChanges } from "../infra/stream.ts";
import { planApproval } from "../infra/workflows/index.ts";
import type { Data } from "./data.ts";

/** The approval of development plans: its state machine, the tasks it invokes, and what starts it. */
export function approvalsStack({ table }: Data) {
  const name = physicalName("PlanApproval");
  const arn = stateMachineArn(name);
  const rows = [readTable(table), writeTable(table)];
  const environment = { TABLE_NAME: table.name };
  const stepTokenKey = new sst.Secret("StepTokenKey");

  const registerStep = new sst.aws.Function(
    "RegisterStep",
    functionArgs({
      handler: handlers.registerStep,
      description: "Stores the token that the decision of an approval step answers",
      environment: { ...environment, STEP_TOKEN_KEY: stepTokenKey.value },
      permissions: [...rows, answerTasks(arn)],
    }),
  );
  const remindApprover = new sst.aws.Function(
    "RemindApprover",
    functionArgs({
      handler: handlers.remindApprover,
      description: "Reminds the approver of a step",
      environment,
      permissions: rows,
    }),
  );
  const escalateStep = new sst.aws.Function(
    "EscalateStep",
    functionArgs({
      handler: handlers.escalateStep,
      description: "Escalates an approval step that nobody decided",
      environment,
      permissions: rows,
    }),
  );
  const expirePlan = new sst.aws.Function(
    "ExpirePlan",
    functionArgs({
      handler: handlers.expirePlan,
      description: "Ends the approval of a plan that nobody decided in time",
      environment,
      permissions: rows,
    }),
  );

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
  });
  executionsFailedAlarm("PlanApproval", stateMachine.arn);

  readChanges("StartApproval", table, {
    handler: handlers.startApproval,
    description: "Starts the approval of a submitted plan and answers its decided steps",
    environment: {
      ...environment,
      PLAN_APPROVAL_ARN: stateMachine.arn,
      STEP_TOKEN_KEY: stepTokenKey.value,
    },
    permissions: [...rows, startExecutions(stateMachine.arn), answerTasks(stateMachine.arn)],
    entities: ["Event"],
    events: ["INSERT"],
  });

  onSchedule("ReconcileApprovals", schedules.reconcileApprovals, {
    handler: handlers.reconcileApprovals,
    description: "Gives a waiting plan whose state machine is gone its next attempt",
    timeout: "5 minutes",
    environment: { ...environment, PLAN_APPROVAL_ARN: stateMachine.arn },
    permissions: [...rows, describeExecutions(stateMachine.arn)],
  });
  return { stateMachine };
}
