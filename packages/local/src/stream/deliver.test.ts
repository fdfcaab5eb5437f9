import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deliver, type StreamConsumer } from "./deliver.ts";
import type { StreamRecord } from "./stream-record.ts";
import { sqliteStreamState } from "./stream-state.ts";

const place = { consumer: "ranking", streamArn: "arn:stream", shardId: "shard-1" };

const recordOf = (sequenceNumber: number): StreamRecord => ({
  eventID: `${sequenceNumber}`,
  eventName: "INSERT",
  eventVersion: "1.1",
  eventSource: "aws:dynamodb",
  awsRegion: "eu-central-1",
  eventSourceARN: place.streamArn,
  dynamodb: {
    ApproximateCreationDateTime: 1_800_000_000,
    Keys: { pk: { S: "T#a#P" }, sk: { S: `${sequenceNumber}` } },
    SequenceNumber: `${sequenceNumber}`,
    SizeBytes: 1,
    StreamViewType: "NEW_AND_OLD_IMAGES",
  },
});

const records = (count: number) => Array.from({ length: count }, (_, index) => recordOf(index + 1));

async function delivered(count: number, consumer: Omit<StreamConsumer, "name">) {
  const state = sqliteStreamState();
  const pauses: number[] = [];
  await deliver(records(count), {
    consumer: { name: place.consumer, ...consumer },
    place,
    state,
    sleep: async (milliseconds) => pauses.push(milliseconds),
  });
  return { state, pauses, position: state.position(place) };
}

/** Records what it was given, and fails for the numbers for which `fails` says so. */
function recording(
  fails: (sequenceNumber: string, visit: number) => boolean,
  how: "names" | "throws",
) {
  const batches: string[][] = [];
  const visits = new Map<string, number>();
  const succeeded: string[] = [];
  const handler: StreamConsumer["handler"] = async ({ Records }) => {
    const numbers = Records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    batches.push(numbers);
    for (const number of numbers) {
      const visit = (visits.get(number) ?? 0) + 1;
      visits.set(number, visit);
      if (fails(number, visit)) {
        if (how === "throws") throw new Error(`cannot do ${number}`);
        return { batchItemFailures: [{ itemIdentifier: number }] };
      }
      succeeded.push(number);
    }
    return { batchItemFailures: [] };
  };
  return { handler, batches, succeeded };
}

describe("deliver", () => {
  it("hands over batches in order and remembers the end", async () => {
    const { handler, batches } = recording(() => false, "names");
    const { position } = await delivered(5, { handler, batchSize: 2 });
    expect(batches).toEqual([["1", "2"], ["3", "4"], ["5"]]);
    expect(position).toEqual({ sequenceNumber: "5" });
  });

  it("resumes at the record that was reported, after a growing pause", async () => {
    const { handler, batches } = recording((number, visit) => number === "2" && visit < 4, "names");
    const { position, pauses, state } = await delivered(3, { handler });
    expect(batches).toEqual([
      ["1", "2", "3"],
      ["2", "3"],
      ["2", "3"],
      ["2", "3"],
    ]);
    expect(pauses).toEqual([50, 100, 200]);
    expect(position).toEqual({ sequenceNumber: "3" });
    expect(state.deadLetters()).toEqual([]);
  });

  it("resumes at the lowest of several reported records", async () => {
    const batches: string[][] = [];
    await delivered(3, {
      handler: async ({ Records }) => {
        batches.push(Records.map(({ dynamodb }) => dynamodb.SequenceNumber));
        const failed = batches.length === 1 ? ["3", "2"] : [];
        return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
      },
    });
    expect(batches).toEqual([
      ["1", "2", "3"],
      ["2", "3"],
    ]);
  });

  it("takes an unknown identifier for the failure of the whole batch", async () => {
    let calls = 0;
    const { position } = await delivered(1, {
      handler: async () => {
        calls += 1;
        return { batchItemFailures: calls === 1 ? [{ itemIdentifier: "" }] : [] };
      },
    });
    expect(calls).toBe(2);
    expect(position).toEqual({ sequenceNumber: "1" });
  });

  it.each(["names", "throws"] as const)(
    "buries a record that goes on failing, when the consumer %s it, and delivers all others",
    async (how) => {
      const { handler, succeeded } = recording((number) => number === "4", how);
      const { state, position } = await delivered(9, { handler, maximumAttempts: 3 });
      const letters = state.deadLetters();
      expect(letters.map(({ record }) => record.dynamodb.SequenceNumber)).toEqual(["4"]);
      expect(letters[0]).toMatchObject({ consumer: "ranking", attempts: 3 });
      expect([...new Set(succeeded)].toSorted()).toEqual(["1", "2", "3", "5", "6", "7", "8", "9"]);
      expect(position).toEqual({ sequenceNumber: "9" });
    },
  );

  it("does not move on when the position cannot be kept", async () => {
    const state = sqliteStreamState();
    const failure = new Error("disk full");
    const sending = deliver(records(2), {
      consumer: { name: "ranking", handler: async () => undefined },
      place,
      state: {
        ...state,
        advance: () => {
          throw failure;
        },
      },
      sleep: async () => undefined,
    });
    await expect(sending).rejects.toBe(failure);
    expect(state.position(place)).toBeUndefined();
  });

  it("stops between two batches when it is told to", async () => {
    const stop = new AbortController();
    const state = sqliteStreamState();
    await deliver(records(4), {
      consumer: { name: "ranking", batchSize: 2, handler: async () => void stop.abort() },
      place,
      state,
      sleep: async () => undefined,
      signal: stop.signal,
    });
    expect(state.position(place)).toEqual({ sequenceNumber: "2" });
  });

  it("delivers or buries every record, in order, whatever fails how often", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom("names", "throws"),
        async (failures, batchSize, how) => {
          const { handler, succeeded } = recording(
            (number) => (failures[Number(number) - 1] ?? 0) >= 5,
            how,
          );
          const { state } = await delivered(failures.length, {
            handler,
            batchSize,
            maximumAttempts: 3,
          });
          const firsts = [...new Set(succeeded)].map(Number);
          expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
          const buried = state.deadLetters().map(({ record }) => Number(record.eventID));
          const poison = failures.flatMap((times, index) => (times >= 5 ? [index + 1] : []));
          expect(buried).toEqual(poison);
          expect([...firsts, ...buried].toSorted((a, b) => a - b)).toEqual(
            failures.map((_, index) => index + 1),
          );
        },
      ),
    ));
});
