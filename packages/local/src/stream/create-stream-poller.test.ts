import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DeleteCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDataFolder, startDurableEngine } from "../data-folder/index.ts";
import { connect } from "../engine/index.ts";
import { isJavaThere, testTable } from "../testing/test-table.ts";
import {
  connectStreams,
  createStreamPoller,
  type StreamConsumer,
  type StreamRecord,
  sqliteStreamState,
} from "./index.ts";

/** A consumer that remembers what it was given. */
function recorder(name: string, more: Partial<StreamConsumer> = {}) {
  const seen: StreamRecord[] = [];
  const consumer: StreamConsumer = {
    name,
    handler: async ({ Records }) => {
      seen.push(...Records);
      return { batchItemFailures: [] };
    },
    ...more,
  };
  return { consumer, seen };
}

const sortKeys = (seen: readonly StreamRecord[]) =>
  seen.map(({ dynamodb }) => {
    const { pk, sk } = dynamodb.Keys;
    return [pk, sk].map((key) => (key && "S" in key ? key.S : "")).join("/");
  });

async function stage(engine: "dynoxide" | "dynamodb-local" = "dynoxide") {
  const { client, documentClient, tableName, endpoint } = await testTable({ engine });
  const streams = connectStreams(endpoint);
  const state = sqliteStreamState();
  return {
    put: (tenant: string, sk: string, rest: object = {}) =>
      documentClient.send(
        new PutCommand({ TableName: tableName, Item: { pk: `T#${tenant}#P`, sk, ...rest } }),
      ),
    documentClient,
    tableName,
    state,
    poller: (...consumers: StreamConsumer[]) =>
      createStreamPoller({
        client,
        streams,
        tableName,
        consumers,
        state,
        sleep: async () => undefined,
      }),
  };
}

const engines = isJavaThere() ? (["dynoxide", "dynamodb-local"] as const) : (["dynoxide"] as const);

describe.each(engines)("the stream of a table on %s", (engine) => {
  it("reaches a consumer in Lambda's form", async () => {
    const { put, poller, documentClient, tableName } = await stage(engine);
    const { consumer, seen } = recorder("ranking");
    await put("a", "1", {
      score: 70,
      blob: new Uint8Array([0, 255]),
      tags: new Set(["x"]),
      parts: [{ done: true, none: null }],
    });
    const Key = { pk: "T#a#P", sk: "1" };
    await documentClient.send(
      new UpdateCommand({
        TableName: tableName,
        Key,
        UpdateExpression: "SET score = :s",
        ExpressionAttributeValues: { ":s": 80 },
      }),
    );
    await documentClient.send(new DeleteCommand({ TableName: tableName, Key }));
    await (await poller(consumer)).drain();

    expect(seen.map(({ eventName }) => eventName)).toEqual(["INSERT", "MODIFY", "REMOVE"]);
    const before = {
      pk: { S: "T#a#P" },
      sk: { S: "1" },
      score: { N: "70" },
      blob: { B: "AP8=" },
      tags: { SS: ["x"] },
      parts: { L: [{ M: { done: { BOOL: true }, none: { NULL: true } } }] },
    };
    const after = { ...before, score: { N: "80" } };
    expect(seen[0]?.dynamodb).toMatchObject({
      Keys: { pk: { S: "T#a#P" }, sk: { S: "1" } },
      NewImage: before,
      StreamViewType: "NEW_AND_OLD_IMAGES",
    });
    expect(seen[0]?.dynamodb).not.toHaveProperty("OldImage");
    expect(seen[1]?.dynamodb).toMatchObject({ OldImage: before, NewImage: after });
    expect(seen[2]?.dynamodb).toMatchObject({ OldImage: after });
    expect(seen[0]?.eventSource).toBe("aws:dynamodb");
    expect(seen[0]?.eventSourceARN).toContain(`table/${tableName}/stream/`);
    expect(JSON.parse(JSON.stringify(seen))).toEqual(seen);
  });

  it("is delivered once, and goes on after the last record", async () => {
    const { put, poller } = await stage(engine);
    const { consumer, seen } = recorder("ranking");
    await put("a", "1");
    await put("b", "1");
    const first = await poller(consumer);
    await first.drain();
    await put("a", "2");
    await first.drain();
    const restarted = await poller(consumer);
    await put("b", "2");
    await restarted.drain();
    expect(sortKeys(seen)).toEqual(["T#a#P/1", "T#b#P/1", "T#a#P/2", "T#b#P/2"]);
  });
});

