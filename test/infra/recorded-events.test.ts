import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ChangeConsumerName, changeConsumers } from "../../infra/change-feed.ts";
import { handlers } from "../../infra/handlers.ts";
import {
  ACME,
  type TestStore,
  testPartnership,
  testStore,
  testTable,
} from "../../packages/local/src/testing/index.ts";
import {
  bucketTest,
  delivered,
  httpRequest,
  objectCreated,
  scheduled,
  streamed,
} from "./events/aws-events.ts";
import { startSqs } from "./events/sqs-stand-in.ts";
import { marshalled } from "./events/stored-rows.ts";
import { functions, graphOf, input, queues, root } from "./rules/graph.ts";
import type { Invocation } from "./synth/invoke-handler.ts";

const graph = graphOf("test");
const MINUTE = 60_000;

/** The deployed bundles, each with the environment of its function, on the embedded table and a stand-in for SQS. */
let test: TestStore;
let sqs: Awaited<ReturnType<typeof startSqs>>;
let endpoint: string;
beforeAll(async () => {
  test = await testStore();
  ({ endpoint } = await testTable());
  sqs = await startSqs();
}, MINUTE);
afterAll(() => sqs.close());

async function invoke(name: keyof typeof handlers, event: unknown) {
  const build = graph.builds.find(({ handler }) => handler === handlers[name]);
  const found = functions(graph).find((each) => each.name === `${build?.function}Function`);
  if (!build || !found) throw new Error(`no function of ${name}`);
  const variables = input(found, "environment", "variables") as Record<string, string>;
  const invocation: Invocation = {
    bundle: pathToFileURL(build.bundle).href,
    handler: build.handler.split(".").at(-1) ?? "",
    environment: {
      ...Object.fromEntries(
        // The client of SQS calls the address of the queue, whatever endpoint it is given.
        Object.entries(variables).map(([key, value]) => [
          key,
          value.replaceAll("https://sqs.eu-west-1.amazonaws.com", sqs.url),
        ]),
      ),
      ...("TABLE_NAME" in variables ? { TABLE_NAME: test.table.name } : {}),
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL: sqs.url,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    },
    event,
    now: Date.parse("2027-01-15T12:00:00.000Z"),
  };
  const child = spawn(process.execPath, [resolve(root, "test/infra/synth/invoke-handler.ts")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify(invocation));
  const lines = (await text(child.stdout)).trim().split("\n");
  return JSON.parse(lines.at(-1) ?? "") as { answer?: unknown; error?: string };
}

const nothingFailed = { answer: { batchItemFailures: [] } };
const tenantId = ACME;
const ulid = "0".repeat(26);

describe("each deployed function answers what its trigger hands over", () => {
  const answered = new Set<string>();
  const answer = (name: keyof typeof handlers, event: unknown) => {
    answered.add(name);
    return invoke(name, event);
  };

  it(
    "requests of the HTTP API",
    async () => {
      expect(await answer("api", httpRequest("GET", "/livez"))).toMatchObject({
        answer: { statusCode: 200, headers: { "x-content-type-options": "nosniff" } },
      });
      expect(await answer("api", httpRequest("GET", "/v1/partners"))).toMatchObject({
        answer: { statusCode: 401 },
      });
      expect(await answer("account", httpRequest("GET", "/.well-known/jwks.json"))).toMatchObject({
        answer: { statusCode: 200 },
      });
    },
    MINUTE,
  );

  it(
    "the clock",
    async () => {
      expect(await answer("tick", scheduled)).toMatchObject({ answer: { fired: 0, failed: 0 } });
      expect(await answer("reconcileApprovals", scheduled)).toEqual({
        answer: { checked: 0, restarted: 0, failed: 0 },
      });
    },
    MINUTE,
  );

  it(
    "a change of the table, from the stream through its queues to everybody whom it concerns",
    async () => {
      await testPartnership(test, ACME);
      const rows = await marshalled(test.table.name);
      expect(await answer("handOnChanges", streamed(rows))).toEqual(nothingFailed);
      const bodiesOf = (name: string) => {
        const queue = queues(graph).find((each) => each.name === `${name}Queue`);
        return sqs.sent
          .filter(({ queueUrl }) => queue && queueUrl.endsWith(`/${input(queue, "name")}`))
          .map(({ body }) => body);
      };
      const told = Object.keys(changeConsumers).filter((name) => bodiesOf(name).length > 0);
      expect(told).toEqual(["ProjectRanking", "RecordChanges", "SendMail", "QueueJobs"]);
      const handlerOf: Record<ChangeConsumerName, keyof typeof handlers> = {
        ProjectRanking: "projectRanking",
        RecordChanges: "recordChanges",
        SendMail: "sendMail",
        QueueJobs: "queueJobs",
        StartApproval: "startApproval",
      };
      for (const [name, handler] of Object.entries(handlerOf)) {
        const bodies = told.includes(name) ? bodiesOf(name) : bodiesOf("RecordChanges");
        expect.soft(await answer(handler, delivered(...bodies)), name).toEqual(nothingFailed);
      }
      const after = JSON.stringify(await marshalled(test.table.name));
      expect(after).toContain('"AuditEntry"');
    },
    2 * MINUTE,
  );

  it(
    "messages of queues, where what they are about is gone",
    async () => {
      const about = { tenantId, cycleId: `cyc_${ulid}`, chunk: 0 };
      const chunk = JSON.stringify({ kind: "kick-off-chunk", ...about });
      expect(await answer("runCycleChunk", delivered(chunk))).toEqual(nothingFailed);
      const created = objectCreated(`imports/${tenantId}/imp_${ulid}`);
      expect(await answer("runImport", delivered(bucketTest, created))).toEqual(nothingFailed);
      const { answer: given } = await answer("runImport", delivered("{"));
      expect(given).toMatchObject({ batchItemFailures: [{ itemIdentifier: expect.any(String) }] });
    },
    MINUTE,
  );

  it.each(["registerStep", "remindApprover", "escalateStep", "expirePlan"] as const)(
    "a task of the state machine, for a plan that is gone: %s",
    async (name) => {
      const step = { tenantId, planId: `pln_${ulid}`, revision: 1, attempt: 1, stepNumber: 1 };
      const payload = name === "registerStep" ? { ...step, taskToken: "AQCEAAAAKgAAAAMA" } : step;
      expect(await answer(name, payload)).toEqual({ error: "DomainError" });
    },
    MINUTE,
  );

  it("and none is left out", () => {
    expect([...answered].sort()).toEqual(Object.keys(handlers).sort());
  });
});
