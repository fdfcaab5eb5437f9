import type { Policy } from "./tenant-role.ts";
import { type WorkerName, workerPolicies } from "./worker-policies.ts";

/** Linking a resource grants every action on it. A function gets the verbs it needs instead, and never Scan. */
const tableVerbs = {
  /** A read of a list is a Query, a read of a set of keys a batch. */
  read: ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"],
  /** A transaction needs the verbs of its parts. */
  write: [
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:ConditionCheckItem",
  ],
};

export type Permission = {
  actions: string[];
  resources: $util.Input<string>[];
  conditions?: { test: string; variable: string; values: $util.Input<string>[] }[];
};

/** The statements of a policy of the table. */
export const grantsOf = (policyOf: (tableArn: string) => Policy, table: sst.aws.Dynamo) =>
  policyOf("").Statement.map(
    ({ Action, Resource, Condition }): Permission => ({
      actions: [...Action],
      resources: Resource.map((below) => $interpolate`${table.arn}${below}`),
      conditions: Object.entries(Condition).flatMap(([test, keys]) =>
        Object.entries(keys).map(([variable, values]) => ({
          test,
          variable,
          values: [values].flat(),
        })),
      ),
    }),
  );

/** What a worker does with the table, and where it is. */
export const rowsFor = (
  worker: WorkerName,
  table: sst.aws.Dynamo,
): { environment: { TABLE_NAME: $util.Output<string> }; permissions: Permission[] } => ({
  environment: { TABLE_NAME: table.name },
  permissions: grantsOf(workerPolicies[worker], table),
});

/** X-Ray knows no resources: these two verbs are the one grant on everything. */
export const writeTraces: Permission = {
  actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  resources: ["*"],
};

/** To take the tenant role on, and to say for which tenant. */
export const openTenants = (roleArn: $util.Input<string>): Permission => ({
  actions: ["sts:AssumeRole", "sts:TagSession"],
  resources: [roleArn],
});

export const readTable = (table: sst.aws.Dynamo): Permission => ({
  actions: tableVerbs.read,
  resources: [table.arn, $interpolate`${table.arn}/index/*`],
});

export const writeTable = (table: sst.aws.Dynamo): Permission => ({
  actions: tableVerbs.write,
  resources: [table.arn],
});

export const sendTo = (queue: sst.aws.Queue): Permission => ({
  actions: ["sqs:SendMessage"],
  resources: [queue.arn],
});

/** Signing an upload needs the right to make it. */
export const putObjects = (bucket: sst.aws.Bucket, prefix: string): Permission => ({
  actions: ["s3:PutObject"],
  resources: [$interpolate`${bucket.arn}/${prefix}*`],
});

export const getObjects = (bucket: sst.aws.Bucket, prefix: string): Permission => ({
  actions: ["s3:GetObject"],
  resources: [$interpolate`${bucket.arn}/${prefix}*`],
});

export const startExecutions = (stateMachineArn: $util.Input<string>): Permission => ({
  actions: ["states:StartExecution"],
  resources: [stateMachineArn],
});

/** An execution is named after the machine it runs. */
export const describeExecutions = (stateMachineArn: $util.Output<string>): Permission => ({
  actions: ["states:DescribeExecution"],
  resources: [stateMachineArn.apply((arn) => `${arn.replace(":stateMachine:", ":execution:")}:*`)],
});

/** A task token belongs to an execution of this state machine. */
export const answerTasks = (stateMachineArn: $util.Input<string>): Permission => ({
  actions: ["states:SendTaskSuccess"],
  resources: [stateMachineArn],
});

export const invoke = (functionArns: $util.Input<string>[]): Permission => ({
  actions: ["lambda:InvokeFunction"],
  resources: functionArns,
});

/** SES asks for the second verb where the message comes ready made. */
export const sendMailFrom = (identity: sst.aws.Email): Permission => ({
  actions: ["ses:SendEmail", "ses:SendRawEmail"],
  resources: [identity.nodes.identity.arn, identity.nodes.configurationSet.arn],
});
