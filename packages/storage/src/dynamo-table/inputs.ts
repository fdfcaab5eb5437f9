import type { TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { tableDefinition } from "../table.ts";
import type { Condition } from "./condition.ts";
import type { KeyQuery, Update, Write } from "./contract.ts";

export const conditionInput = ({ expression, names, values }: Condition) => ({
  ConditionExpression: expression,
  ...(names ? { ExpressionAttributeNames: { ...names } } : {}),
  ...(values ? { ExpressionAttributeValues: { ...values } } : {}),
});

/** An index is never read consistently: DynamoDB refuses it. */
export function queryInput({
  index,
  pk,
  sort,
  order = "ascending",
  limit,
  consistent = true,
  after,
}: KeyQuery) {
  const keys = index ? tableDefinition.indexes[index] : tableDefinition.keys;
  const bounds = boundsOf(sort);
  return {
    ...(index ? { IndexName: index } : {}),
    KeyConditionExpression: bounds ? `#pk = :pk AND ${bounds.expression}` : "#pk = :pk",
    ExpressionAttributeNames: {
      "#pk": keys.partition,
      ...(bounds ? { "#sk": keys.sort } : {}),
    },
    ExpressionAttributeValues: { ":pk": pk, ...bounds?.values },
    ScanIndexForward: order === "ascending",
    ConsistentRead: index === undefined && consistent,
    ...(limit === undefined ? {} : { Limit: limit }),
    ...(after === undefined ? {} : { ExclusiveStartKey: after }),
  };
}

function boundsOf(sort: KeyQuery["sort"]) {
  if (sort === undefined) return undefined;
  return "prefix" in sort
    ? { expression: "begins_with(#sk, :from)", values: { ":from": sort.prefix } }
    : {
        expression: "#sk BETWEEN :from AND :to",
        values: { ":from": sort.from, ":to": sort.to },
      };
}

/** Fails where the row bears the mark already: then this very update was applied before. */
export function updateInput({ set, add = {}, condition }: Omit<Update, "key">, changeId: string) {
  const values = { ...set, changeId, ...add };
  const assignments = [
    ...Object.keys({ ...set, changeId }).map((name) => `#${name} = :${name}`),
    ...Object.keys(add).map((name) => `#${name} = #${name} + :${name}`),
  ];
  return {
    UpdateExpression: `SET ${assignments.join(", ")}`,
    ConditionExpression: `(${condition.expression}) AND (attribute_not_exists(#changeId) OR #changeId <> :changeId)`,
    ExpressionAttributeNames: {
      ...condition.names,
      ...Object.fromEntries(Object.keys(values).map((name) => [`#${name}`, name])),
    },
    ExpressionAttributeValues: {
      ...condition.values,
      ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
    },
  };
}

type TransactItem = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

export function transactItem(TableName: string, write: Write): TransactItem {
  const condition = conditionInput(write.condition);
  if ("put" in write) return { Put: { TableName, Item: write.put, ...condition } };
  if ("update" in write) {
    const UpdateExpression = write.expression;
    return { Update: { TableName, Key: write.update, UpdateExpression, ...condition } };
  }
  if ("remove" in write) return { Delete: { TableName, Key: write.remove, ...condition } };
  return { ConditionCheck: { TableName, Key: write.check, ...condition } };
}
