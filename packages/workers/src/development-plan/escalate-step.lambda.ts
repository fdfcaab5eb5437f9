import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { mintIds } from "@concord/core/id";
import { connectTable, openTenantStore } from "@concord/storage";
import { z } from "zod";
import { escalateStep } from "./escalate-step.ts";

const env = z.object({ TABLE_NAME: z.string().min(1) }).parse(process.env);

const table = connectTable(new DynamoDBClient({}), {
  name: env.TABLE_NAME,
  sleep,
  random: Math.random,
});

export const handler = (payload: unknown) =>
  escalateStep(
    {
      contextOf: (tenantId) => ({
        actor: { kind: "system", name: "workflow" },
        store: openTenantStore(table, tenantId),
        now: new Date(),
        mint: mintIds(Date.now, Math.random),
      }),
    },
    payload,
  );
