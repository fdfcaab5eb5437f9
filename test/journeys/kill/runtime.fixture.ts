import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { startRuntime } from "../../../packages/local/src/runtime/start-runtime.ts";

/**
 * The runtime with its background work, in a process of its own; a test kills it. Says `loaded` once it has its modules,
 * waits for a line, says `ready` once it answers and a dot for each answer.
 */
const [folder, port] = process.argv.slice(2);
if (!folder || !port) throw new Error("usage: runtime.fixture.ts <folder> <port>");
const input = createInterface({ input: process.stdin });
process.stdout.write("loaded\n");
await input[Symbol.asyncIterator]().next();
input.close();
await startRuntime({
  folder,
  port: Number(port),
  background: true,
  log(line) {
    appendFileSync(join(folder, "log.jsonl"), `${JSON.stringify(line)}\n`);
    if (line["message"] === "request") process.stdout.write(".");
  },
});
process.stdout.write("ready\n");
