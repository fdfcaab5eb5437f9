import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { mintIds, type TenantId } from "@concord/core/id";
import { repairRollup } from "@concord/core/opportunity";
import { connectTable, openTenantStore } from "@concord/storage";
import { z } from "zod";
import { runCycleChunk } from "./run-cycle-chunk.ts";
import { sqsCycleQueue } from "./sqs-cycle-queue.ts";

const env = z
  .object({ TABLE_NAME: z.string().min(1), CYCLE_CHUNKS_QUEUE_URL: z.url() })
  .parse(process.env);

const table = connectTable(new DynamoDBClient({}), {
  name: env.TABLE_NAME,
  sleep,
  random: Math.random,
});
const queue = sqsCycleQueue(new SQSClient({}), env.CYCLE_CHUNKS_QUEUE_URL);

const contextOf = (tenantId: TenantId) => ({
  actor: { kind: "system", name: "queue" } as const,
  store: openTenantStore(table, tenantId),
  now: new Date(),
  mint: mintIds(Date.now, Math.random),
});

export const handler = (batch: unknown) =>
  runCycleChunk(
    {
      contextOf,
      queue,
      repairRollup: async (tenantId, partnerId) => {
        await repairRollup(contextOf(tenantId), partnerId);
      },
      log: (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
    },
    batch,
  );
