import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SFNClient } from "@aws-sdk/client-sfn";
import { mintIds } from "@concord/core/id";
import { connectTable, openTenantStore } from "@concord/storage";
import { z } from "zod";
import { registerStep } from "./register-step.ts";
import { sfnAnswers } from "./sfn-workflow.ts";
import { tokenVault, VaultKey } from "./token-vault.ts";

const env = z
  .object({ TABLE_NAME: z.string().min(1), STEP_TOKEN_KEY: VaultKey })
  .parse(process.env);

const table = connectTable(new DynamoDBClient({}), {
  name: env.TABLE_NAME,
  sleep,
  random: Math.random,
});
const workflow = sfnAnswers(new SFNClient({}));
const vault = tokenVault(env.STEP_TOKEN_KEY);

export const handler = (payload: unknown) =>
  registerStep(
    {
      contextOf: (tenantId) => ({
        actor: { kind: "system", name: "workflow" },
        store: openTenantStore(table, tenantId),
        now: new Date(),
        mint: mintIds(Date.now, Math.random),
      }),
      vault,
      workflow,
    },
    payload,
  );
