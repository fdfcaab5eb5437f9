import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { mintIds } from "@concord/core/id";
import { connectTable, openSystemStore, openTenantStore, tenantIdOf } from "@concord/storage";
import { z } from "zod";
import { projectRankingChanges } from "./project-ranking.ts";

const { TABLE_NAME } = z.object({ TABLE_NAME: z.string().min(1) }).parse(process.env);

const table = connectTable(new DynamoDBClient({}), {
  name: TABLE_NAME,
  sleep,
  random: Math.random,
});
const { timers } = openSystemStore(table);

export const handler = (batch: unknown) =>
  projectRankingChanges(
    {
      contextOf: (tenantId) => ({
        actor: { kind: "system", name: "stream" },
        store: openTenantStore(table, tenantId),
        now: new Date(),
        mint: mintIds(Date.now, Math.random),
      }),
      tenantOf: tenantIdOf,
      setTimer: timers.set,
      log: (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
    },
    batch,
  );
