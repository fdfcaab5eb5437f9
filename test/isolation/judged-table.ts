import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { isAllowed } from "@concord/local/testing";
import { connectTable, type SessionCredentials, type Table } from "@concord/storage";
import type { Policy } from "../../infra/tenant-role.ts";

/** One permission that a request needs: a transaction and a batch need one for each part. */
export interface Need {
  readonly action: string;
  readonly resource: string;
  readonly leadingKeys: readonly string[];
}

type Wire = Readonly<Record<string, unknown>>;
const ARN = "arn:aws:dynamodb:eu-central-1:123456789012:table";
/** Of the table that the engine keeps under this name. */
export const arnOf = (tableName: unknown): string => `${ARN}/${String(tableName)}`;

const partitionOf = (attributes: unknown): string =>
  String((attributes as Record<string, Wire> | undefined)?.["pk"]?.["S"]);

const partVerbs: Readonly<Record<string, readonly [verb: string, of: "Key" | "Item"]>> = {
  Put: ["PutItem", "Item"],
  Update: ["UpdateItem", "Key"],
  Delete: ["DeleteItem", "Key"],
  ConditionCheck: ["ConditionCheckItem", "Key"],
};

/** What DynamoDB would ask IAM for, read from the request as it goes over the wire. */
export function needsOf(operation: string, body: Wire): readonly Need[] {
  const need = (verb: string, table: unknown, leadingKeys: readonly string[], index?: unknown) => ({
    action: `dynamodb:${verb}`,
    resource: index === undefined ? arnOf(table) : `${arnOf(table)}/index/${String(index)}`,
    leadingKeys,
  });
  const table = body["TableName"];
  switch (operation) {
    case "GetItem":
    case "UpdateItem":
    case "DeleteItem":
      return [need(operation, table, [partitionOf(body["Key"])])];
    case "PutItem":
      return [need(operation, table, [partitionOf(body["Item"])])];
    case "BatchGetItem":
      return Object.entries(body["RequestItems"] as Record<string, { Keys: unknown[] }>).map(
        ([name, { Keys }]) => need(operation, name, Keys.map(partitionOf)),
      );
    case "Query": {
      const [, value = ""] = /^#pk = (:\w+)/.exec(String(body["KeyConditionExpression"])) ?? [];
      const values = body["ExpressionAttributeValues"] as Record<string, Wire>;
      return [need(operation, table, [String(values[value]?.["S"])], body["IndexName"])];
    }
    case "TransactWriteItems":
      return (body["TransactItems"] as Record<string, Wire>[]).flatMap((part) =>
        Object.entries(part).map(([kind, write]) => {
          const [verb, of] = partVerbs[kind] ?? [kind, "Key"];
          return need(verb, write["TableName"], [partitionOf(write[of])]);
        }),
      );
    default:
      return [need(operation, table, [])];
  }
}

/**
 * The table behind a connection that is judged, request for request, as AWS would: by the policy and by
 * the tags of the session that signs it. Whatever is let through is told to `passed`.
 */
export function judgedTable(options: {
  readonly endpoint: string;
  readonly name: string;
  /** Without one everything may pass. */
  readonly policy?: ((tableArn: string) => Policy) | undefined;
  readonly credentials: () => Promise<SessionCredentials>;
  readonly passed?: (needs: readonly Need[]) => void;
  /** Waited for before each request and after it. */
  readonly pause?: () => Promise<void>;
}): Table {
  const { endpoint, name, policy, credentials, passed, pause } = options;
  const client = new DynamoDBClient({ endpoint, region: "eu-central-1", credentials });
  client.middlewareStack.add(
    (next) => async (args) => {
      const { headers, body } = args.request as { headers: Record<string, string>; body: unknown };
      const operation = (headers["x-amz-target"] ?? "").split(".").at(-1) ?? "";
      const needs = needsOf(
        operation,
        JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body as Uint8Array)),
      );
      const { sessionToken } = await credentials();
      const principalTags = JSON.parse(sessionToken) as Record<string, string>;
      const isFine = needs.every(
        ({ action, resource, leadingKeys }) =>
          !policy ||
          isAllowed(policy(arnOf(name)), {
            action,
            resource,
            context: { "dynamodb:LeadingKeys": leadingKeys },
            principalTags,
          }),
      );
      if (!isFine) {
        const denied = new Error("the principal is not authorized to perform this action");
        throw Object.assign(denied, { name: "AccessDeniedException", $metadata: {} });
      }
      passed?.(needs);
      await pause?.();
      const answer = await next(args);
      await pause?.();
      return answer;
    },
    { step: "build", name: "judge" },
  );
  return connectTable(client, { name, sleep: () => Promise.resolve(), random: () => 0.5 });
}
