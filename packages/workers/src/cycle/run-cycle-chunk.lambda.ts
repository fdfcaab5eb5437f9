import { SQSClient } from "@aws-sdk/client-sqs";
import { repairRollup } from "@concord/core/opportunity";
import { z } from "zod";
import { log, openDeployment } from "../entry-point.ts";
import { runCycleChunk } from "./run-cycle-chunk.ts";
import { sqsCycleQueue } from "./sqs-cycle-queue.ts";

const env = z
  .object({ TABLE_NAME: z.string().min(1), CYCLE_CHUNKS_QUEUE_URL: z.url() })
  .parse(process.env);

const contextOf = openDeployment(env.TABLE_NAME).contextOf("queue");
const queue = sqsCycleQueue(new SQSClient({}), env.CYCLE_CHUNKS_QUEUE_URL);

export const handler = (batch: unknown) =>
  runCycleChunk(
    {
      contextOf,
      queue,
      repairRollup: async (tenantId, partnerId) => {
        await repairRollup(contextOf(tenantId), partnerId);
      },
      log,
    },
    batch,
  );
