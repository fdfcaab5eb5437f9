import { DescribeTableCommand, DescribeTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { tableDefinition } from "@concord/storage/table";
import { describe, expect, it } from "vitest";
import { createTable } from "../engine/index.ts";
import { isJavaThere, testTable } from "./test-table.ts";

describe.each(isJavaThere() ? (["dynoxide", "dynamodb-local"] as const) : (["dynoxide"] as const))(
  "a test table on %s",
  (engine) => {
    it("has the deployed keys, indexes, stream and time to live", async () => {
      const { client, tableName } = await testTable({ engine });
      const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
      expect(Table?.KeySchema).toEqual([
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ]);
      const indexes = Table?.GlobalSecondaryIndexes?.map(
        ({ IndexName, KeySchema, Projection }) => ({
          name: IndexName,
          keys: KeySchema?.map(({ AttributeName }) => AttributeName),
          projection: Projection?.ProjectionType,
        }),
      );
      expect(indexes?.toSorted((a, b) => `${a.name}`.localeCompare(`${b.name}`))).toEqual([
        { name: "gsi1", keys: ["gsi1pk", "gsi1sk"], projection: "ALL" },
        { name: "gsi2", keys: ["gsi2pk", "gsi2sk"], projection: "ALL" },
      ]);
      expect(Table?.StreamSpecification).toEqual({
        StreamEnabled: true,
        StreamViewType: "NEW_AND_OLD_IMAGES",
      });
      const ttl = await client.send(new DescribeTimeToLiveCommand({ TableName: tableName }));
      expect(ttl.TimeToLiveDescription?.AttributeName).toBe("expiresAt");
    });

    it("shares no item with another test table", async () => {
      const one = await testTable({ engine });
      const other = await testTable({ engine });
      const Key = { pk: "T#a#P", sk: "A" };
      await one.documentClient.send(
        new PutCommand({ TableName: one.tableName, Item: { ...Key, name: "Northwind" } }),
      );
      const there = await one.documentClient.send(
        new GetCommand({ TableName: one.tableName, Key, ConsistentRead: true }),
      );
      const elsewhere = await other.documentClient.send(
        new GetCommand({ TableName: other.tableName, Key, ConsistentRead: true }),
      );
      expect(there.Item?.["name"]).toBe("Northwind");
      expect(elsewhere.Item).toBeUndefined();
    });

    it("creating it a second time changes nothing", async () => {
      const { client, documentClient, tableName } = await testTable({ engine });
      const Item = { pk: "T#a#P", sk: "A", left: undefined };
      await documentClient.send(new PutCommand({ TableName: tableName, Item }));
      await createTable(client, tableName, tableDefinition);
      const { Item: still } = await documentClient.send(
        new GetCommand({ TableName: tableName, Key: { pk: "T#a#P", sk: "A" } }),
      );
      expect(still).toEqual({ pk: "T#a#P", sk: "A" });
    });
  },
);
