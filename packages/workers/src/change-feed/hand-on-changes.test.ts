import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { discreet } from "@concord/local/testing";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { added } from "./changes.fixture.ts";
import { fromQueue, type QueuedConsumer } from "./from-queue.ts";
import { type ChangeMessage, type ChangeRoute, handOnChanges } from "./hand-on-changes.ts";
import { sqsChangeQueue } from "./sqs-change-queue.ts";

const row = (sk: string, changes: object = {}) => ({
  pk: "T#ten_0000000000000000000000ACME#X",
  sk,
  entity: "Event",
  type: "partner.added",
  ...changes,
});

const events: ChangeRoute = { entities: ["Event"], events: ["INSERT"] };
const plans: ChangeRoute = { ...events, typePrefix: "development-plan." };
const figures: ChangeRoute = {
  entities: ["RollupMonth"],
  events: ["INSERT", "MODIFY"],
  attributes: ["pk", "entity", "month"],
};

async function handedOn(batch: unknown, routes: Record<string, ChangeRoute>, refuses?: string) {
  const messages: Record<string, ChangeMessage[]> = {};
  const lines: unknown[] = [];
  const answer = handOnChanges(
    {
      routes: Object.entries(routes).map(([name, route]) => ({
        route,
        queue: {
          async send(sent) {
            if (name === refuses) throw new Error("no queue for ana@partner.example");
            messages[name] = [...(messages[name] ?? []), ...sent];
          },
        },
      })),
      log: discreet((line) => lines.push(line)),
    },
    batch,
  );
  const outcome = await answer.catch((error: unknown) => error);
  const rows = Object.fromEntries(
    Object.entries(messages).map(([name, sent]) => [
      name,
      sent.map(({ Records }) =>
        Records.map(({ dynamodb }) => unmarshall(dynamodb.NewImage)["sk"] ?? "-"),
      ),
    ]),
  );
  return { outcome, messages, rows, lines };
}

const modified = (before: object, after: object) => ({
  Records: [
    {
      eventName: "MODIFY",
      dynamodb: { SequenceNumber: "9", NewImage: marshall(after), OldImage: marshall(before) },
    },
  ],
});

describe("changes of the table", () => {
  it("reach everybody whom they concern and nobody else", async () => {
    const batch = added(
      row("a"),
      row("b", { type: "development-plan.submitted" }),
      row("c", { entity: "Partner" }),
    );
    const { rows, outcome } = await handedOn(batch, { events, plans });
    expect(rows).toEqual({ events: [["a", "b"]], plans: [["b"]] });
    expect(outcome).toEqual({ batchItemFailures: [] });
  });

  it("are handed on only where something changed, and never when a row is gone", async () => {
    const month = (sk: string, count: number) =>
      row(sk, { entity: "RollupMonth", month: "2027-01", count });
    const same = modified(month("a", 1), month("a", 1));
    expect((await handedOn(same, { figures })).rows).toEqual({});
    const changed = modified(month("a", 1), month("a", 2));
    expect((await handedOn(changed, { figures })).rows).toEqual({ figures: [["-"]] });
    expect((await handedOn(changed, { events })).rows).toEqual({});
    const removed = { Records: [{ eventName: "REMOVE", dynamodb: { SequenceNumber: "1" } }] };
    expect((await handedOn(removed, { figures, events })).rows).toEqual({});
  });

  it("carry the attributes that are read and no others, and what is equal then once", async () => {
    const months = ["a", "b", "c"].map((sk) =>
      row(sk, { entity: "RollupMonth", month: sk === "c" ? "2027-02" : "2027-01", secret: sk }),
    );
    const { messages } = await handedOn(added(...months), { figures });
    const images = messages["figures"]?.flatMap(({ Records }) =>
      Records.map(({ dynamodb }) => unmarshall(dynamodb.NewImage)),
    );
    const { pk } = row("");
    expect(images).toEqual([
      { pk, entity: "RollupMonth", month: "2027-01" },
      { pk, entity: "RollupMonth", month: "2027-02" },
    ]);
  });

  it("are packed into messages that a queue takes", async () => {
    const small = Array.from({ length: 250 }, (_, at) => row(`s${at}`));
    const byCount = await handedOn(added(...small), { events });
    expect(byCount.rows["events"]?.map(({ length }) => length)).toEqual([100, 100, 50]);
    const large = Array.from({ length: 5 }, (_, at) => row(`l${at}`, { text: "x".repeat(90_000) }));
    const bySize = await handedOn(added(...large), { events });
    expect(bySize.rows["events"]?.map(({ length }) => length)).toEqual([2, 2, 1]);
    const row400 = await handedOn(added(row("x", { text: "x".repeat(399_000) })), { events });
    expect(row400.rows["events"]).toEqual([["x"]]);
  });

  it("fail as a batch where one queue refuses, after every other got its own", async () => {
    const batch = added(row("b", { type: "development-plan.submitted" }));
    const { rows, outcome, lines } = await handedOn(batch, { events, plans }, "events");
    expect(outcome).toBeInstanceOf(Error);
    expect(rows).toEqual({ plans: [["b"]] });
    expect(JSON.stringify(lines)).toContain("changes not handed on");
    expect(JSON.stringify(lines)).not.toContain("@");
  });
});

