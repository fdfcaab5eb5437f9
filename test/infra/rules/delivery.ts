import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { changeConsumers } from "../../../infra/change-feed.ts";
import { handlers } from "../../../infra/handlers.ts";
import {
  at,
  examine,
  functions,
  type Graph,
  grants,
  input,
  list,
  mappings,
  mayDo,
  named,
  nameOf,
  number,
  ofType,
  queues,
  type Resource,
  type Rule,
  regionOf,
  roles,
  root,
  schedules,
} from "./graph.ts";

const isStream = (mapping: Resource) =>
  String(input(mapping, "eventSourceArn")).includes(":dynamodb:");
const isQueue = (mapping: Resource) => String(input(mapping, "eventSourceArn")).includes(":sqs:");
const consumerOf = (graph: Graph, mapping: Resource) =>
  named(functions(graph), input(mapping, "functionName"));
const redrive = (queue: Resource): unknown => {
  const policy = input(queue, "redrivePolicy");
  return typeof policy === "string" ? JSON.parse(policy) : {};
};
const bounded = (value: unknown, most: number) => number(value) >= 0 && number(value) <= most;

const answersInPart = (mapping: Resource) =>
  !list(input(mapping, "functionResponseTypes")).includes("ReportBatchItemFailures") &&
  "the whole batch fails with one of its records";

/** Failed work ends in a queue of its own, which is watched. */
function deadLetters(graph: Graph, arn: unknown): (string | false)[] {
  const queue = named(queues(graph), arn);
  if (!queue) return [`no dead-letter queue (${String(arn)})`];
  const isWatched = ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").some(
    (alarm) =>
      input(alarm, "metricName") === "ApproximateNumberOfMessagesVisible" &&
      input(alarm, "dimensions", "QueueName") === input(queue, "name"),
  );
  return [
    !isWatched && `nobody watches ${queue.name}`,
    input(queue, "messageRetentionSeconds") !== 1_209_600 && `${queue.name} forgets early`,
  ];
}

export const queuesAreSafe: Rule = (graph) => [
  ...examine("queue consumer", mappings(graph).filter(isQueue), nameOf, (mapping) => {
    const source = named(queues(graph), input(mapping, "eventSourceArn"));
    const consumer = consumerOf(graph, mapping);
    if (!source || !consumer) return ["its queue or its function is not in the graph"];
    return [
      answersInPart(mapping),
      ...deadLetters(graph, at(redrive(source), "deadLetterTargetArn")),
      !bounded(at(redrive(source), "maxReceiveCount"), 10) && "tried without end",
      number(input(source, "visibilityTimeoutSeconds")) < 6 * number(input(consumer, "timeout")) &&
        "a message is handed out again while it is worked on",
    ];
  }),
  ...examine(
    "work queue",
    queues(graph).filter(({ name }) => !name.includes("DeadLetters")),
    nameOf,
    (queue) => [
      !mappings(graph).some(
        (mapping) => named([queue], input(mapping, "eventSourceArn")) !== undefined,
      ) && "nobody reads it",
    ],
  ),
];

export const streamsAreSafe: Rule = (graph) =>
  examine("stream reader", mappings(graph).filter(isStream), nameOf, (mapping) => {
    const destination = input(mapping, "destinationConfig", "onFailure", "destinationArn");
    const consumer = consumerOf(graph, mapping);
    const isWatched = ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").some(
      (alarm) =>
        input(alarm, "metricName") === "IteratorAge" &&
        consumer !== undefined &&
        input(alarm, "dimensions", "FunctionName") === input(consumer, "name"),
    );
    return [
      answersInPart(mapping),
      ...deadLetters(graph, destination),
      !mayDo(
        consumer && named(roles(graph), input(consumer, "role")),
        "sqs:SendMessage",
        destination,
      ) && "may not write to its dead-letter queue",
      input(mapping, "bisectBatchOnFunctionError") !== true &&
        "a poisoned record takes its batch along",
      !bounded(input(mapping, "maximumRetryAttempts"), 20) && "tried without end",
      !bounded(input(mapping, "maximumRecordAgeInSeconds"), 12 * 3600) &&
        "records grow old without end",
      input(mapping, "startingPosition") !== "TRIM_HORIZON" &&
        "skips what was written before it was deployed",
      !isWatched && "nobody sees it fall behind",
    ];
  });

/** The row kinds that the filters of the stream let through. */
const entitiesOf = (mapping: Resource): string[] =>
  list(input(mapping, "filterCriteria", "filters")).flatMap((filter) =>
    list(at(JSON.parse(String(at(filter, "pattern"))), "dynamodb", "NewImage", "entity", "S")).map(
      String,
    ),
  );

/** A filter on a kind of row that nobody writes would silence its function without a word. */
export const filtersNameRows: Rule = (graph) => {
  const folder = join(root, "packages/storage/src");
  const names = new Set(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .flatMap((file) => [
        ...readFileSync(join(folder, file), "utf8").matchAll(/\b(?:name|entity): "(\w+)"/g),
      ])
      .map(([, name]) => name),
  );
  return examine("stream reader", mappings(graph).filter(isStream), nameOf, (mapping) => [
    entitiesOf(mapping).length === 0 && "reads every change of every row",
    ...entitiesOf(mapping).map((entity) => !names.has(entity) && `no row is a ${entity}`),
  ]);
};

