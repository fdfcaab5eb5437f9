import { SQSClient } from "@aws-sdk/client-sqs";
import { tenantIdOf } from "@concord/storage";
import { z } from "zod";
import { log } from "../entry-point.ts";
import { queueJobs } from "./queue-jobs.ts";
import { sqsImportQueue } from "./sqs-import-queue.ts";

const env = z.object({ IMPORTS_QUEUE_URL: z.url() }).parse(process.env);
const queue = sqsImportQueue(new SQSClient({}), env.IMPORTS_QUEUE_URL);

export const handler = (batch: unknown) => queueJobs({ tenantOf: tenantIdOf, queue, log }, batch);
