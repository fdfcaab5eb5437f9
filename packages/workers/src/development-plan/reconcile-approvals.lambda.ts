import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SFNClient } from "@aws-sdk/client-sfn";
import { mintIds } from "@concord/core/id";
import { connectTable, openSystemStore, openTenantStore } from "@concord/storage";
import { z } from "zod";
import { reconcileApprovals } from "./reconcile-approvals.ts";
import { sfnWorkflow } from "./sfn-workflow.ts";

const env = z
  .object({ TABLE_NAME: z.string().min(1), PLAN_APPROVAL_ARN: z.string().min(1) })
  .parse(process.env);

const table = connectTable(new DynamoDBClient({}), {
  name: env.TABLE_NAME,
  sleep,
  random: Math.random,
});
const workflow = sfnWorkflow(new SFNClient({}), env.PLAN_APPROVAL_ARN);

export const handler = () =>
  reconcileApprovals({
    tenants: openSystemStore(table).tenants,
    contextOf: (tenantId) => ({
      actor: { kind: "system", name: "schedule" },
      store: openTenantStore(table, tenantId),
      now: new Date(),
      mint: mintIds(Date.now, Math.random),
    }),
    workflow,
    log: (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
  });
