import { SQSClient } from "@aws-sdk/client-sqs";
import { z } from "zod";
import { sqsCycleQueue } from "../cycle/sqs-cycle-queue.ts";
import { log, openDeployment } from "../entry-point.ts";
import { runTick } from "./run-tick.ts";
import { timerHandlers } from "./timer-handlers.ts";

const env = z
  .object({ TABLE_NAME: z.string().min(1), CYCLE_CHUNKS_QUEUE_URL: z.url() })
  .parse(process.env);

const deployment = openDeployment(env.TABLE_NAME);
const { timers } = deployment.system;
const handlers = timerHandlers({
  contextOf: deployment.contextOf("schedule"),
  queue: sqsCycleQueue(new SQSClient({}), env.CYCLE_CHUNKS_QUEUE_URL),
});

export const handler = () => runTick({ timers, handlers, log }, new Date());
