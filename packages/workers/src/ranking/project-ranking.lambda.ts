import { tenantIdOf } from "@concord/storage";
import { z } from "zod";
import { fromQueue } from "../change-feed/from-queue.ts";
import { log, openDeployment } from "../entry-point.ts";
import { projectRankingChanges } from "./project-ranking.ts";

const { TABLE_NAME } = z.object({ TABLE_NAME: z.string().min(1) }).parse(process.env);
const deployment = openDeployment(TABLE_NAME);
const contextOf = deployment.contextOf("stream");
const setTimer = deployment.system.timers.set;

const consume = (batch: unknown) =>
  projectRankingChanges({ contextOf, tenantOf: tenantIdOf, setTimer, log }, batch);

export const handler = (delivery: unknown) => fromQueue({ log, consume }, delivery);
