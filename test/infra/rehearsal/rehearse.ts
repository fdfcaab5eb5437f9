import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { region } from "../synth/stand-ins.ts";
import { startAws } from "./aws-stand-in.ts";

const here = resolve(import.meta.dirname, "..");
const root = resolve(here, "../..");

export type Rehearsal = { exitCode: number; output: string; errors: string };

/** Runs the real `sst` command without an account and without the network. */
export async function rehearse(...command: string[]): Promise<Rehearsal> {
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
  try {
    const child = spawn(join(here, "node_modules/.bin/sst"), command, {
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
      },
    });
    const ended = new Promise<number>((done) => child.on("exit", (code) => done(code ?? 1)));
    const [output, errors, exitCode] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      ended,
    ]);
    return { exitCode, output, errors };
  } finally {
    aws.close();
  }
}
