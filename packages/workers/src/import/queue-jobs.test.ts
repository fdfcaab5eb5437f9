import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { marshall } from "@aws-sdk/util-dynamodb";
import { ImportId } from "@concord/core/id";
import { listImports } from "@concord/core/import";
import { CreatePartner, createPartner } from "@concord/core/partner";
import { CreateSource, createSource } from "@concord/core/source";
import { ACME, GLOBEX, type TestStore, testStore } from "@concord/local/testing";
import { mockClient } from "aws-sdk-client-mock";
import { beforeAll, describe, expect, it } from "vitest";
import { queueJobs } from "./queue-jobs.ts";
import type { ImportMessage } from "./run-import.ts";
import { sqsImportQueue } from "./sqs-import-queue.ts";

const importId = ImportId.parse("imp_00000000000000000000000001");
const job = (status: string) => ({
  pk: `T#${ACME}#IMPORT#${importId}`,
  sk: "IMPORT",
  entity: "Import",
  importId,
  sourceId: "src_00000000000000000000000001",
  status,
  file: null,
  scope: { kind: "held-rows" },
  isDryRun: false,
  asOf: "2027-01-15",
  isRepeat: false,
  progress: {
    rowsRead: 0,
    rowsChanged: 0,
    rowsUnchanged: 0,
    rowsHeld: 0,
    rowsRefused: 0,
    flags: 0,
  },
  defects: [],
  unknownColumns: [],
  refusal: null,
  upload: null,
  createdBy: { kind: "system", name: "bootstrap" },
  createdAt: "2027-01-15T12:00:00.000Z",
  startedAt: null,
  finishedAt: null,
  version: 1,
});
const record = (row: object, sequence: string, eventName = "INSERT") => ({
  eventName,
  dynamodb: {
    SequenceNumber: sequence,
    NewImage: marshall(row) as Record<string, AttributeValue>,
  },
});

describe("jobs that need no upload", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await testStore();
  });
  const queued = async (fails: boolean, ...records: object[]) => {
    const sent: ImportMessage[] = [];
    const answer = await queueJobs(
      {
        tenantOf: () => ACME,
        queue: {
          send: async (message) => {
            if (fails) throw new Error("no queue");
            sent.push(message);
          },
        },
        contextOf: test.asSystem,
        log: () => undefined,
      },
      { Records: records },
    );
    return { sent, failures: answer.batchItemFailures };
  };

  it("are queued when they are asked for; files wait for their upload, changes for nothing", async () => {
    const { sent, failures } = await queued(
      false,
      record(job("queued"), "1"),
      record(job("awaiting-upload"), "2"),
      record(job("completed"), "3", "MODIFY"),
      record({ ...job("queued"), entity: "Source" }, "4"),
    );
    expect(sent).toEqual([{ kind: "run-import", tenantId: ACME, importId }]);
    expect(failures).toEqual([]);
  });

  it("are asked for once where held rows wait for a partner that is new, in its tenant alone", async () => {
    const ctx = test.asMember(ACME, "admin");
    const { sourceId } = await createSource(
      ctx,
      CreateSource.parse({ name: "CRM", currency: "USD" }),
    );
    const other = test.asMember(GLOBEX, "admin");
    await createSource(other, CreateSource.parse({ name: "CRM", currency: "USD" }));
    await ctx.store.sources.holdRows([
      {
        sourceId,
        externalId: "A1",
        reason: "partner-unknown",
        partner: "North  Star",
        cells: {},
        row: 2,
        importId,
        digest: "0".repeat(16),
        heldAt: ctx.now.toISOString(),
      },
    ]);
    const added = async (name: string) => {
      const partner = await createPartner(ctx, CreatePartner.parse({ name, region: "East" }));
      return record({ ...partner, pk: "any", sk: "PARTNER", entity: "Partner" }, "1");
    };
    const awaited = await added("north star");
    await queued(false, awaited, awaited, await added("Somebody Else"));
    await queued(false, awaited);
    const { items } = await listImports(ctx, { limit: 10 });
    expect(items).toMatchObject([{ sourceId, status: "queued", scope: { kind: "held-rows" } }]);
    expect((await listImports(other, { limit: 10 })).items).toEqual([]);
  });

  it("are reported where the queue refuses them, so that they come again", async () => {
    const { failures } = await queued(true, record(job("queued"), "1"), record(job("queued"), "2"));
    expect(failures).toEqual([{ itemIdentifier: "1" }, { itemIdentifier: "2" }]);
  });

  it("go to SQS with their delay", async () => {
    const sqs = mockClient(SQSClient);
    sqs.on(SendMessageCommand).resolves({});
    const message: ImportMessage = { kind: "run-import", tenantId: ACME, importId };
    await sqsImportQueue(new SQSClient({}), "https://queue.test/imports").send(message, 20);
    expect(sqs.commandCalls(SendMessageCommand).map(({ args }) => args[0].input)).toEqual([
      {
        QueueUrl: "https://queue.test/imports",
        MessageBody: JSON.stringify(message),
        DelaySeconds: 20,
      },
    ]);
  });
});
