import { createImport, resolveHeldRows, type UploadTargets, uploadKey } from "@concord/core/import";
import { CreatePartner, createPartner } from "@concord/core/partner";
import { CreateSource, createSource, type Source } from "@concord/core/source";
import { createTenant } from "@concord/core/tenant";
import { ACME, discreet, GLOBEX, type TestStore, testStore } from "@concord/local/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { type ImportDependencies, type ImportMessage, runImports } from "./run-import.ts";

const HEADER =
  "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value";
const FILE = `${HEADER}\nA1,North,Desk,Mill,Won,2027-01-05,2027-02-10,90\n`;

const uploads: UploadTargets = {
  targetOf: async ({ key }) => ({
    method: "PUT",
    url: `https://uploads.concord.test/${key}`,
    headers: {},
    expiresAt: "2027-01-15T12:15:00.000Z",
  }),
};

describe("imports from the queue", () => {
  let test: TestStore;
  let source: Source;
  let sent: [ImportMessage, number][];
  let lines: Readonly<Record<string, unknown>>[];
  let objects: Map<string, string>;
  let deps: ImportDependencies;
  beforeEach(async () => {
    test = await testStore();
    sent = [];
    lines = [];
    objects = new Map();
    await createTenant(
      { ...test.asSystem(ACME), openTenant: test.openTenant },
      {
        tenantId: ACME,
        tenant: {
          name: "Acme",
          timeZone: "America/Chicago",
          fiscalYearStartMonth: 1,
          currency: "USD",
        },
        owner: {
          email: "o@acme.test",
          displayName: "Owner",
          initialPassword: "a password of these tests",
        },
      },
    );
    const admin = test.asMember(ACME, "admin");
    source = await createSource(admin, CreateSource.parse({ name: "CRM", currency: "USD" }));
    await createPartner(admin, CreatePartner.parse({ name: "North", region: "W" }));
    deps = {
      contextOf: (tenantId) => test.asSystem(tenantId),
      objectOf: (key) => ({
        async *open() {
          const content = objects.get(key);
          if (content === undefined) throw new Error("NoSuchKey");
          yield Buffer.from(content);
        },
      }),
      queue: {
        send: async (message, delaySeconds) => {
          sent.push([message, delaySeconds]);
        },
      },
      wallNow: () => 0,
      shouldPause: () => false,
      log: discreet((line) => lines.push(line)),
    };
  });

  const announce = async (content = FILE) => {
    const input = { sourceId: source.sourceId, fileName: "export.csv", dryRun: false };
    const { importId } = await createImport(test.asMember(ACME, "admin"), uploads, input);
    objects.set(uploadKey(ACME, importId), content);
    return importId;
  };
  const delivery = (...bodies: unknown[]) => ({
    Records: bodies.map((body, n) => ({ messageId: `m${n}`, body: JSON.stringify(body) })),
  });
  const created = (key: string) => ({ Records: [{ s3: { object: { key } } }] });
  const statusOf = async (importId: Awaited<ReturnType<typeof announce>>) =>
    (await test.asSystem(ACME).store.imports.get(importId))?.status;

  it("runs the import whose object was created, once for every number of deliveries", async () => {
    const importId = await announce();
    const event = created(encodeURIComponent(uploadKey(ACME, importId)).replaceAll("%2F", "/"));
    expect(await runImports(deps, delivery(event, event))).toEqual({ batchItemFailures: [] });
    expect(await runImports(deps, delivery(event))).toEqual({ batchItemFailures: [] });
    expect(await test.asSystem(ACME).store.imports.get(importId)).toMatchObject({
      status: "completed",
      progress: { rowsRead: 1, rowsChanged: 1 },
    });
  });

  it("does not run one tenant's import for an object under another tenant's name", async () => {
    const importId = await announce();
    objects.set(uploadKey(GLOBEX, importId), FILE);
    const batch = delivery(created(uploadKey(GLOBEX, importId)), created("imports/../x.csv"), {
      Event: "s3:TestEvent",
    });
    expect(await runImports(deps, batch)).toEqual({ batchItemFailures: [] });
    expect(await statusOf(importId)).toBe("awaiting-upload");
    expect(lines.map(({ message }) => message)).toEqual(["import dropped", "object of no import"]);
  });

  it("reports exactly the delivery that failed, and takes it when it comes again", async () => {
    const [gone, there] = [await announce(), await announce()];
    objects.delete(uploadKey(ACME, gone));
    const batch = delivery(created(uploadKey(ACME, gone)), created(uploadKey(ACME, there)));
    expect(await runImports(deps, batch)).toEqual({
      batchItemFailures: [{ itemIdentifier: "m0" }],
    });
    expect(await statusOf(there)).toBe("completed");
    objects.set(uploadKey(ACME, gone), FILE.replace("A1", "A2"));
    await runImports(deps, delivery(created(uploadKey(ACME, gone))));
    expect(await statusOf(gone)).toBe("completed");
  });

  it("queues itself before its time is up, and waits while its source is taken", async () => {
    const rows = Array.from({ length: 300 }, (_, n) => `B${n},North,Desk,,Won,,2027-02-10,1`);
    const importId = await announce([HEADER, ...rows].join("\n"));
    const other = await announce();
    const message = { kind: "run-import", tenantId: ACME, importId };
    await runImports({ ...deps, shouldPause: () => true }, delivery(message));
    await runImports(deps, delivery({ ...message, importId: other }));
    expect(sent).toEqual([
      [message, 0],
      [{ ...message, importId: other }, 20],
    ]);
    for (const [next] of sent) await runImports(deps, delivery(next));
    expect([await statusOf(importId), await statusOf(other)]).toEqual(["completed", "completed"]);
  });

  it("runs a re-evaluation, which has no object", async () => {
    const job = await resolveHeldRows(test.asMember(ACME, "admin"), source.sourceId);
    const message = { kind: "run-import", tenantId: ACME, importId: job.importId };
    expect(await runImports(deps, delivery(message))).toEqual({ batchItemFailures: [] });
    expect(await statusOf(job.importId)).toBe("completed");
  });
});
