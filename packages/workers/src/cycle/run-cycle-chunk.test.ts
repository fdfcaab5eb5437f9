import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { CycleMessage } from "@concord/core/cycle";
import { CycleId, TenantId } from "@concord/core/id";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { ACME, type CycleWorld, cycleWorld } from "./cycle.fixture.ts";
import { runCycleChunk } from "./run-cycle-chunk.ts";
import { sqsCycleQueue } from "./sqs-cycle-queue.ts";

const cycleId = CycleId.parse("cyc_0000000000000000000000000A");
const message = (chunk: number): CycleMessage => ({
  kind: "kick-off-chunk",
  tenantId: ACME,
  cycleId,
  chunk,
});

describe("work on cycles from the queue", () => {
  let world: CycleWorld;
  const now = new Date("2027-01-01T12:00:00Z");
  const run = (...bodies: string[]) =>
    runCycleChunk(world.workDependencies(now), {
      Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })),
    });
  beforeEach(async () => {
    world = await cycleWorld();
  });

  it("gives back alone the message that failed", async () => {
    const deps = world.workDependencies(now);
    const contextOf = (tenantId: TenantId) => {
      if (tenantId !== ACME) throw new Error("not reachable");
      return deps.contextOf(tenantId);
    };
    await world.addTenant(ACME, 2);
    await world.tick(now);
    const [advance] = world.queue;
    const elsewhere = { ...advance, tenantId: TenantId.parse("ten_0000000000000000000000000B") };
    const answer = await runCycleChunk(
      { ...deps, contextOf },
      {
        Records: [
          { messageId: "bad", body: JSON.stringify(elsewhere) },
          { messageId: "good", body: JSON.stringify(advance) },
        ],
      },
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "bad" }] });
    expect(world.queue.map(({ kind }) => kind)).toContain("kick-off-chunk");
  });

  it("gives back what it cannot read, for a person to look at", async () => {
    expect(await run("{", '{"kind":"unheard-of"}')).toEqual({
      batchItemFailures: [{ itemIdentifier: "m0" }, { itemIdentifier: "m1" }],
    });
  });

  it("is done with work on a cycle that is gone, and says so", async () => {
    expect(await run(JSON.stringify(message(0)))).toEqual({ batchItemFailures: [] });
    expect(world.log).toEqual([
      expect.objectContaining({ level: "error", message: "cycle work dropped", messageId: "m0" }),
    ]);
  });
});

describe("the queue of cycles", () => {
  const sqs = mockClient(SQSClient);
  const queue = sqsCycleQueue(new SQSClient({ region: "eu-central-1" }), "https://sqs.test/chunks");
  beforeEach(() => sqs.reset());

  it("sends ten messages a request, each once", async () => {
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
    const messages = Array.from({ length: 23 }, (_, chunk) => message(chunk));
    await queue.send(messages);
    const sent = sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => args[0].input.Entries);
    expect(sent.map((entries) => entries?.length)).toEqual([10, 10, 3]);
    expect(sent.flatMap((entries) => entries?.map(({ MessageBody }) => MessageBody))).toEqual(
      messages.map((one) => JSON.stringify(one)),
    );
  });

  it("fails where a message was refused inside a good answer", async () => {
    sqs.on(SendMessageBatchCommand).resolves({
      Successful: [],
      Failed: [{ Id: "0", Code: "InternalError", SenderFault: false }],
    });
    await expect(queue.send([message(0)])).rejects.toThrow("InternalError");
  });
});
