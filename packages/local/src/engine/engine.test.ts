import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { tableDefinition } from "@concord/storage/table";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  connect,
  createTable,
  databaseFile,
  isRunning,
  startEngine,
  trimStreamHistory,
} from "./index.ts";
import { resolveEngine } from "./resolve-engine.ts";
import { spawnTied } from "./spawn-tied.ts";

const none = () => undefined;
const dynoxide = () => ({ kind: "dynoxide" as const, binary: "/opt/dynoxide" });
const dynamoDbLocal = () => ({ kind: "dynamodb-local" as const, java: "java", folder: "/opt/ddb" });

async function until(condition: () => boolean) {
  for (let polls = 0; polls < 500; polls += 1) {
    if (condition()) return true;
    await wait(10);
  }
  return false;
}

describe("the engine that is used", () => {
  const both = { dynoxide, "dynamodb-local": dynamoDbLocal };

  it.each([
    {
      name: "the given endpoint",
      wanted: { endpoint: "http://x:1" },
      find: both,
      kind: "endpoint",
    },
    { name: "dynoxide", wanted: {}, find: both, kind: "dynoxide" },
    {
      name: "DynamoDB Local without dynoxide",
      wanted: {},
      find: { ...both, dynoxide: none },
      kind: "dynamodb-local",
    },
    {
      name: "the one that is asked for",
      wanted: { kind: "dynamodb-local" as const },
      find: both,
      kind: "dynamodb-local",
    },
  ])("is $name", ({ wanted, find, kind }) => {
    expect(resolveEngine(wanted, find).kind).toBe(kind);
  });

  it("is missing with words that say what to install", () => {
    const find = { dynoxide: none, "dynamodb-local": none };
    const message = new RegExp(
      `@dynoxide/${process.platform}-${process.arch}.*Java runtime 17.*DYNAMODB_ENDPOINT`,
    );
    expect(() => resolveEngine({}, find)).toThrow(message);
  });
});

describe("an engine in memory", () => {
  it("is gone with its files when it was stopped, also twice", async () => {
    const engine = await startEngine({ kind: "dynoxide" });
    const { process: started } = engine;
    if (!started) throw new Error("no process");
    const file = started.command[started.command.indexOf("--db-path") + 1] ?? "";
    expect(existsSync(file)).toBe(true);
    await engine.stop();
    await engine.stop();
    expect(isRunning(started)).toBe(false);
    expect(await until(() => !existsSync(dirname(file)))).toBe(true);
  });

  it("says why when its port is taken", async () => {
    const stranger = createServer().listen(0, "127.0.0.1");
    await once(stranger, "listening");
    onTestFinished(() => {
      stranger.close();
    });
    const address = stranger.address();
    const port = address && typeof address === "object" ? address.port : 0;
    await expect(startEngine({ kind: "dynoxide", port })).rejects.toThrow(`port ${port}`);
  });
});

describe("a tied process", () => {
  it("is killed when it does not end by itself", async () => {
    const child = await spawnTied(
      [
        process.execPath,
        "-e",
        "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)",
      ],
      { graceMilliseconds: 50 },
    );
    expect(await until(() => child.output().includes("up"))).toBe(true);
    await child.stop();
    expect(child.hasExited()).toBe(true);
  });

  it("that ends by itself is seen to", async () => {
    const child = await spawnTied([process.execPath, "-e", "process.exitCode = 3"]);
    expect(await until(child.hasExited)).toBe(true);
    await child.stop();
  });
});

describe("the stream history of a database", () => {
  async function database(count: number) {
    const folder = mkdtempSync(join(tmpdir(), "concord-history-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const write = async (from: number, to: number) => {
      const engine = await startEngine({ kind: "dynoxide", folder });
      const { client, documentClient } = connect(engine.endpoint);
      await createTable(client, "concord", tableDefinition);
      for (let number = from; number <= to; number += 1) {
        const Item = { pk: "T#a#P", sk: `${number}` };
        await documentClient.send(new PutCommand({ TableName: "concord", Item }));
      }
      await engine.stop();
    };
    await write(1, count);
    const query = (sql: string) => {
      const open = new DatabaseSync(databaseFile(folder));
      const rows = open.prepare(sql).all();
      open.close();
      return rows;
    };
    const numbers = () =>
      query("SELECT sequence_number FROM _stream_records ORDER BY id").map((row) =>
        Number(row["sequence_number"]),
      );
    const label = String(query("SELECT stream_label FROM _tables")[0]?.["stream_label"]);
    const shardId = String(query("SELECT shard_id FROM _stream_records")[0]?.["shard_id"]);
    const streamArn = `arn:aws:dynamodb:x:0:table/concord/stream/${label}`;
    return { file: databaseFile(folder), write, query, numbers, streamArn, shardId };
  }

  it("is indexed for the question that every write asks", async () => {
    const { query } = await database(1);
    const plan = query(
      "EXPLAIN QUERY PLAN SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = 'concord'",
    );
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringContaining("USING COVERING INDEX concord_stream_order (table_name=?)"),
    ]);
  });

  it("loses what everybody has behind them, and goes on with the next number", async () => {
    const { file, write, numbers, streamArn, shardId } = await database(12);
    expect(trimStreamHistory(file, [{ streamArn, shardId, sequenceNumber: "10" }])).toBe(9);
    expect(numbers()).toEqual([10, 11, 12]);
    await write(13, 13);
    expect(numbers()).toEqual([10, 11, 12, 13]);
  });

  it("keeps its newest record even when all are consumed", async () => {
    const { file, write, numbers, streamArn, shardId } = await database(3);
    trimStreamHistory(file, [{ streamArn, shardId, sequenceNumber: "99" }]);
    expect(numbers()).toEqual([3]);
    await write(4, 4);
    expect(numbers()).toEqual([3, 4]);
  });

  it("is not touched by positions in an older stream of the same name", async () => {
    const { file, numbers, shardId } = await database(3);
    const streamArn = "arn:aws:dynamodb:x:0:table/concord/stream/older";
    trimStreamHistory(file, [{ streamArn, shardId, sequenceNumber: "3" }]);
    expect(numbers()).toEqual([1, 2, 3]);
  });
});
