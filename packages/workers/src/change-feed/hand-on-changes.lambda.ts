import { SQSClient } from "@aws-sdk/client-sqs";
import { z } from "zod";
import { log } from "../entry-point.ts";
import { ChangeRoute, handOnChanges } from "./hand-on-changes.ts";
import { sqsChangeQueue } from "./sqs-change-queue.ts";

const { CHANGE_ROUTES } = z
  .object({
    /** Who wants what, and where it is put, as a JSON array. */
    CHANGE_ROUTES: z.string().transform((text) =>
      z
        .array(ChangeRoute.extend({ queueUrl: z.url() }))
        .min(1)
        .parse(JSON.parse(text)),
    ),
  })
  .parse(process.env);

const sqs = new SQSClient({});
const routes = CHANGE_ROUTES.map(({ queueUrl, ...route }) => ({
  route,
  queue: sqsChangeQueue(sqs, queueUrl),
}));

export const handler = (batch: unknown) => handOnChanges({ routes, log }, batch);
