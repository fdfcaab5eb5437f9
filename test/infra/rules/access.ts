import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { accountRouteKeys } from "../../../infra/account-paths.ts";
import { handlers } from "../../../infra/handlers.ts";
import {
  examine,
  functions,
  grants,
  input,
  named,
  nameOf,
  ofType,
  type Resource,
  type Rule,
  roles,
  root,
  statementsOf,
} from "./graph.ts";

/** What a name may leave open: the indexes of a table, the objects below a prefix, the executions of a state machine. */
const openEnds = [
  /^arn:aws:dynamodb:[^*]+\/(index|backup)\/\*$/,
  /^arn:aws:s3:::[^*/]+\/[^*/]+\/\*$/,
  /^arn:aws:states:[^*:]+:\d+:execution:[^*:]+:\*$/,
];

/** Verbs that AWS knows no resources for. */
const ofNoResource = new Set([
  ...["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  ...["logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery"],
  ...["logs:DeleteLogDelivery", "logs:ListLogDeliveries", "logs:DescribeLogGroups"],
  ...["logs:PutResourcePolicy", "logs:DescribeResourcePolicies"],
]);

/** Actions and resources are named; nothing may be scanned. */
export const accessIsNarrow: Rule = (graph) =>
  examine("role", roles(graph), nameOf, (role) =>
    grants(role).flatMap(({ Effect, Action, Resource }) => [
      Effect !== "Allow" && `${Effect} is not a grant`,
      Action.length === 0 && "a grant without actions",
      Resource.length === 0 && "a grant without resources",
      ...Action.map((action) => /\*|:Scan$|:PartiQL/.test(action) && `may ${action}`),
      ...Resource.map(
        (arn) =>
          arn.includes("*") &&
          !openEnds.some((open) => open.test(arn)) &&
          !(arn === "*" && Action.every((action) => ofNoResource.has(action))) &&
          `may reach ${arn}`,
      ),
    ]),
  );

/** Beyond its own grants a function has the right to write logs, nothing else. */
export const managedPoliciesAreKnown: Rule = (graph) =>
  examine("role", roles(graph), nameOf, (role) =>
    [input(role, "managedPolicyArns") ?? []]
      .flat()
      .map(
        (arn) =>
          arn !== "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole" &&
          `has the policy ${arn}`,
      ),
  );

const verbOf: Record<string, readonly string[]> = {
  BatchGetCommand: ["BatchGetItem"],
  DeleteCommand: ["DeleteItem"],
  GetCommand: ["GetItem"],
  PutCommand: ["PutItem"],
  QueryCommand: ["Query"],
  TransactGetCommand: ["GetItem"],
  TransactWriteCommand: ["PutItem", "DeleteItem", "ConditionCheckItem"],
  UpdateCommand: ["UpdateItem"],
};

/** The verbs granted on the table are those the storage package uses, none more and none fewer. */
export const tableVerbsAreUsed: Rule = (graph) => {
  const folder = join(root, "packages/storage/src");
  const source = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
  const commands = new Set(
    [...source.matchAll(/new (\w+Command)\(/g)].map(([, command = ""]) => command),
  );
  const used = new Set([...commands].flatMap((command) => verbOf[command] ?? [`? ${command}`]));
  if (/\bUpdate: \{/.test(source)) used.add("UpdateItem");
  const granted = new Set(
    roles(graph)
      .filter(({ name }) => name !== "BackupRole")
      .flatMap(grants)
      .filter(({ Resource }) => Resource.some((arn) => /:dynamodb:.*:table\/[^/]+$/.test(arn)))
      .flatMap(({ Action }) => Action.map((action) => action.replace("dynamodb:", ""))),
  );
  if (used.size === 0 || granted.size === 0) return ["no verb to examine"];
  return [
    ...[...used].filter((verb) => !granted.has(verb)).map((verb) => `${verb} is not granted`),
    ...[...granted].filter((verb) => !used.has(verb)).map((verb) => `${verb} is not used`),
  ];
};

/** One way in: one API, whose addresses of the account lead to its function and all others to the app's. */
export const oneWayIn: Rule = (graph) => {
  const routes = ofType(graph, "aws:apigatewayv2/route:Route");
  const integrations = ofType(graph, "aws:apigatewayv2/integration:Integration");
  const functionOf = (handler: string) =>
    `${graph.builds.find((build) => build.handler === handler)?.function}Function`;
  const expected = new Map([
    ["$default", functionOf(handlers.api)],
    ...accountRouteKeys.map((key) => [key, functionOf(handlers.account)] as const),
  ]);
  const served = routes.map((route) => String(input(route, "routeKey")));
  return [
    ...examine("route", routes, nameOf, (route) => {
      const key = String(input(route, "routeKey"));
      const id = String(input(route, "target")).replace(/^integrations\//, "");
      const integration = integrations.find(({ name }) => id === name || id === `${name}-id`);
      const target = named(
        functions(graph),
        integration && input(integration, "integrationUri"),
      )?.name;
      return [target !== expected.get(key) && `${key} leads to ${target}`];
    }),
    ...[...expected.keys()].filter((key) => !served.includes(key)).map((key) => `${key}: no route`),
    ...ofType(graph, "aws:lambda/functionUrl:FunctionUrl").map(({ name }) => `${name}: a URL`),
    ...examine("permission", ofType(graph, "aws:lambda/permission:Permission"), nameOf, (each) => [
      input(each, "principal") !== "apigateway.amazonaws.com" && `for ${input(each, "principal")}`,
      input(each, "sourceArn") === undefined && "for any caller of the service",
    ]),
  ];
};

/** What signs tokens or makes one-time tokens is in the environment of the account function, and of no other in front of the world. */
export const secretsAreWhereTheyAreNeeded: Rule = (graph) => {
  const named = (name: string) => functions(graph).filter((each) => each.name === name);
  const variablesOf = (each: Resource) =>
    Object.keys((input(each, "environment", "variables") as object | undefined) ?? {});
  return [
    ...examine("app function", named("HttpAppFunction"), nameOf, (each) =>
      variablesOf(each).map(
        (variable) => /SIGNING|TOKEN_SECRET/.test(variable) && `knows ${variable}`,
      ),
    ),
    ...examine("account function", named("HttpAccountFunction"), nameOf, (each) =>
      ["SIGNING_KEYS", "TOKEN_SECRET"].map(
        (variable) => !variablesOf(each).includes(variable) && `lacks ${variable}`,
      ),
    ),
  ];
};

/** Buckets are closed to the public, and what lets a service in names whose behalf it may act on. */
export const nothingIsPublic: Rule = (graph) => {
  const blocks = ofType(graph, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
  return [
    ...examine("bucket", ofType(graph, "aws:s3/bucket:Bucket"), nameOf, (bucket) => {
      const block = blocks.find((each) => input(each, "bucket") === input(bucket, "bucket"));
      return [
        "blockPublicAcls",
        "blockPublicPolicy",
        "ignorePublicAcls",
        "restrictPublicBuckets",
      ].map((flag) => (!block || input(block, flag) !== true) && `${flag} is not set`);
    }),
    ...examine(
      "resource policy",
      [
        ...ofType(graph, "aws:s3/bucketPolicy:BucketPolicy"),
        ...ofType(graph, "aws:sqs/queuePolicy:QueuePolicy"),
        ...ofType(graph, "aws:sns/topicPolicy:TopicPolicy"),
      ],
      nameOf,
      (policy) =>
        statementsOf(input(policy, "policy"))
          .filter(({ Effect }) => Effect === "Allow")
          .map(({ Condition, Action }) => !Condition && `${Action} without a condition`),
    ),
  ];
};
