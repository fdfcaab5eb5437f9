import { SFNClient } from "@aws-sdk/client-sfn";
import { z } from "zod";
import { log, openDeployment } from "../entry-point.ts";
import { reconcileApprovals } from "./reconcile-approvals.ts";
import { sfnWorkflow } from "./sfn-workflow.ts";

const env = z
  .object({ TABLE_NAME: z.string().min(1), PLAN_APPROVAL_ARN: z.string().min(1) })
  .parse(process.env);

const deployment = openDeployment(env.TABLE_NAME);
const { tenants } = deployment.system;
const contextOf = deployment.contextOf("schedule");
const workflow = sfnWorkflow(new SFNClient({}), env.PLAN_APPROVAL_ARN);

export const handler = () => reconcileApprovals({ tenants, contextOf, workflow, log });
