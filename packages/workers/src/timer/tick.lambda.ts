import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { AuditSigningKey, headSigner } from "@concord/core/audit";
import { z } from "zod";
import { sqsCycleQueue } from "../cycle/sqs-cycle-queue.ts";
import { log, openDeployment } from "../entry-point.ts";
import { s3ExportFiles } from "../tenant-export/s3-export-files.ts";
import { runTick } from "./run-tick.ts";
import { timerHandlers } from "./timer-handlers.ts";

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    CYCLE_CHUNKS_QUEUE_URL: z.url(),
    /** A private JWK as JSON. */
    AUDIT_KEY: z.string().transform((text) => AuditSigningKey.parse(JSON.parse(text))),
    UPLOADS_BUCKET: z.string().min(1),
  })
  .parse(process.env);

const deployment = openDeployment(env.TABLE_NAME);
const { erasures, people, personErasures, timers } = deployment.system;
const handlers = timerHandlers({
  contextOf: deployment.contextOf("schedule"),
  ...{ erasures, people, personErasures },
  files: s3ExportFiles(new S3Client({}), env.UPLOADS_BUCKET),
  wallNow: Date.now,
  queue: sqsCycleQueue(new SQSClient({}), env.CYCLE_CHUNKS_QUEUE_URL),
  sign: headSigner(env.AUDIT_KEY),
  log,
});

export const handler = () => runTick({ timers, handlers, log }, new Date());
