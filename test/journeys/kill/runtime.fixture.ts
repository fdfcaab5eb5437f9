import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { startRuntime } from "../../../packages/local/src/runtime/start-runtime.ts";

/** The runtime with its background work, in a process of its own; a test kills it. Says `ready` once it answers. */
const [folder, port] = process.argv.slice(2);
if (!folder || !port) throw new Error("usage: runtime.fixture.ts <folder> <port>");
await startRuntime({
  folder,
  port: Number(port),
  background: true,
  log: (line) => appendFileSync(join(folder, "log.jsonl"), `${JSON.stringify(line)}\n`),
});
process.stdout.write("ready\n");
