import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { mintIds, type TenantId } from "@concord/core/id";
import { connectTable, openSystemStore, openTenantStore } from "@concord/storage";
import { z } from "zod";
import { sqsCycleQueue } from "../cycle/sqs-cycle-queue.ts";
import { runTick } from "./run-tick.ts";
import { timerHandlers } from "./timer-handlers.ts";

const env = z
  .object({ TABLE_NAME: z.string().min(1), CYCLE_CHUNKS_QUEUE_URL: z.url() })
  .parse(process.env);

const table = connectTable(new DynamoDBClient({}), {
  name: env.TABLE_NAME,
  sleep,
  random: Math.random,
});

const handlers = timerHandlers({
  contextOf: (tenantId: TenantId, now: Date) => ({
    actor: { kind: "system", name: "schedule" },
    store: openTenantStore(table, tenantId),
    now,
    mint: mintIds(Date.now, Math.random),
  }),
  queue: sqsCycleQueue(new SQSClient({}), env.CYCLE_CHUNKS_QUEUE_URL),
});

export const handler = () =>
  runTick(
    {
      timers: openSystemStore(table).timers,
      handlers,
      log: (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
    },
    new Date(),
  );
