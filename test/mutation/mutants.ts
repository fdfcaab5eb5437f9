import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { areas } from "./areas.ts";

/**
 * `pnpm mutants [area …]`: changes the code of these areas, one small change at a time, runs their tests on each
 * and prints those that no test noticed. In a copy of the repository, since packages find each other through links.
 */
const root = new URL("../..", import.meta.url).pathname;
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(areas, name));
if (unknown.length > 0) {
  process.stderr.write(
    `No area ${unknown.join(", ")}; there are ${Object.keys(areas).join(", ")}\n`,
  );
  process.exit(2);
}

interface Mutant {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement: string;
  readonly location: { readonly start: { readonly line: number } };
}
type Report = {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
};

const NOTICED = new Set(["Killed", "Timeout", "RuntimeError"]);
/** Mutants that cannot be run say nothing. */
const COUNTED = new Set([...NOTICED, "Survived", "NoCoverage"]);

function copyOfRepository(): string {
  const copy = mkdtempSync(join(tmpdir(), "concord-mutants-"));
  const listed = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 },
  );
  for (const path of listed.split("\0").filter(Boolean)) {
    mkdirSync(join(copy, dirname(path)), { recursive: true });
    cpSync(join(root, path), join(copy, path));
  }
  execFileSync("pnpm", ["install", "--frozen-lockfile", "--prefer-offline"], {
    cwd: copy,
    stdio: "ignore",
  });
  return copy;
}

function reportOf(name: string, copy: string): Report {
  const area = areas[name];
  if (!area) throw new Error(`No area ${name}`);
  const file = (path: string, text: string) => writeFileSync(join(copy, path), text);
  file(
    "mutants.vitest.config.mjs",
    `export default ${JSON.stringify({
      test: {
        include: area.tests,
        isolate: false,
        testTimeout: 60_000,
        hookTimeout: 240_000,
      },
    })};`,
  );
  file(
    "mutants.stryker.config.json",
    JSON.stringify({
      testRunner: "vitest",
      vitest: { configFile: "mutants.vitest.config.mjs", related: false },
      plugins: ["@stryker-mutator/vitest-runner"],
      mutate: area.mutate,
      inPlace: true,
      disableTypeChecks: false,
      coverageAnalysis: "perTest",
      concurrency: Number(process.env["MUTANTS_AT_ONCE"] ?? 2),
      timeoutMS: 30_000,
      warnings: { slow: false },
      reporters: ["progress-append-only", "json"],
      jsonReporter: { fileName: `${name}.json` },
    }),
  );
  spawnSync(
    join(copy, "node_modules/.bin/stryker"),
    ["run", "mutants.stryker.config.json", "--logLevel", "error"],
    { cwd: copy, stdio: "inherit", env: { ...process.env, CONCORD_MUTANTS: "1" } },
  );
  return JSON.parse(readFileSync(join(copy, `${name}.json`), "utf8")) as Report;
}

function tell(name: string, report: Report): string {
  const counted = Object.entries(report.files).flatMap(([path, { mutants }]) =>
    mutants
      .filter(({ status }) => COUNTED.has(status))
      .map((mutant) => ({ ...mutant, path: path.replace(/^packages\//, "") })),
  );
  const survivors = counted.filter(({ status }) => !NOTICED.has(status));
  const noticed = counted.length - survivors.length;
  const reached = counted.filter(({ status }) => status !== "NoCoverage").length;
  const share = (of: number) => `${((100 * noticed) / of).toFixed(1)} %`;
  const lines = survivors.map(
    ({ path, location, status, mutatorName, replacement }) =>
      `  ${path}:${location.start.line} ${status} ${mutatorName}: ${replacement.replaceAll(/\s+/g, " ").slice(0, 100)}`,
  );
  const head = `${name}: ${noticed} of ${counted.length} noticed (${share(counted.length)}), ${share(reached)} of those that its tests reach`;
  return [head, ...lines].join("\n");
}

const copy = copyOfRepository();
try {
  const told: string[] = [];
  for (const name of asked.length > 0 ? asked : Object.keys(areas)) {
    told.push(tell(name, reportOf(name, copy)));
  }
  process.stdout.write(`\n${told.join("\n\n")}\n`);
} finally {
  rmSync(copy, { recursive: true, force: true });
}