describe("a queue of changes", () => {
  const sqs = mockClient(SQSClient);
  const send = (messages: ChangeMessage[]) =>
    sqsChangeQueue(new SQSClient({}), "https://sqs.invalid/changes").send(messages);
  const message = (text = ""): ChangeMessage => ({
    Records: [
      { eventName: "INSERT", dynamodb: { SequenceNumber: "1", NewImage: marshall({ text }) } },
    ],
  });
  const sizes = () =>
    sqs
      .commandCalls(SendMessageBatchCommand)
      .map(({ args: [{ input }] }) => input.Entries?.length ?? 0);
  beforeEach(() => sqs.reset());

  it("takes ten messages a call, and no more bytes than SQS does", async () => {
    sqs.on(SendMessageBatchCommand).resolves({});
    await send(Array.from({ length: 23 }, () => message()));
    expect(sizes()).toEqual([10, 10, 3]);
    sqs.resetHistory();
    await send(Array.from({ length: 4 }, () => message("x".repeat(400_000))));
    expect(sizes()).toEqual([2, 2]);
  });

  it("does not take a refusal inside of a 200 for success", async () => {
    sqs.on(SendMessageBatchCommand).resolves({
      Failed: [{ Id: "0", Code: "InternalError", SenderFault: false }],
    });
    await expect(send([message()])).rejects.toThrow("1 refused: InternalError");
  });
});

describe("a consumer behind a queue", () => {
  const numbered = (...numbers: string[]) => ({
    Records: numbers.map((SequenceNumber) => ({
      eventName: "INSERT",
      dynamodb: { SequenceNumber },
    })),
  });
  const delivery = (bodies: Record<string, unknown>) => ({
    Records: Object.entries(bodies).map(([messageId, body]) => ({
      messageId,
      body: typeof body === "string" ? body : JSON.stringify(body),
    })),
  });
  const consumer = (failing: string[], lines: unknown[] = []) => {
    const batches: string[][] = [];
    const queued: QueuedConsumer = {
      log: discreet((line) => lines.push(line)),
      async consume(batch) {
        const { Records } = batch as ReturnType<typeof numbered>;
        batches.push(Records.map(({ dynamodb }) => dynamodb.SequenceNumber));
        return { batchItemFailures: failing.map((itemIdentifier) => ({ itemIdentifier })) };
      },
    };
    return { batches, consume: (one: unknown) => fromQueue(queued, one) };
  };

  it("gets all messages as one batch and names the messages of what failed", async () => {
    const { batches, consume } = consumer(["3"]);
    const answer = await consume(delivery({ m1: numbered("1", "2"), m2: numbered("3") }));
    expect(batches).toEqual([["1", "2", "3"]]);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m2" }] });
  });

  it("gives a change that came twice back twice", async () => {
    const { consume } = consumer(["1"]);
    const answer = await consume(delivery({ m1: numbered("1"), m2: numbered("1", "2") }));
    expect(answer.batchItemFailures).toHaveLength(2);
  });

  it("leaves a message that holds no changes to the dead letters and does the rest", async () => {
    const lines: unknown[] = [];
    const { batches, consume } = consumer([], lines);
    const answer = await consume(delivery({ m1: "{", m2: numbered("1"), m3: { Records: [{}] } }));
    expect(batches).toEqual([["1"]]);
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "m1" }, { itemIdentifier: "m3" }]);
    expect(lines).toHaveLength(2);
  });

  it("lets an exception through, so that the whole delivery comes again", async () => {
    const down = { log: () => undefined, consume: () => Promise.reject(new Error("down")) };
    await expect(fromQueue(down, delivery({ m1: numbered("1") }))).rejects.toThrow("down");
  });
});
