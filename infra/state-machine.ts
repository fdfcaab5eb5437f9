import { type Permission, writeTraces } from "./access.ts";
import { isProduction, physicalName } from "./stage.ts";

/** Known before the state machine is: its tasks answer to it, and it invokes its tasks. */
export function stateMachineArn(name: string): $util.Output<string> {
  const { partition } = aws.getPartitionOutput();
  const { region } = aws.getRegionOutput();
  const { accountId } = aws.getCallerIdentityOutput();
  return $interpolate`arn:${partition}:states:${region}:${accountId}:stateMachine:${name}`;
}

/** To hand errors to a log group. CloudWatch knows no resources for these verbs. */
const deliverLogs: Permission = {
  actions: [
    ...["logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery"],
    ...["logs:DeleteLogDelivery", "logs:ListLogDeliveries", "logs:DescribeLogGroups"],
    ...["logs:PutResourcePolicy", "logs:DescribeResourcePolicies"],
  ],
  resources: ["*"],
};

/** Runs its tasks, traces them and writes down what fails. */
export function workflowRole(name: string, permission: Permission): aws.iam.Role {
  return new aws.iam.Role(`${name}Role`, {
    name: physicalName(`${name}Role`),
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "states.amazonaws.com" }),
    inlinePolicies: [
      {
        name: "tasks",
        policy: aws.iam.getPolicyDocumentOutput({
          statements: [permission, writeTraces, deliverLogs],
        }).json,
      },
    ],
  });
}

/** What failed, without what it was given: an input may hold a task token. */
export function workflowErrors(name: string) {
  const group = new aws.cloudwatch.LogGroup(`${name}Errors`, {
    name: `/aws/vendedlogs/states/${physicalName(name)}`,
    retentionInDays: isProduction() ? 365 : 14,
  });
  return {
    level: "ERROR",
    includeExecutionData: false,
    logDestination: $interpolate`${group.arn}:*`,
  };
}
