import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { STSClient } from "@aws-sdk/client-sts";
import {
  connectTable,
  openRequestStores,
  type RequestStores,
  tenantTables,
} from "@concord/storage";
import { lineWriter } from "@concord/telemetry";
import { z } from "zod";
import { stsTenantRole } from "./auth/sts-tenant-role.ts";

/** Where the table is, and how a tenant of it is opened. */
export const TableEnvironment = z.object({
  TABLE_NAME: z.string().min(1),
  /** Where the stage gives each tenant's requests credentials of their own. */
  TENANT_ROLE_ARN: z.string().min(1).optional(),
});

export const log = lineWriter({
  functionName: process.env["AWS_LAMBDA_FUNCTION_NAME"],
  now: Date.now,
  write: (text) => process.stdout.write(text),
});

/** Opens the stores of each request, as the deployed functions of the API do; for `*.lambda.ts` alone. */
export function storesOfStage({
  TABLE_NAME,
  TENANT_ROLE_ARN,
}: z.infer<typeof TableEnvironment>): (request: { readonly requestId: string }) => RequestStores {
  const place = { name: TABLE_NAME, sleep, random: Math.random };
  const dynamo = new DynamoDBClient({});
  const table = connectTable(dynamo, place);
  if (TENANT_ROLE_ARN === undefined) return (request) => openRequestStores(table, request);
  // One set of sockets serves them all.
  const { requestHandler } = dynamo.config;
  const tableOf = tenantTables({
    assume: stsTenantRole(new STSClient({}), TENANT_ROLE_ARN),
    connect: (credentials) =>
      connectTable(new DynamoDBClient({ credentials, requestHandler }), place),
    now: Date.now,
  });
  return (request) => openRequestStores(table, { ...request, tableOf });
}
