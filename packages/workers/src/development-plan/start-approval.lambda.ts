import { SFNClient } from "@aws-sdk/client-sfn";
import { openVault, VaultKey } from "@concord/core/vault";
import { tenantIdOf } from "@concord/storage";
import { z } from "zod";
import { fromQueue } from "../change-feed/from-queue.ts";
import { log, openDeployment } from "../entry-point.ts";
import { conductApproval } from "./conduct-approval.ts";
import { sfnWorkflow } from "./sfn-workflow.ts";

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    PLAN_APPROVAL_ARN: z.string().min(1),
    STEP_TOKEN_KEY: VaultKey,
  })
  .parse(process.env);

const contextOf = openDeployment(env.TABLE_NAME).contextOf("stream");
const workflow = sfnWorkflow(new SFNClient({}), env.PLAN_APPROVAL_ARN);
const vault = openVault(env.STEP_TOKEN_KEY);

const consume = (batch: unknown) =>
  conductApproval({ contextOf, tenantOf: tenantIdOf, workflow, vault, log }, batch);

export const handler = (delivery: unknown) => fromQueue({ log, consume }, delivery);
