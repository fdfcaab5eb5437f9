import { isDeepStrictEqual } from "node:util";
import { UPLOADS_PREFIX } from "../../../packages/core/src/import/upload-key.ts";
import { tableDefinition } from "../../../packages/storage/src/table.ts";
import { at, examine, grants, input, list, nameOf, ofType, type Rule, roles } from "./graph.ts";

const tables = "aws:dynamodb/table:Table";

/** Keys, indexes, expiry and stream are those of the storage package, which the local runtime uses too. */
export const tableIsTheDefinition: Rule = (graph) => {
  const { keys, indexes, timeToLive, streamView } = tableDefinition;
  const expected = {
    hashKey: keys.partition,
    rangeKey: keys.sort,
    indexes: Object.entries(indexes).map(([name, { partition, sort }]) => ({
      name,
      hashKey: partition,
      rangeKey: sort,
      projectionType: "ALL",
    })),
    attributes: [keys, ...Object.values(indexes)]
      .flatMap(({ partition, sort }) => [partition, sort])
      .map((name) => ({ name, type: "S" })),
    ttl: { attributeName: timeToLive, enabled: true },
    streamEnabled: true,
    streamViewType: streamView,
    billingMode: "PAY_PER_REQUEST",
  };
  const found = ofType(graph, tables);
  return [
    ...examine("table", found, nameOf, (table) =>
      Object.entries(expected).map(([what, value]) => {
        const actual = input(table, what === "indexes" ? "globalSecondaryIndexes" : what);
        return (
          !isDeepStrictEqual(actual, value) &&
          `${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(value)}`
        );
      }),
    ),
    ...(found.length > 1 ? ["more than one table"] : []),
  ];
};

/** Every stage can go back in time; in production nothing with data in it can be deleted by a deployment. */
export const dataIsKept: Rule = (graph) => {
  const production = graph.app.stage === "production";
  const isProtected = production || graph.app.stage === "staging";
  return [
    ...(graph.app.removal === (production ? "retain" : "remove") ? [] : ["app: wrong removal"]),
    ...(graph.app.protect === isProtected ? [] : ["app: wrong protection"]),
    ...examine("table", ofType(graph, tables), nameOf, (table) => [
      input(table, "pointInTimeRecovery", "enabled") !== true && "no point-in-time recovery",
      input(table, "deletionProtectionEnabled") !== production && "wrong deletion protection",
      table.retainOnDelete !== production && "wrong retention",
    ]),
    ...examine("bucket", ofType(graph, "aws:s3/bucket:Bucket"), nameOf, (bucket) => [
      bucket.retainOnDelete !== production && "wrong retention",
      input(bucket, "forceDestroy") === production && "wrong emptying on removal",
    ]),
  ];
};

/** How long the objects of each folder of the bucket live. */
const KEPT_DAYS = { [UPLOADS_PREFIX]: 30, "exports/": 7 };

/** The folder that uploads are signed into is the one that is listened to, and emptied when they were read. */
export const uploadsAreFound: Rule = (graph) => [
  ...examine(
    "lifecycle",
    ofType(graph, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"),
    nameOf,
    (lifecycle) =>
      Object.entries(KEPT_DAYS).map(
        ([prefix, days]) =>
          !list(input(lifecycle, "rules")).some(
            (rule) =>
              at(rule, "filter", "prefix") === prefix && at(rule, "expiration", "days") === days,
          ) && `objects of ${prefix} stay`,
      ),
  ),
  ...examine(
    "notification",
    ofType(graph, "aws:s3/bucketNotification:BucketNotification"),
    nameOf,
    (notification) => [
      input(notification, "queues", 0, "filterPrefix") !== UPLOADS_PREFIX && "listens elsewhere",
      input(notification, "queues", 0, "events", 0) !== "s3:ObjectCreated:*" &&
        "listens to something else",
    ],
  ),
  ...examine(
    "grant on objects",
    roles(graph)
      .flatMap(grants)
      .filter(({ Action }) => Action.some((each) => /^s3:/.test(each))),
    ({ Action }) => Action.join(),
    ({ Resource }) =>
      Resource.map(
        (arn) =>
          !Object.keys(KEPT_DAYS).some((prefix) => arn.endsWith(`/${prefix}*`)) && `reaches ${arn}`,
      ),
  ),
];

const holes =
  /.{0,60}(undefined|\[object Object\]|Calling \[toString\]|__pulumiUnknown|04da6b54-80e4-46f7-96ec-b56ff0331ba9).{0,20}/;

/** Nothing was left unknown, and no text was made of something that is not a text. */
export const graphIsComplete: Rule = (graph) => [
  ...graph.errors,
  ...examine("resource", graph.resources, nameOf, ({ inputs }) => {
    const { __provider, ...own } = inputs;
    const [hole] = holes.exec(JSON.stringify(own)) ?? [];
    return [hole !== undefined && `a hole: ${hole}`];
  }),
];
