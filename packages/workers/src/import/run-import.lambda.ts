import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { z } from "zod";
import { log, openDeployment } from "../entry-point.ts";
import { runImports } from "./run-import.ts";
import { s3Object } from "./s3-object.ts";
import { sqsImportQueue } from "./sqs-import-queue.ts";

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    UPLOADS_BUCKET: z.string().min(1),
    IMPORTS_QUEUE_URL: z.url(),
  })
  .parse(process.env);

const contextOf = openDeployment(env.TABLE_NAME).contextOf("queue");
const s3 = new S3Client({});
const queue = sqsImportQueue(new SQSClient({}), env.IMPORTS_QUEUE_URL);

/** Enough to finish the chunks under way. */
const RESERVE_MS = 60_000;

export const handler = (batch: unknown, context: { getRemainingTimeInMillis(): number }) =>
  runImports(
    {
      contextOf,
      objectOf: (key) => s3Object(s3, env.UPLOADS_BUCKET, key),
      queue,
      wallNow: Date.now,
      shouldPause: () => context.getRemainingTimeInMillis() < RESERVE_MS,
      log,
    },
    batch,
  );
