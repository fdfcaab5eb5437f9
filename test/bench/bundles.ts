import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "rolldown";
import { median, type Ratio } from "./ratio.ts";

const root = resolve(import.meta.dirname, "../..");
const PROCESSES = 15;

/** What every function of this kind needs, and nothing of ours. */
const REFERENCE = `
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand, DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import { createLocalJWKSet, jwtVerify } from "jose";
import { z } from "zod";
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const commands = { BatchGetCommand, DeleteCommand, GetCommand, PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand };
const app = new Hono();
app.post("/:name", async (c) => {
  const keys = createLocalJWKSet(z.object({ keys: z.array(z.any()) }).parse(await c.req.json()));
  await jwtVerify(c.req.header("Authorization") ?? "", keys);
  return c.json(await client.send(new commands[c.req.param("name")]({})));
});
export const handler = handle(app);
`;

async function bundled(input: string, file: string): Promise<string> {
  await build({
    input,
    platform: "node",
    resolve: { mainFields: ["module", "main"] },
    logLevel: "silent",
    output: { file, format: "esm", minify: true, codeSplitting: false },
  });
  return file;
}

/** Milliseconds of CPU until the module of a bundle is there, in a process of its own. */
function initOf(bundle: string, env: Readonly<Record<string, string>>): number {
  const script = `await import(${JSON.stringify(bundle)}); const { user, system } = process.cpuUsage(); process.stdout.write(String((user + system) / 1000)); process.exit(0)`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", script],
    { encoding: "utf8", env: { PATH: process.env["PATH"] ?? "", AWS_REGION: "eu-west-1", ...env } },
  );
  const value = Number(stdout);
  if (!(value > 0)) throw new Error(stderr);
  return value;
}

const ENV = {
  TABLE_NAME: "table",
  UPLOADS_BUCKET: "uploads",
  CURSOR_SECRET: "c".repeat(40),
  TOKEN_ISSUER: "https://api.concord.test",
  AUDIT_PUBLIC_KEYS: "[]",
};

/** B3 and B4 of the targets: what the app function weighs and takes to start, beside its libraries alone. */
export async function bundleRatios(): Promise<readonly Ratio[]> {
  const folder = mkdtempSync(join(tmpdir(), "concord-bundles-"));
  try {
    // Beside the tests, so that the libraries are found.
    const entry = join(root, "test", "bench", "reference.gen.mjs");
    writeFileSync(entry, REFERENCE);
    const reference = await bundled(entry, join(folder, "reference.mjs"));
    rmSync(entry);
    const app = join(root, "packages/api/src/app.lambda.ts");
    const ours = await bundled(app, join(folder, "app.mjs"));
    const [own, other] = [ours, reference].map((file) => statSync(file).size) as [number, number];
    const pairs = Array.from({ length: PROCESSES }, () => [
      initOf(ours, ENV),
      initOf(reference, {}),
    ]);
    const [init, referenceInit] = [0, 1].map((side) =>
      median(pairs.map((pair) => pair[side] ?? Number.NaN)),
    ) as [number, number];
    return [
      {
        ...{ id: "B3", what: "minified bytes of the app function", unit: "bytes" },
        ...{ ours: own, reference: other, ratio: own / other, gate: 1.3, isCeiling: true },
      },
      {
        ...{ id: "B4", what: "start of its module", unit: "ms of CPU" },
        ...{ ours: init, reference: referenceInit, gate: 1.35, isCeiling: true },
        ratio: median(pairs.map(([a = 1, b = 1]) => a / b)),
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
