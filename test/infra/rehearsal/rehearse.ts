import { spawn } from "node:child_process";
import { globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { region } from "../synth/stand-ins.ts";
import { startAws } from "./aws-stand-in.ts";
import { REFUSED } from "./pulumi-settings.ts";

const here = resolve(import.meta.dirname, "..");
const root = resolve(here, "../..");

export type Rehearsal = { exitCode: number; output: string; errors: string };

/** What a deployment left in the account, as the command remembers it. */
export type State = { resources: { urn: string; type: string; inputs: Record<string, unknown> }[] };

/** The package's script of that name, as an operator runs it. */
export const script = (name: "deploy" | "sst", ...args: string[]): string[] => [
  process.env["npm_execpath"] ?? "pnpm",
  ...["--silent", "run", name, ...args],
];

/** An account that knows nothing yet, in which commands follow each other: the real `sst`, without the network. */
export async function emptyAccount() {
  const config = join(root, ".sst/rehearsal");
  const engine = join(config, "sst/bin/pulumi");
  rmSync(config, { recursive: true, force: true });
  mkdirSync(join(config, "sst/bin"), { recursive: true });
  writeFileSync(
    engine,
    `#!/bin/sh\nexec ${process.execPath} ${join(import.meta.dirname, "pulumi.ts")} "$@"\n`,
    { mode: 0o755 },
  );
  const aws = await startAws(region);
  /** @param refused the name of a resource that AWS does not take */
  const run = async (command: readonly string[], refused = ""): Promise<Rehearsal> => {
    const [file = "", ...args] = /\.[cm]?js$/.test(command[0] ?? "")
      ? [process.execPath, ...command]
      : command;
    const child = spawn(file, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        XDG_CONFIG_HOME: config,
        SST_TELEMETRY_DISABLED: "1",
        SST_BUN_PATH: "true",
        SST_SKIP_DEPENDENCY_CHECK: "1",
        AWS_ENDPOINT_URL: aws.url,
        AWS_ACCESS_KEY_ID: "rehearsal",
        AWS_SECRET_ACCESS_KEY: "rehearsal",
        AWS_REGION: region,
        AWS_EC2_METADATA_DISABLED: "true",
        [REFUSED]: refused,
      },
    });
    const ended = new Promise<number>((done) => child.on("exit", (code) => done(code ?? 1)));
    const [output, errors, exitCode] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      ended,
    ]);
    return { exitCode, output, errors };
  };
  const state = (stage: string): State => {
    const found = aws.objects.get(`/sst-state-${region}/app/concord/${stage}.json`);
    return found ? JSON.parse(found.toString()).checkpoint.latest : { resources: [] };
  };
  /** The command writes types for every package; none of ours reads them. */
  const close = () => {
    aws.close();
    for (const file of globSync("{.,packages/*,test,test/infra}/sst-env.d.ts", { cwd: root })) {
      rmSync(join(root, file));
    }
  };
  return { run, state, close };
}
