import { auditedEntities, auditSourceOf, tenantIdOf } from "@concord/storage";
import { z } from "zod";
import { fromQueue } from "../change-feed/from-queue.ts";
import { log, openDeployment } from "../entry-point.ts";
import { changeRecorder } from "./record-changes.ts";

const env = z.object({ TABLE_NAME: z.string().min(1) }).parse(process.env);
const deployment = openDeployment(env.TABLE_NAME);

const consume = changeRecorder({
  contextOf: deployment.contextOf("stream"),
  setTimer: deployment.system.timers.set,
  tenantOf: tenantIdOf,
  sourceOf: auditSourceOf,
  entities: auditedEntities,
  log,
});

export const handler = (delivery: unknown) => fromQueue({ log, consume }, delivery);
