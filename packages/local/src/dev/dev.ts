import { appendFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { argv, exit, stderr, stdout } from "node:process";
import { type LocalRuntime, startRuntime } from "../runtime/start-runtime.ts";
import { type DevArguments, readArguments, UsageError, usage } from "./arguments.ts";
import {
  type DemoTenant,
  makeDemoTenant,
  removeHalfMade,
  storedDemoTenant,
} from "./demo-tenant.ts";

const say = (text: string) => stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const options = readArguments(argv.slice(2));
  const folder = resolve(options.folder);
  if (removeHalfMade(folder)) say("The first start was ended too early: starting over");
  const runtime = await start(options, folder);
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      // The second Ctrl-C does not wait; nothing acknowledged is lost either way.
      if (isStopping) exit(130);
      isStopping = true;
      say("\nStopping …");
      runtime.stop().then(
        () => exit(0),
        (error) => fail(error),
      );
    });
  }
  let tenant = storedDemoTenant(folder);
  if (!tenant) {
    say("Setting up the demo tenant, about ten seconds …");
    tenant = await makeDemoTenant(runtime, folder);
  }
  say(welcome(runtime, tenant, folder));
}

const start = ({ port, startAt }: DevArguments, folder: string): Promise<LocalRuntime> =>
  startRuntime({
    folder,
    port,
    startAt,
    endpoint: process.env["DYNAMODB_ENDPOINT"],
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
Business clock: ${clock.now().toISOString()}   Data and mails: ${folder}

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
