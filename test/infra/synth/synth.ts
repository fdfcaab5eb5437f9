import crypto from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable.js";
import { type Build, serveBuilds } from "./build-server.ts";
import { type App, bundleRun, readApp } from "./bundle-config.ts";
import { type Resource, recordResources } from "./recorder.ts";
import { region, standInSecrets, standIns, withoutSecrets } from "./stand-ins.ts";
import { stopSoonAfter } from "./stop.ts";

export type Graph = {
  app: App & { stage: string };
  outputs: Record<string, unknown>;
  resources: Resource[];
  builds: Build[];
  /** What must be read nowhere. */
  secretValues: string[];
  errors: string[];
};

/** Left out of Pulumi's types: what is still awaited. */
const { leakedPromises } = debuggable as unknown as {
  leakedPromises: () => [Set<unknown>, string];
};

/** Runs the stacks of a stage with SST's own components and gives every resource they would create. Once per process. */
export async function synthesise(root: string, stage: string): Promise<Graph> {
  // Names end in eight random bytes: constant ones make two runs alike.
  const { randomBytes } = crypto;
  Object.assign(crypto, {
    randomBytes: (size: number) => (size === 8 ? Buffer.alloc(8) : randomBytes(size)),
  });
  const secretValues = standInSecrets();
  process.env["SST_AWS_REGION"] = region;

  const errors: string[] = [];
  const failed = (error: unknown) =>
    errors.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.on("unhandledRejection", failed);

  const resources = recordResources();
  const app = await readApp(root, stage);
  const program = await bundleRun(root, stage, app);
  const server = await serveBuilds(root, join(root, ".sst/synth", stage));
  process.env["SST_SERVER"] = server.url;
  await pulumi.runtime.setMocks(standIns, app.name, stage, false);

  let outputs: Record<string, unknown> = {};
  try {
    const run = async () => {
      const result = await pulumi.runtime.runInPulumiStack(
        async () => (await import(pathToFileURL(program).href)).default,
      );
      await pulumi.runtime.disconnect();
      const [leaked] = leakedPromises();
      if (leaked.size > 0) throw new Error(`${leaked.size} promises never settled`);
      return result;
    };
    outputs = (await Promise.race([run(), stopSoonAfter(errors)])) ?? {};
  } catch (error) {
    failed(error);
  } finally {
    server.close();
    rmSync(program, { force: true });
  }

  const { builds } = server;
  const graph = { app: { ...app, stage }, outputs, resources, builds, secretValues, errors };
  return JSON.parse(JSON.stringify(graph, withoutSecrets));
}