/** More readers of a shard throttle each other; a replicated table has room for one. */
export const oneReaderOfChanges: Rule = (graph) => {
  const readers = mappings(graph).filter(isStream);
  return readers.length === 1 ? [] : [`${readers.length} functions read the change feed`];
};

/** Each change goes to the queue of every function that wants it: no consumer is forgotten, and none gets another's. */
export const changesAreRouted: Rule = (graph) =>
  examine("stream reader", mappings(graph).filter(isStream), nameOf, (mapping) => {
    const reader = consumerOf(graph, mapping);
    const text = reader && input(reader, "environment", "variables", "CHANGE_ROUTES");
    const routes = list(JSON.parse(String(text ?? "[]")));
    const wanted = Object.entries(changeConsumers);
    return [
      routes.length !== wanted.length && `${routes.length} routes for ${wanted.length} consumers`,
      ...wanted.flatMap(([name, consumer]) => {
        const queue = queues(graph).find((each) => each.name === `${name}Queue`);
        const route = routes.find(
          (each) => queue && named([queue], String(at(each, "queueUrl"))) !== undefined,
        );
        const { queueUrl: _, ...rest } = (route ?? {}) as Record<string, unknown>;
        const read = mappings(graph).find(
          (each) => queue && named([queue], input(each, "eventSourceArn")),
        );
        const target = read && consumerOf(graph, read);
        const build = graph.builds.find(
          ({ function: one }) => target && target.name === `${one}Function`,
        );
        return [
          !route && `nothing is handed on to ${name}`,
          route !== undefined && !isDeepStrictEqual(rest, consumer) && `${name} gets other rows`,
          build?.handler !== handlerOf(name) && `${name} is read by ${build?.handler}`,
          !mayDo(
            reader && named(roles(graph), input(reader, "role")),
            "sqs:SendMessage",
            queue && `arn:aws:sqs:${regionOf(graph)}:123456789012:${input(queue, "name")}`,
          ) && `may not hand on to ${name}`,
        ];
      }),
      ...(reader ? grants(named(roles(graph), input(reader, "role")) ?? reader) : []).map(
        ({ Action }) =>
          Action.some((one) =>
            /^dynamodb:(GetItem|PutItem|UpdateItem|DeleteItem|Query|BatchGetItem)$/.test(one),
          ) && "reaches the rows of the table",
      ),
    ];
  });

const handlerOf = (name: string): string | undefined =>
  (handlers as Record<string, string>)[`${name.charAt(0).toLowerCase()}${name.slice(1)}`];

export const schedulesAreSafe: Rule = (graph) =>
  examine("schedule", schedules(graph), nameOf, (schedule) => {
    const target = input(schedule, "target");
    const deadLetterArn = at(target, "deadLetterConfig", "arn");
    const role = named(roles(graph), at(target, "roleArn"));
    return [
      ...deadLetters(graph, deadLetterArn),
      !mayDo(role, "sqs:SendMessage", deadLetterArn) && "may not write to its dead-letter queue",
      !mayDo(role, "lambda:InvokeFunction", at(target, "arn")) && "may not invoke its function",
      named(functions(graph), at(target, "arn")) === undefined && "invokes nothing of ours",
      !bounded(at(target, "retryPolicy", "maximumRetryAttempts"), 10) && "tried without end",
      !bounded(at(target, "retryPolicy", "maximumEventAgeInSeconds"), 3600) && "tried without end",
      input(schedule, "state") !== "ENABLED" && "is switched off",
    ];
  });

/** The scheduler hands over and forgets: what fails afterwards is Lambda's to retry, and to keep. */
export const scheduledFailuresAreKept: Rule = (graph) =>
  examine("schedule", schedules(graph), nameOf, (schedule) => {
    const consumer = named(functions(graph), input(schedule, "target", "arn"));
    const config = ofType(
      graph,
      "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    ).find((each) => consumer && input(each, "functionName") === input(consumer, "name"));
    if (!consumer || !config) return ["nothing says what happens to a failure"];
    const destination = input(config, "destinationConfig", "onFailure", "destination");
    return [
      ...deadLetters(graph, destination),
      !mayDo(named(roles(graph), input(consumer, "role")), "sqs:SendMessage", destination) &&
        "may not write to its dead-letter queue",
      !bounded(input(config, "maximumRetryAttempts"), 2) && "tried without end",
      !bounded(input(config, "maximumEventAgeInSeconds"), 3600) && "tried without end",
    ];
  });

export const alarmsSayWhatToDo: Rule = (graph) =>
  examine("alarm", ofType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm"), nameOf, (alarm) => [
    String(input(alarm, "alarmDescription")).length < 60 && "says nothing",
  ]);
