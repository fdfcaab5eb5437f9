import { sendTo } from "./access.ts";
import { behindAlarm, functionAlarms } from "./alarms.ts";
import { type ChangeConsumerName, changeConsumers } from "./change-feed.ts";
import { functionArgs } from "./function-defaults.ts";
import { handlers } from "./handlers.ts";
import { deadLetters } from "./queue.ts";

const events = ["INSERT", "MODIFY"] as const;

/** What passes the stream's filters: of each kind of event the rows that anybody wants. */
const filters = events.map((event) => ({
  eventName: [event],
  dynamodb: {
    NewImage: {
      entity: {
        S: [
          ...new Set(
            Object.values(changeConsumers)
              .filter((consumer) => (consumer.events as string[]).includes(event))
              .flatMap(({ entities }) => entities),
          ),
        ],
      },
    },
  },
}));

/**
 * The one function that reads the change feed of the table; it hands on to queues and has no right to the table's rows. The
 * defaults of Lambda skip what was written before the deployment and retry a poisoned record until it is a day old, with
 * everything behind it waiting.
 * @returns the name of the function
 */
export function readChanges(
  table: sst.aws.Dynamo,
  queues: Record<ChangeConsumerName, sst.aws.Queue>,
): $util.Output<string> {
  const name = "HandOnChanges";
  const dead = deadLetters(name);
  const routes = Object.entries(changeConsumers).map(([consumer, route]) => ({
    ...route,
    queueUrl: queues[consumer as ChangeConsumerName].url,
  }));
  const subscriber = table.subscribe(
    name,
    functionArgs({
      handler: handlers.handOnChanges,
      description: "Hands the changes of the table on to those whom they concern",
      timeout: "60 seconds",
      environment: { CHANGE_ROUTES: $util.jsonStringify(routes) },
      permissions: [...Object.values(queues).map(sendTo), sendTo(dead)],
    }),
    {
      filters,
      transform: {
        eventSourceMapping: (mapping) => {
          mapping.startingPosition = "TRIM_HORIZON";
          mapping.batchSize = 200;
          mapping.maximumBatchingWindowInSeconds = 1;
          mapping.bisectBatchOnFunctionError = true;
          mapping.maximumRetryAttempts = 10;
          mapping.maximumRecordAgeInSeconds = 6 * 3600;
          mapping.functionResponseTypes = ["ReportBatchItemFailures"];
          mapping.destinationConfig = { onFailure: { destinationArn: dead.arn } };
        },
      },
    },
  );
  const functionName = subscriber
    .apply(({ nodes }) => nodes.function)
    .apply(({ name: made }) => made);
  behindAlarm(name, functionName);
  functionAlarms(name, functionName);
  return functionName;
}
