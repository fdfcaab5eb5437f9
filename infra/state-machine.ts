import type { Permission } from "./access.ts";
import { physicalName } from "./stage.ts";

/** Known before the state machine is: its tasks answer to it, and it invokes its tasks. */
export function stateMachineArn(name: string): $util.Output<string> {
  const { partition } = aws.getPartitionOutput();
  const { region } = aws.getRegionOutput();
  const { accountId } = aws.getCallerIdentityOutput();
  return $interpolate`arn:${partition}:states:${region}:${accountId}:stateMachine:${name}`;
}

/** Without logs of its own: delivering them needs rights on all logs, and the history of an execution is kept for 90 days anyway. */
export function workflowRole(name: string, permission: Permission): aws.iam.Role {
  return new aws.iam.Role(`${name}Role`, {
    name: physicalName(`${name}Role`),
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "states.amazonaws.com" }),
    inlinePolicies: [
      {
        name: "tasks",
        policy: aws.iam.getPolicyDocumentOutput({ statements: [permission] }).json,
      },
    ],
  });
}
