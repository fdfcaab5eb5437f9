import { spawn } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import { join, resolve } from "node:path";

/**
 * Writes `.sst/platform` (SST's components and types) without SST's own package installation: the versions it asks for are
 * pinned in this package, and it learns them from `node_modules` instead of from a registry.
 */
const here = resolve(import.meta.dirname, "..");
const platform = resolve(here, "../../.sst/platform");
const modules = join(here, "node_modules");

const registry = createServer((request, response) => {
  const name = decodeURIComponent(request.url ?? "")
    .replace(/^\//, "")
    .replace(/\/[^/]+$/, "");
  const manifest = join(modules, name, "package.json");
  response.statusCode = existsSync(manifest) ? 200 : 404;
  response.end(existsSync(manifest) ? readFileSync(manifest) : "{}");
});
await new Promise<void>((done) => registry.listen(0, "127.0.0.1", done));
const address = registry.address();
if (address === null || typeof address === "string")
  throw new Error("no port for the stand-in registry");

const exitCode = await new Promise<number>((done, failed) => {
  const child = spawn(join(modules, ".bin/sst"), ["install", "--stage", "test"], {
    cwd: here,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      NPM_REGISTRY: `http://127.0.0.1:${address.port}`,
      SST_BUN_PATH: "true",
      SST_SKIP_DEPENDENCY_CHECK: "1",
      SST_TELEMETRY_DISABLED: "1",
      XDG_CONFIG_HOME: join(modules, ".sst-config"),
    },
  });
  child.on("error", failed);
  child.on("exit", (code) => done(code ?? 1));
});
registry.close();
if (exitCode !== 0) process.exit(exitCode);

const linked = join(platform, "node_modules");
if (!existsSync(linked) || lstatSync(linked).isSymbolicLink()) {
  rmSync(linked, { force: true });
  mkdirSync(platform, { recursive: true });
  symlinkSync(modules, linked, "dir");
}
