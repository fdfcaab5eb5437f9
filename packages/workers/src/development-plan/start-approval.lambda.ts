import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SFNClient } from "@aws-sdk/client-sfn";
import { mintIds } from "@concord/core/id";
import { connectTable, openTenantStore, tenantIdOf } from "@concord/storage";
import { z } from "zod";
import { conductApproval } from "./conduct-approval.ts";
import { sfnWorkflow } from "./sfn-workflow.ts";
import { tokenVault, VaultKey } from "./token-vault.ts";

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    PLAN_APPROVAL_ARN: z.string().min(1),
    STEP_TOKEN_KEY: VaultKey,
  })
  .parse(process.env);

const table = connectTable(new DynamoDBClient({}), {
  name: env.TABLE_NAME,
  sleep,
  random: Math.random,
});
const workflow = sfnWorkflow(new SFNClient({}), env.PLAN_APPROVAL_ARN);
const vault = tokenVault(env.STEP_TOKEN_KEY);

export const handler = (batch: unknown) =>
  conductApproval(
    {
      contextOf: (tenantId) => ({
        actor: { kind: "system", name: "stream" },
        store: openTenantStore(table, tenantId),
        now: new Date(),
        mint: mintIds(Date.now, Math.random),
      }),
      tenantOf: tenantIdOf,
      workflow,
      vault,
      log: (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
    },
    batch,
  );
