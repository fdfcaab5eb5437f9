import { describe, expect, it } from "vitest";
import type { LocalTable } from "../local-table/index.ts";
import { testClock, testLocalTable } from "../state-machine/test-runtime.ts";
import { type QueueEvent, type QueueSettings, queues } from "./index.ts";

const bodies = ({ Records }: QueueEvent) => Records.map(({ body }) => JSON.parse(body) as unknown);
const none = { batchItemFailures: [] };

type TestQueue = Partial<Parameters<typeof queues>[0]> & { settings: Partial<QueueSettings> };

async function testQueue({ settings, ...options }: TestQueue) {
  const clock = testClock();
  const table: LocalTable = options.table ?? (await testLocalTable());
  const reported: unknown[] = [];
  const queue = queues({
    table,
    queues: { imports: { consumer: async () => none, ...settings } },
    report: (error) => reported.push(error),
    now: clock.now,
    ...options,
  });
  return { ...queue, clock, table, reported };
}

describe("a queue", () => {
  it("delivers what was sent, once, with the attributes of SQS", async () => {
    const events: QueueEvent[] = [];
    const { send, drain } = await testQueue({
      settings: {
        consumer: async (event) => {
          events.push(event);
          return none;
        },
      },
    });
    const messageId = await send("imports", { importId: "imp_1" });
    await drain();
    await drain();
    expect(events).toEqual([
      {
        Records: [
          {
            messageId,
            body: '{"importId":"imp_1"}',
            attributes: { ApproximateReceiveCount: "1", SentTimestamp: "1799053200000" },
            eventSource: "aws:sqs",
          },
        ],
      },
    ]);
  });

  it("hands over batches of at most the configured size", async () => {
    const sizes: number[] = [];
    const { send, drain } = await testQueue({
      settings: {
        batchSize: 4,
        consumer: async ({ Records }) => {
          sizes.push(Records.length);
          return none;
        },
      },
    });
    for (let n = 0; n < 10; n += 1) await send("imports", n);
    await drain();
    expect(sizes).toEqual([4, 4, 2]);
  });

  it("delivers what a consumer sends while it is drained", async () => {
    const seen: unknown[] = [];
    const later = { send: async (_n: number): Promise<unknown> => undefined };
    const queue = await testQueue({
      settings: {
        consumer: async (event) => {
          for (const body of bodies(event)) {
            seen.push(body);
            if ((body as number) < 3) await later.send((body as number) + 1);
          }
          return none;
        },
      },
    });
    later.send = (n) => queue.send("imports", n);
    await queue.send("imports", 1);
    await queue.drain();
    expect(seen).toEqual([1, 2, 3]);
  });

  it("keeps a failed message hidden for the visibility timeout and delivers the others once", async () => {
    const seen: unknown[] = [];
    const { send, drain, clock } = await testQueue({
      settings: {
        visibilityTimeoutSeconds: 30,
        consumer: async (event) => {
          seen.push(...bodies(event));
          return {
            batchItemFailures: event.Records.filter(({ body }) => body === '"bad"').map(
              ({ messageId }) => ({ itemIdentifier: messageId }),
            ),
          };
        },
      },
    });
    await send("imports", "bad");
    await send("imports", "good");
    await drain();
    clock.pass(29);
    await drain();
    expect(seen.toSorted()).toEqual(["bad", "good"]);
    clock.pass(1);
    await drain();
    expect(seen.toSorted()).toEqual(["bad", "bad", "good"]);
  });

  it.each([
    [
      "throws",
      async () => {
        throw new Error("broken");
      },
    ],
    [
      "names a message it was not given",
      async () => ({ batchItemFailures: [{ itemIdentifier: "x" }] }),
    ],
  ])("delivers the whole batch again, and reports, when the consumer %s", async (_, consumer) => {
    let deliveries = 0;
    const queue = await testQueue({
      settings: {
        consumer: async () => {
          deliveries += 1;
          return await consumer();
        },
      },
    });
    await queue.send("imports", 1);
    await queue.drain();
    queue.clock.pass(30);
    await queue.drain();
    expect(deliveries).toBe(2);
    expect(queue.reported).toHaveLength(2);
  });

  it("gives a message up after its receipts, keeps it, and redrives it", async () => {
    let isBroken = true;
    const receipts: string[] = [];
    const table = await testLocalTable();
    const settings = {
      maxReceiveCount: 3,
      consumer: async ({ Records }: QueueEvent) => {
        receipts.push(...Records.map(({ attributes }) => attributes.ApproximateReceiveCount));
        if (isBroken) throw new Error("broken");
        return none;
      },
    };
    const queue = await testQueue({ settings, table });
    const messageId = await queue.send("imports", { n: 1 });
    for (let round = 0; round < 6; round += 1) {
      await queue.drain();
      queue.clock.pass(30);
    }
    expect(receipts).toEqual(["1", "2", "3"]);

    const restarted = await testQueue({ settings, table });
    expect(await restarted.deadLetters("imports")).toMatchObject([{ messageId, body: '{"n":1}' }]);
    isBroken = false;
    expect(await restarted.redrive("imports")).toBe(1);
    await restarted.drain();
    expect(receipts).toEqual(["1", "2", "3", "1"]);
    expect(await restarted.deadLetters("imports")).toEqual([]);
  });

  it("refuses an unknown queue and a body that is too large", async () => {
    const { send, deadLetters, redrive } = await testQueue({ settings: {} });
    await expect(send("exports", 1)).rejects.toMatchObject({ name: "QueueDoesNotExist" });
    await expect(deadLetters("exports")).rejects.toMatchObject({ name: "QueueDoesNotExist" });
    await expect(redrive("exports")).rejects.toMatchObject({ name: "QueueDoesNotExist" });
    for (const body of ["x".repeat(1_048_576), undefined]) {
      await expect(send("imports", body)).rejects.toMatchObject({ name: "InvalidMessageContents" });
    }
  });
});

