import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SystemActor } from "@concord/core/actor";
import type { RequestContext } from "@concord/core/context";
import { mintIds, type TenantId } from "@concord/core/id";
import {
  connectTable,
  openSystemStore,
  openTenantStore,
  type SystemStore,
  type TenantStore,
} from "@concord/storage";

/** What the deployed functions start from; for `*.lambda.ts` alone. */
export interface Deployment {
  readonly system: SystemStore;
  /** Opens tenants for one of the system's own actors; the events of one opening name the same cause. */
  contextOf(
    name: SystemActor["name"],
  ): (tenantId: TenantId, now?: Date) => RequestContext<TenantStore>;
}

export function openDeployment(tableName: string): Deployment {
  const table = connectTable(new DynamoDBClient({}), {
    name: tableName,
    sleep,
    random: Math.random,
  });
  const mint = mintIds(Date.now, Math.random);
  return {
    system: openSystemStore(table),
    contextOf:
      (name) =>
      (tenantId, now = new Date()) => ({
        actor: { kind: "system", name },
        store: openTenantStore(table, tenantId, { requestId: randomUUID() }),
        now,
        mint,
      }),
  };
}

/** One JSON line to where the platform collects them. */
export const log = (line: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};
