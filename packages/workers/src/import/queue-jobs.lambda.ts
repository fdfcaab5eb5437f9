import { SQSClient } from "@aws-sdk/client-sqs";
import { tenantIdOf } from "@concord/storage";
import { z } from "zod";
import { fromQueue } from "../change-feed/from-queue.ts";
import { log, openDeployment } from "../entry-point.ts";
import { queueJobs } from "./queue-jobs.ts";
import { sqsImportQueue } from "./sqs-import-queue.ts";

const env = z
  .object({ TABLE_NAME: z.string().min(1), IMPORTS_QUEUE_URL: z.url() })
  .parse(process.env);

const contextOf = openDeployment(env.TABLE_NAME).contextOf("stream");
const queue = sqsImportQueue(new SQSClient({}), env.IMPORTS_QUEUE_URL);

const consume = (batch: unknown) =>
  queueJobs({ contextOf, tenantOf: tenantIdOf, queue, log }, batch);

export const handler = (delivery: unknown) => fromQueue({ log, consume }, delivery);
