import { type Permission, sendTo } from "./access.ts";
import { behindAlarm } from "./alarms.ts";
import { type FunctionArgs, functionArgs } from "./function-defaults.ts";
import { deadLetters } from "./queue.ts";

type ChangeReader = FunctionArgs & {
  permissions: Permission[];
  /** The `entity` of the rows that concern it. */
  entities: readonly string[];
  events: readonly ("INSERT" | "MODIFY" | "REMOVE")[];
};

/**
 * A function that reads the change feed of the table. The defaults of Lambda skip what was written before the deployment
 * and retry a poisoned record until it is a day old, with everything behind it waiting.
 */
export function readChanges(name: string, table: sst.aws.Dynamo, reader: ChangeReader): void {
  const dead = deadLetters(name);
  const { entities, events, permissions, ...rest } = reader;
  const subscriber = table.subscribe(
    name,
    functionArgs({ ...rest, timeout: "60 seconds", permissions: [...permissions, sendTo(dead)] }),
    {
      filters: [
        { eventName: [...events], dynamodb: { NewImage: { entity: { S: [...entities] } } } },
      ],
      transform: {
        eventSourceMapping: (mapping) => {
          mapping.startingPosition = "TRIM_HORIZON";
          mapping.batchSize = 100;
          mapping.bisectBatchOnFunctionError = true;
          mapping.maximumRetryAttempts = 10;
          mapping.maximumRecordAgeInSeconds = 6 * 3600;
          mapping.functionResponseTypes = ["ReportBatchItemFailures"];
          mapping.destinationConfig = { onFailure: { destinationArn: dead.arn } };
        },
      },
    },
  );
  behindAlarm(
    name,
    subscriber.apply(({ nodes }) => nodes.function).apply(({ name: functionName }) => functionName),
  );
}
