import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { manifest } from "../manifest.ts";
import { openApiDocument } from "./document.ts";

const file = new URL("../../openapi.json", import.meta.url);
const text = `${JSON.stringify(openApiDocument(manifest), null, 2)}\n`;
const isCurrent = existsSync(file) && readFileSync(file, "utf8") === text;

if (!process.argv.includes("--check")) {
  writeFileSync(file, text);
  process.stdout.write(`openapi.json ${isCurrent ? "was current" : "is written"}\n`);
} else if (isCurrent) {
  process.stdout.write("openapi.json is current\n");
} else {
  process.stderr.write("openapi.json differs from the routes: run `pnpm openapi`\n");
  process.exitCode = 1;
}
