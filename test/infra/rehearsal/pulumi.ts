import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime/index.js";
import { recordResources } from "../synth/recorder.ts";
import { standInSecrets, standIns, withoutSecrets } from "../synth/stand-ins.ts";
import { stopSoonAfter } from "../synth/stop.ts";
import { REFUSED } from "./pulumi-settings.ts";

/**
 * Stands in for the `pulumi` command. The SST command bundles sst.config.ts, starts its own server, which really builds the
 * functions, and then this instead of the engine: it runs the program with stand-ins for AWS and reports what it creates.
 */
const VERSION = "v3.215.0";
const home = process.cwd();
const [command = "", ...rest] = process.argv.slice(2);
const option = (name: string): string => rest[rest.indexOf(name) + 1] ?? "";

const stateFile = (stack: string): string => {
  const [, app = "", stage = ""] = stack.split("/");
  return join(home, ".pulumi/stacks", app, `${stage}.json`);
};
function writeState(stack: string, resources: readonly object[]): void {
  const manifest = { time: new Date().toISOString(), magic: "", version: VERSION };
  mkdirSync(dirname(stateFile(stack)), { recursive: true });
  writeFileSync(
    stateFile(stack),
    JSON.stringify({ version: 3, checkpoint: { stack, latest: { manifest, resources } } }),
  );
}

/** AWS, which does not take the resource of this name. */
const refusing = (refused: string | undefined, tell: (message: string) => void) => ({
  ...standIns,
  newResource: (args: MockResourceArgs) => {
    if (args.name === refused) {
      tell(`creating ${args.type} (${args.name}): AccessDenied`);
      throw new Error("refused");
    }
    return standIns.newResource(args);
  },
});

async function run(): Promise<number> {
  const stack = option("--stack");
  const [, project = "", stage = ""] = stack.split("/");
  const main = /^main: (.*)$/m.exec(readFileSync("Pulumi.yaml", "utf8"))?.[1] ?? "";
  let sequence = 0;
  const emit = (event: object) => {
    const timestamp = Math.floor(Date.now() / 1000);
    appendFileSync(option("--event-log"), `${JSON.stringify({ sequence, timestamp, ...event })}\n`);
    sequence += 1;
  };
  const tell = (message: string) =>
    emit({ diagnosticEvent: { message, color: "never", severity: "error" } });
  const failures: unknown[] = [];
  const failed = (error: unknown) => {
    failures.push(error);
    tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };
  process.on("unhandledRejection", failed);
  standInSecrets();
  const recorded = recordResources();
  await pulumi.runtime.setMocks(refusing(process.env[REFUSED], tell), project, stage, false);
  let outputs: unknown = {};
  try {
    const program = async () => (await import(pathToFileURL(main).href)).default;
    outputs = await Promise.race([
      pulumi.runtime.runInPulumiStack(program),
      stopSoonAfter(failures),
    ]);
    await pulumi.runtime.disconnect();
  } catch (error) {
    failed(error);
  }
  const resources = recorded.map(({ urn, type, name, parent, inputs }) => {
    const plain = JSON.parse(JSON.stringify(inputs, withoutSecrets));
    return { urn, type, parent, custom: true, id: `${name}-id`, inputs: plain, outputs: plain };
  });
  const stackType = "pulumi:pulumi:Stack";
  const whole = {
    urn: `urn:pulumi:${stage}::${project}::${stackType}::${project}-${stage}`,
    ...{ type: stackType, custom: false, inputs: {} },
    outputs: JSON.parse(JSON.stringify(outputs ?? {}, withoutSecrets)),
  };
  for (const one of resources) {
    const created = { ...one, provider: "", protect: false };
    const nothing = { old: null, keys: null, diffs: null, detailedDiff: null };
    const metadata = {
      ...{ op: "create", urn: one.urn, type: one.type, new: created, logical: true },
      ...{ provider: "", ...nothing },
    };
    const planning = command === "preview";
    emit({ resourcePreEvent: { metadata, planning } });
    emit({ resOutputsEvent: { metadata, planning } });
  }
  const resourceChanges = { create: resources.length };
  emit({
    summaryEvent: { maybeCorrupt: false, durationSeconds: 1, resourceChanges, PolicyPacks: {} },
  });
  if (command === "up") writeState(stack, [whole, ...resources]);
  return failures.length === 0 ? 0 : 255;
}

if (command === "version") {
  process.stdout.write(`${VERSION}\n`);
  process.exit(0);
} else if (command === "stack" && rest[0] === "init") {
  writeState(rest[1] ?? "", []);
  process.exit(0);
} else if (["preview", "up", "refresh", "destroy"].includes(command)) {
  process.exit(await run());
} else {
  process.stderr.write(`no stand-in for pulumi ${command}\n`);
  process.exit(1);
}
