import { resolve } from "node:path";
import { argv, cwd, exit, stderr, stdout } from "node:process";
import type { LocalRuntime } from "../runtime/start-runtime.ts";
import { readArguments, UsageError, usage } from "./arguments.ts";
import { createChecks } from "./checks.ts";
import { createProgress } from "./progress.ts";
import { runDemo } from "./run-demo.ts";

const repository = resolve(import.meta.dirname, "../../../..");

async function main(): Promise<number> {
  const options = await readArguments(argv.slice(2), cwd());
  const say = createProgress((text) => stdout.write(text), Date.now);
  const checks = createChecks();
  let running: LocalRuntime | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      const stopped = running?.stop() ?? Promise.resolve();
      stopped.finally(() => exit(130)).catch(() => {});
    });
  }
  await runDemo({
    ...options,
    folder: resolve(repository, ".concord/demo"),
    say,
    checks,
    onStart: (runtime) => {
      running = runtime;
    },
  });
  if (checks.broken.length > 0) {
    stderr.write(
      `\nThe demo is not as it should be, ${checks.broken.length} of ${checks.made} checks failed:\n`,
    );
    for (const claim of checks.broken) stderr.write(`  ${claim}\n`);
    return 1;
  }
  say.step(`Done: all ${checks.made} checks held`);
  return 0;
}

try {
  exit(await main());
} catch (error) {
  if (error instanceof UsageError) {
    stderr.write(`${error.message}\n\n${usage}\n`);
    exit(2);
  }
  stderr.write(`The demo stopped: ${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof Error && error.stack && process.env["CONCORD_DEBUG"]) {
    stderr.write(`${error.stack}\n`);
  }
  exit(1);
}
