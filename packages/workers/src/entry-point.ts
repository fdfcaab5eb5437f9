import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { mintIds } from "@concord/core/id";
import { connectTable, openSystemStore, type SystemStore, systemContexts } from "@concord/storage";
import { lineWriter } from "@concord/telemetry";

/** What the deployed functions start from; for `*.lambda.ts` alone. */
export interface Deployment {
  readonly system: SystemStore;
  /** Opens tenants for one of the system's own actors; the events of one opening name the same cause. */
  readonly contextOf: ReturnType<typeof systemContexts>;
}

export function openDeployment(tableName: string): Deployment {
  const table = connectTable(new DynamoDBClient({}), {
    name: tableName,
    sleep,
    random: Math.random,
  });
  const mint = mintIds(Date.now, Math.random);
  return {
    system: openSystemStore(table),
    contextOf: systemContexts({ table, now: () => new Date(), mint }),
  };
}

export const log = lineWriter({
  functionName: process.env["AWS_LAMBDA_FUNCTION_NAME"],
  now: Date.now,
  write: (text) => process.stdout.write(text),
});