describe("a message in flight when its process is killed", () => {
  const hanging = () => {
    const received = Promise.withResolvers<void>();
    const consumer = async () => {
      received.resolve();
      return await new Promise<never>(() => {});
    };
    return { received: received.promise, consumer };
  };

  it("reappears for others after the visibility timeout and not before", async () => {
    const { received, consumer } = hanging();
    const killed = await testQueue({ settings: { consumer } });
    await killed.send("imports", 1);
    void killed.drain();
    await received;

    const seen: unknown[] = [];
    const other = await testQueue({
      table: killed.table,
      settings: {
        consumer: async (event) => {
          seen.push(...bodies(event));
          return none;
        },
      },
    });
    await other.drain();
    expect(seen).toEqual([]);
    other.clock.pass(30);
    await other.drain();
    expect(seen).toEqual([1]);
  });

  it("reappears at once for the process that starts again under its id", async () => {
    const { received, consumer } = hanging();
    const killed = await testQueue({ settings: { consumer }, consumerId: "runtime" });
    await killed.send("imports", 1);
    void killed.drain();
    await received;

    const counts: string[] = [];
    const restarted = await testQueue({
      table: killed.table,
      consumerId: "runtime",
      settings: {
        consumer: async ({ Records }) => {
          counts.push(...Records.map(({ attributes }) => attributes.ApproximateReceiveCount));
          return none;
        },
      },
    });
    await restarted.drain();
    expect(counts).toEqual(["2"]);
  });

  it("is not deleted by the late acknowledgement of its first receiver", async () => {
    const answer = Promise.withResolvers<typeof none>();
    const received = Promise.withResolvers<void>();
    const slow = await testQueue({
      settings: {
        consumer: () => {
          received.resolve();
          return answer.promise;
        },
      },
    });
    await slow.send("imports", 1);
    const late = slow.drain();
    await received.promise;

    let deliveries = 0;
    const other = await testQueue({
      table: slow.table,
      settings: {
        consumer: async () => {
          deliveries += 1;
          if (deliveries === 1) throw new Error("not yet");
          return none;
        },
      },
    });
    other.clock.pass(30);
    await other.drain();
    answer.resolve(none);
    await late;
    other.clock.pass(30);
    await other.drain();
    expect(deliveries).toBe(2);
  });
});

describe("two consumers of one queue", () => {
  it("share the messages without delivering one twice", async () => {
    const seen: unknown[] = [];
    const settings = {
      batchSize: 2,
      consumer: async (event: QueueEvent) => {
        await new Promise(setImmediate);
        seen.push(...bodies(event));
        return none;
      },
    };
    const one = await testQueue({ settings });
    const other = await testQueue({ settings, table: one.table });
    const sent = Array.from({ length: 30 }, (_, n) => n);
    for (const n of sent) await one.send("imports", n);
    await Promise.all([one.drain(), other.drain()]);
    await one.drain();
    expect(seen.toSorted((a, b) => Number(a) - Number(b))).toEqual(sent);
  });
});

describe("run", () => {
  it("delivers until it is stopped", async () => {
    const stop = new AbortController();
    const seen: unknown[] = [];
    const { send, run } = await testQueue({
      sleep: () => new Promise(setImmediate),
      settings: {
        consumer: async (event) => {
          seen.push(...bodies(event));
          if (seen.length === 2) stop.abort();
          return none;
        },
      },
    });
    await send("imports", "a");
    const running = run(stop.signal);
    await send("imports", "b");
    await running;
    expect(seen.toSorted()).toEqual(["a", "b"]);
  });

  it("delivers at once what is sent while it waits", async () => {
    const stop = new AbortController();
    const seen: unknown[] = [];
    let told = Promise.withResolvers<void>();
    const { send, run } = await testQueue({
      // Nothing but a message, or the end, ends a pause.
      sleep: (_, signal) =>
        new Promise((resolve) => {
          if (signal.aborted) resolve();
          signal.addEventListener("abort", () => resolve(), { once: true });
        }),
      settings: {
        consumer: async (event) => {
          seen.push(...bodies(event));
          told.resolve();
          return none;
        },
      },
    });
    const running = run(stop.signal);
    for (const body of ["a", "b"]) {
      told = Promise.withResolvers();
      await send("imports", body);
      await told.promise;
    }
    expect(seen).toEqual(["a", "b"]);
    stop.abort();
    await running;
  });
});
