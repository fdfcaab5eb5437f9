import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { synthesise } from "./synth.ts";

const root = resolve(import.meta.dirname, "../../..");
const stage = process.argv[2] ?? "test";
const graph = await synthesise(root, stage);
const file = resolve(root, `.sst/synth/${stage}.json`);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, JSON.stringify(graph, null, 2));
process.stdout.write(
  `${graph.resources.length} resources, ${graph.builds.length} functions, ${graph.errors.length} errors: ${file}\n`,
);
process.exit(0);
