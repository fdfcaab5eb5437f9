import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runbooks } from "../../../infra/runbooks.ts";
import { METRIC_NAMESPACE } from "../../../packages/telemetry/src/index.ts";
import {
  at,
  examine,
  functions,
  type Graph,
  grants,
  input,
  list,
  mappings,
  named,
  nameOf,
  number,
  ofType,
  queues,
  type Rule,
  roles,
  root,
  statementsOf,
} from "./graph.ts";

const isShared = ({ app }: Graph) => app.stage === "staging" || app.stage === "production";

const alarms = (graph: Graph) => ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm");
const topics = (graph: Graph) => ofType(graph, "aws:sns/topic:Topic");
const budgets = (graph: Graph) => ofType(graph, "aws:budgets/budget:Budget");

const isTopic = (graph: Graph, arn: unknown) => named(topics(graph), arn) !== undefined;

/** Alarms and the budget go to a topic that exists, that they may publish to, and that somebody reads where people rely on the stage. */
export const alarmsReachSomebody: Rule = (graph) => [
  ...examine("alarm", alarms(graph), nameOf, (alarm) =>
    ["alarmActions", "okActions"].map(
      (field) =>
        !list(input(alarm, field)).some((arn) => isTopic(graph, arn)) && `${field} reach nobody`,
    ),
  ),
  ...examine("budget", budgets(graph), nameOf, (budget) =>
    list(input(budget, "notifications")).map(
      (one) =>
        !list(at(one, "subscriberSnsTopicArns")).some((arn) => isTopic(graph, arn)) &&
        "reaches nobody",
    ),
  ),
  ...examine("topic", topics(graph), nameOf, (topic) => {
    const policy = ofType(graph, "aws:sns/topicPolicy:TopicPolicy").find(
      (each) => named([topic], input(each, "arn")) !== undefined,
    );
    const publishers = statementsOf(policy && input(policy, "policy")).flatMap(({ Principal }) =>
      list(at(Principal, "Service")).flat(),
    );
    return [
      ...["cloudwatch.amazonaws.com", "budgets.amazonaws.com"].map(
        (service) => !publishers.includes(service) && `${service} may not publish`,
      ),
      isShared(graph) &&
        !ofType(graph, "aws:sns/topicSubscription:TopicSubscription").some((each) =>
          named([topic], input(each, "topic")),
        ) &&
        "nobody reads it",
    ];
  }),
];

const runbookOf = (alarm: Parameters<typeof input>[0]): string | undefined =>
  /Runbook: infra\/README\.md, "([^"]+)"\.$/.exec(String(input(alarm, "alarmDescription")))?.[1];