describe("a consumer", () => {
  it("does not see a write that changed nothing", async () => {
    const { put, poller } = await stage();
    const { consumer, seen } = recorder("ranking");
    await put("a", "1", { score: 70 });
    await put("a", "1", { score: 70 });
    await put("a", "1", { score: 71 });
    await (await poller(consumer)).drain();
    expect(seen.map(({ eventName }) => eventName)).toEqual(["INSERT", "MODIFY"]);
  });

  it("sees only what its filter accepts, and does not read the rest twice", async () => {
    const { put, poller, state } = await stage();
    const { consumer, seen } = recorder("publish", {
      accepts: ({ dynamodb }) => dynamodb.NewImage?.["entity"] !== undefined,
    });
    await put("a", "1", { entity: "Event" });
    await put("a", "2");
    await (await poller(consumer)).drain();
    expect(sortKeys(seen)).toEqual(["T#a#P/1"]);
    expect(state.consumed().map(({ sequenceNumber }) => sequenceNumber)).toEqual(["2"]);
  });

  it("that fails holds up no other one", async () => {
    const { put, poller, state } = await stage();
    const { consumer, seen } = recorder("ranking");
    const broken: StreamConsumer = {
      name: "mail",
      maximumAttempts: 2,
      handler: () => Promise.reject(new Error("no mail today")),
    };
    await put("a", "1");
    await put("b", "1");
    await (await poller(consumer, broken)).drain();
    expect(sortKeys(seen)).toEqual(["T#a#P/1", "T#b#P/1"]);
    expect(state.deadLetters()).toMatchObject([
      { consumer: "mail", attempts: 2, reason: "Error: no mail today" },
      { consumer: "mail", attempts: 2, reason: "Error: no mail today" },
    ]);
  });

  it("that comes later reads from the oldest record, and holds back the trimming until then", async () => {
    const { put, poller, state } = await stage();
    const early = recorder("ranking");
    const late = recorder("mail");
    await put("a", "1");
    await (await poller(early.consumer)).drain();
    const both = await poller(early.consumer, late.consumer);
    expect(state.consumed()).toEqual([]);
    await both.drain();
    expect(sortKeys(late.seen)).toEqual(["T#a#P/1"]);
    expect(sortKeys(early.seen)).toEqual(["T#a#P/1"]);
    expect(state.consumed()).toHaveLength(1);
  });

  it("that writes has its own writes drained as well", async () => {
    const { put, poller } = await stage();
    const { consumer, seen } = recorder("chain");
    const chain: StreamConsumer = {
      ...consumer,
      handler: async (event) => {
        const { length } = seen;
        if (length < 3) await put("a", `${length + 2}`);
        return consumer.handler(event);
      },
    };
    await put("a", "1");
    await (await poller(chain)).drain();
    expect(sortKeys(seen)).toEqual(["T#a#P/1", "T#a#P/2", "T#a#P/3", "T#a#P/4"]);
  });

  it("runs until the signal is given", async () => {
    const { put, poller } = await stage();
    const stop = new AbortController();
    const { consumer, seen } = recorder("ranking");
    const stopping: StreamConsumer = {
      ...consumer,
      handler: async (event) => {
        await consumer.handler(event);
        if (seen.length >= 2) stop.abort();
        return undefined;
      },
    };
    const running = (await poller(stopping)).run(stop.signal);
    await put("a", "1");
    await put("b", "1");
    await running;
    expect(sortKeys(seen)).toEqual(["T#a#P/1", "T#b#P/1"]);
  });
});

describe("a runtime killed between two records", () => {
  it("loses none, and repeats at most the batch it was in", async () => {
    const path = mkdtempSync(join(tmpdir(), "concord-stream-"));
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    const fixture = new URL("./poller.fixture.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, [fixture, path, "concord"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    const exited = once(child, "exit");
    const before: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      before.push(line);
      if (before.length === 17) child.kill("SIGKILL");
    }
    await exited;

    const folder = openDataFolder(path);
    onTestFinished(() => folder.close());
    const state = sqliteStreamState(folder.database);
    const engine = await startDurableEngine(folder, { consumed: state.consumed() });
    onTestFinished(() => engine.stop());
    const { consumer, seen } = recorder("ranking");
    const poller = await createStreamPoller({
      client: connect(engine.endpoint).client,
      streams: connectStreams(engine.endpoint),
      tableName: "concord",
      consumers: [consumer],
      state,
    });
    await poller.drain();
    const after = seen.map(({ dynamodb }) => dynamodb.SequenceNumber);
    const numbers = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => `${from + index}`);
    expect(before).toEqual(numbers(1, 17));
    expect(after).toEqual(numbers(16, 40));
  });
});
