import { appendFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startRuntime } from "../../../packages/local/src/runtime/start-runtime.ts";

/** So much work is a dot. */
const DOT_MILLISECONDS = 10;

/**
 * The runtime with its background work, in a process of its own; a test kills it. Says `loaded` once it has its modules,
 * waits for a line, says `ready` once it answers, and from then on `!` for each answer and a dot for each 10 ms of CPU.
 */
function main([folder, port]: readonly string[]): void {
  if (!folder || !port) throw new Error("usage: runtime.fixture.ts <folder> <port>");
  const input = createInterface({ input: process.stdin });
  input.once("line", async () => {
    input.close();
    await startRuntime({
      folder,
      port: Number(port),
      background: true,
      log(line) {
        appendFileSync(join(folder, "log.jsonl"), `${JSON.stringify(line)}\n`);
        if (line["message"] === "request") process.stdout.write("!");
      },
    });
    // Of the first process, for all that follow; it is killed before it would be written by itself.
    flushCompileCache();
    process.stdout.write("ready\n");
    tellWork();
  });
  process.stdout.write("loaded\n");
}

function tellWork(): void {
  let told = process.cpuUsage();
  setInterval(() => {
    const { user, system } = process.cpuUsage(told);
    const dots = Math.floor((user + system) / 1_000 / DOT_MILLISECONDS);
    if (dots === 0) return;
    told = process.cpuUsage();
    process.stdout.write(".".repeat(dots));
  }, DOT_MILLISECONDS);
}

main(process.argv.slice(2));
