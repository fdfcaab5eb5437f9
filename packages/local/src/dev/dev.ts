import { appendFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { argv, exit, stderr, stdout } from "node:process";
import { type LocalRuntime, startRuntime } from "../runtime/start-runtime.ts";
import { type DevArguments, readArguments, UsageError, usage } from "./arguments.ts";
import {
  type DemoTenant,
  makeDemoTenant,
  refuseForeignFolder,
  removeHalfMade,
  storedDemoTenant,
} from "./demo-tenant.ts";

const ENGINE_LOST = new Error(
  "its DynamoDB engine has ended. Start it again; nothing acknowledged is lost",
);

const say = (text: string) => stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const options = readArguments(argv.slice(2));
  const folder = resolve(options.folder);
  const stopping = stopOnSignal();
  refuseForeignFolder(folder);
  if (removeHalfMade(folder)) say("The first start was ended too early: starting over");
  const stored = storedDemoTenant(folder);
  const runtime = await start(options, folder, () => {
    if (!stopping.hasBegun()) fail(ENGINE_LOST);
  });
  stopping.of(runtime);
  try {
    say(welcome(runtime, stored ?? (await firstTenant(runtime, folder)), folder));
  } catch (error) {
    // What was cut off by stopping starts over next time.
    if (stopping.hasBegun()) return;
    await runtime.stop();
    throw error;
  }
}

function firstTenant(runtime: LocalRuntime, folder: string): Promise<DemoTenant> {
  say("Setting up the demo tenant, about ten seconds …");
  return makeDemoTenant(runtime, folder);
}

/** Package managers hand a Ctrl-C on that has reached us already. */
const SAME_SIGNAL_MILLISECONDS = 1000;

/** The second Ctrl-C does not wait; nothing acknowledged is lost either way. */
function stopOnSignal() {
  let runtime: LocalRuntime | undefined;
  let begunAt: number | undefined;
  const stop = () => {
    if (begunAt !== undefined) {
      if (performance.now() - begunAt > SAME_SIGNAL_MILLISECONDS) exit(130);
      return;
    }
    begunAt = performance.now();
    say("\nStopping …");
    // The engine and the lock of the data folder end with this process, whatever it had begun.
    const stopped = runtime?.stop() ?? Promise.resolve();
    stopped.then(() => exit(0), fail);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
  return {
    of: (started: LocalRuntime) => {
      runtime = started;
    },
    hasBegun: () => begunAt !== undefined,
  };
}

const start = (
  { port, startAt }: DevArguments,
  folder: string,
  onEngineLost: () => void,
): Promise<LocalRuntime> =>
  startRuntime({
    folder,
    onEngineLost,
    port,
    startAt,
    endpoint: process.env["DYNAMODB_ENDPOINT"] || undefined,
    background: true,
    log: (line) => {
      const text = JSON.stringify(line);
      appendFileSync(join(folder, "log.jsonl"), `${text}\n`);
      if (line["level"] === "error") stderr.write(`${text}\n`);
    },
  });

function welcome({ url, clock }: LocalRuntime, tenant: DemoTenant, folder: string): string {
  const { password, logins, partnerId, period } = tenant;
  const width = Math.max(...logins.map(({ email }) => email.length));
  const [, manager] = logins;
  const login = JSON.stringify({ email: manager?.email, password });
  return `
Concord runs at ${url}; API reference at ${url}/docs
Business clock: ${clock.now().toISOString()}
Data: ${folder}   Mails: ${join(folder, "outbox")}   Log: ${join(folder, "log.jsonl")}

Log-ins, all with the password "${password}":
${logins.map(({ email, role }) => `  ${email.padEnd(width)}  ${role}`).join("\n")}

Three requests to try:
  TOKEN=$(curl -s ${url}/v1/login -H 'content-type: application/json' -d '${login}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')
  curl -s -H "authorization: Bearer $TOKEN" ${url}/v1/rankings/${period}
  curl -s -H "authorization: Bearer $TOKEN" '${url}/v1/partners/${partnerId}/scorecards/${period}?explain=true'

Move the business clock on:
  curl -s ${url}/dev/clock -H 'content-type: application/json' -d '{"now":"${new Date(clock.now().getTime() + 30 * 86_400_000).toISOString()}"}'

Ctrl-C stops it; everything is kept for the next start.`;
}

function fail(error: unknown): never {
  if (error instanceof UsageError) {
    stderr.write(`${error.message}\n\n${usage}\n`);
    exit(2);
  }
  stderr.write(`Concord cannot run: ${error instanceof Error ? error.message : String(error)}\n`);
  exit(1);
}

main().catch(fail);