/** The sections below "Runbooks" of the document. */
function sections(): string[] {
  const text = readFileSync(join(root, "infra/README.md"), "utf8");
  const [, below = ""] = text.split(/^## Runbooks$/m);
  const [own = ""] = below.split(/^## /m);
  return [...own.matchAll(/^### (.+)$/gm)].map(([, title = ""]) => title);
}

/** Every alarm names a section that tells what to do, and there is no section without an alarm. */
export const alarmsHaveRunbooks: Rule = (graph) => {
  const written = sections();
  const used = new Set([
    ...alarms(graph).map(runbookOf),
    ...(budgets(graph).length > 0 ? ["Cost"] : []),
  ]);
  const all = graph.app.stage === "production" ? Object.keys(runbooks) : [];
  return [
    ...examine("alarm", alarms(graph), nameOf, (alarm) => {
      const runbook = runbookOf(alarm);
      return [(runbook === undefined || !written.includes(runbook)) && `no section "${runbook}"`];
    }),
    ...all.filter((one) => !used.has(one)).map((one) => `${one}: no alarm`),
    ...Object.keys(runbooks)
      .filter((one) => !written.includes(one))
      .map((one) => `${one}: no section`),
    ...written.filter((one) => !(one in runbooks)).map((one) => `${one}: a section of no alarm`),
  ];
};

/** Every function is watched for failing, for being refused, and for what it reports itself. */
export const functionsAreWatched: Rule = (graph) =>
  examine("function", functions(graph), nameOf, (each) =>
    (
      [
        ["Errors", "FunctionName"],
        ["Throttles", "FunctionName"],
        ["errorLines", "function"],
      ] as const
    ).map(
      ([metric, dimension]) =>
        !alarms(graph).some(
          (alarm) =>
            input(alarm, "metricName") === metric &&
            input(alarm, "dimensions", dimension) === input(each, "name"),
        ) && `nobody watches its ${metric}`,
    ),
  );

const telemetry = join(root, "packages/telemetry/src/metric-line.ts");

/** What alarms expect of our own log lines is what these carry. */
export const ownMetricsAreWritten: Rule = (graph) => {
  const source = readFileSync(telemetry, "utf8");
  return examine(
    "alarm on a metric of ours",
    alarms(graph).filter((alarm) => !String(input(alarm, "namespace")).startsWith("AWS/")),
    nameOf,
    (alarm) => [
      input(alarm, "namespace") !== METRIC_NAMESPACE && `watches ${input(alarm, "namespace")}`,
      !new RegExp(
        `field\\("${input(alarm, "metricName")}"|\\b${input(alarm, "metricName")}: \\{`,
      ).test(source) && `nobody writes ${input(alarm, "metricName")}`,
    ],
  );
};

/** What does not happen raises an alarm too: a tick that is gone says nothing. */
export const silenceIsHeard: Rule = (graph) =>
  examine(
    "alarm for a missing tick",
    alarms(graph).filter((alarm) => runbookOf(alarm) === "Tick missed"),
    nameOf,
    (alarm) => [
      input(alarm, "treatMissingData") !== "breaching" && "takes silence for health",
      input(alarm, "comparisonOperator") !== "LessThanThreshold" && "looks the wrong way",
      input(alarm, "metricName") !== "Invocations" && "watches something else",
      !functions(graph).some(
        (each) =>
          each.name.startsWith("Tick") &&
          input(alarm, "dimensions", "FunctionName") === input(each, "name"),
      ) && "watches another function",
    ],
  );

/** One page shows every function and every queue that work waits in. */
export const dashboardShowsAll: Rule = (graph) =>
  examine("dashboard", ofType(graph, "aws:cloudwatch/dashboard:Dashboard"), nameOf, (dashboard) => {
    const body = String(input(dashboard, "dashboardBody"));
    const widgets = list(at(JSON.parse(body), "widgets"));
    return [
      widgets.length === 0 && "is empty",
      ...widgets.map(
        (widget) =>
          list(at(widget, "properties", "metrics")).length === 0 &&
          `${at(widget, "properties", "title")} shows nothing`,
      ),
      ...[
        ...functions(graph),
        ...queues(graph).filter(({ name }) => !/DeadLetters/.test(name)),
      ].map((each) => !body.includes(`"${input(each, "name")}"`) && `does not show ${each.name}`),
    ];
  });

/** A stage says when it costs too much before the month is over. */
export const costIsBounded: Rule = (graph) =>
  examine("budget", budgets(graph), nameOf, (budget) => [
    !(Number(input(budget, "limitAmount")) > 0) && "no limit",
    input(budget, "timeUnit") !== "MONTHLY" && "not by the month",
    !JSON.stringify(input(budget, "costFilters")).includes(`sst:stage$${graph.app.stage}`) &&
      "counts other stages",
    !list(input(budget, "notifications")).some(
      (one) => at(one, "notificationType") === "FORECASTED",
    ) && "tells afterwards only",
  ]);

/** Each function writes traces, and may. */
export const tracesAreWritten: Rule = (graph) =>
  examine("function", functions(graph), nameOf, (each) => {
    const role = named(roles(graph), input(each, "role"));
    return [
      input(each, "tracingConfig", "mode") !== "Active" && "is not traced",
      !(role ? grants(role) : []).some(({ Action }) => Action.includes("xray:PutTraceSegments")) &&
        "may not write traces",
    ];
  });

/** The API refuses what would be too much before it reaches a function, and writes down who asked for what. */
export const apiIsBounded: Rule = (graph) => [
  ...examine("API stage", ofType(graph, "aws:apigatewayv2/stage:Stage"), nameOf, (stage) => [
    !(number(input(stage, "defaultRouteSettings", "throttlingRateLimit")) <= 5000) && "no rate",
    !(number(input(stage, "defaultRouteSettings", "throttlingBurstLimit")) <= 5000) && "no burst",
    !String(input(stage, "accessLogSettings", "destinationArn")).includes(":logs:") &&
      "no access log",
  ]),
  ...examine("API", ofType(graph, "aws:apigatewayv2/api:Api"), nameOf, (api) => [
    input(api, "corsConfiguration", "allowOrigins") !== undefined && "answers for the functions",
  ]),
  ...examine(
    "function in front",
    functions(graph).filter(({ name }) => /^Http/.test(name)),
    nameOf,
    (each) => {
      const origins = input(each, "environment", "variables", "ALLOWED_ORIGINS");
      return [
        origins === undefined && "knows no origins",
        String(origins).includes("*") && "lets every origin call it",
      ];
    },
  ),
];

/** A full queue leaves the rest of the account's concurrency alone. */
export const burstsAreBounded: Rule = (graph) =>
  examine(
    "queue consumer",
    mappings(graph).filter((one) => String(input(one, "eventSourceArn")).includes(":sqs:")),
    nameOf,
    (mapping) => {
      const most = number(input(mapping, "scalingConfig", "maximumConcurrency"));
      return [!(most >= 2 && most <= 100) && "takes as much concurrency as there is"];
    },
  );

/** In production the table is copied every day into a vault that nobody empties early. */
export const backupsAreKept: Rule = (graph) => {
  const selections = ofType(graph, "aws:backup/selection:Selection");
  const tables = ofType(graph, "aws:dynamodb/table:Table");
  if (graph.app.stage !== "production") {
    return selections.length === 0 ? [] : ["backups of what is not production"];
  }
  return [
    ...examine("table", tables, nameOf, (table) => [
      !selections.some((each) =>
        list(input(each, "resources")).some((arn) => named([table], arn)),
      ) && "is not copied",
    ]),
    ...examine("backup plan", ofType(graph, "aws:backup/plan:Plan"), nameOf, (plan) => [
      ...list(input(plan, "rules")).map(
        (rule) =>
          !(number(at(rule, "lifecycle", "deleteAfter")) >= 35) &&
          `${at(rule, "ruleName")} forgets`,
      ),
      !list(input(plan, "rules")).some((rule) =>
        /\* \* \? \*\)$/.test(String(at(rule, "schedule"))),
      ) && "not every day",
    ]),
    ...examine("vault", ofType(graph, "aws:backup/vault:Vault"), nameOf, (vault) => [
      vault.retainOnDelete !== true && "goes with the stack",
      input(vault, "forceDestroy") === true && "may be emptied",
      !ofType(graph, "aws:backup/vaultLockConfiguration:VaultLockConfiguration").some(
        (lock) => number(input(lock, "minRetentionDays")) >= 7,
      ) && "is not locked",
    ]),
  ];
};
