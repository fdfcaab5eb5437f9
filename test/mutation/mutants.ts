import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { areas } from "./areas.ts";
import { type NamedMutant, namedMutants } from "./named.ts";

/**
 * `pnpm mutants [named | area …]`: changes the code of these areas, one small change at a time, runs their tests on each
 * and prints those that no test noticed; `named` are the changes by hand that none may survive. In a copy of the repository, since
 * packages find each other through links.
 */
const NAMED = "named";
const root = new URL("../..", import.meta.url).pathname;
const asked = process.argv.slice(2);
const known = [NAMED, ...Object.keys(areas)];
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No area ${unknown.join(", ")}; there are ${known.join(", ")}\n`);
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

const CONFIG = "mutants.vitest.config.mjs";
function configure(copy: string, include: readonly string[]): void {
  const test = { include, isolate: false, testTimeout: 60_000, hookTimeout: 240_000 };
  writeFileSync(join(copy, CONFIG), `export default ${JSON.stringify({ test })};`);
}

/** The named mutants that every one of their tests passes with. @throws Error where a test fails without any */
function survivorsOf(mutants: readonly NamedMutant[], copy: string): readonly NamedMutant[] {
  const all = [...new Set(mutants.flatMap(({ tests }) => tests))];
  configure(copy, all);
  const pass = (tests: readonly string[]): boolean => {
    const args = ["run", "--config", CONFIG, "--bail", "1", ...tests];
    const env = { ...process.env, CONCORD_MUTANTS: "1" };
    const vitest = join(copy, "node_modules/.bin/vitest");
    return spawnSync(vitest, args, { cwd: copy, stdio: "ignore", env }).status === 0;
  };
  if (!pass(all)) throw new Error(`a test fails on the code as it is: ${all.join(" ")}`);
  return mutants.filter(({ name, path, from, to, tests }) => {
    const file = join(copy, path);
    const before = readFileSync(file, "utf8");
    writeFileSync(
      file,
      before.replace(from, () => to),
    );
    const isAlive = pass(tests);
    writeFileSync(file, before);
    process.stdout.write(`${isAlive ? "SURVIVED" : "noticed "} ${name}\n`);
    return isAlive;
  });
}

function tellNamed(survivors: readonly NamedMutant[]): string {
  const noticed = namedMutants.length - survivors.length;
  const head = `${NAMED}: ${noticed} of ${namedMutants.length} noticed`;
  return [head, ...survivors.map(({ path, name }) => `  ${path}: ${name}`)].join("\n");
}

function reportOf(name: string, copy: string): Report {
  const area = areas[name];
  if (!area) throw new Error(`No area ${name}`);
  configure(copy, area.tests);
  writeFileSync(
    join(copy, "mutants.stryker.config.json"),
    JSON.stringify({
      testRunner: "vitest",
      vitest: { configFile: CONFIG, related: false },
      plugins: ["@stryker-mutator/vitest-runner"],
      mutate: [...area.mutate, "!**/*.{fixture,test}.ts"],
      inPlace: true,
      disableTypeChecks: false,
      coverageAnalysis: "perTest",
      // What a module says when it is loaded is behind every test, so that each such change would run all of them.
      ignoreStatic: process.env["MUTANTS_STATIC"] !== "1",
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
  const ignored = Object.values(report.files)
    .flatMap(({ mutants }) => mutants)
    .filter(({ status }) => status === "Ignored").length;
  const head = `${name}: ${noticed} of ${counted.length} noticed (${share(counted.length)}), ${share(reached)} of those that its tests reach; ${ignored} of what is loaded left out`;
  return [head, ...lines].join("\n");
}

const copy = copyOfRepository();
try {
  const told: string[] = [];
  for (const name of asked.length > 0 ? asked : known) {
    if (name !== NAMED) told.push(tell(name, reportOf(name, copy)));
    else {
      const survivors = survivorsOf(namedMutants, copy);
      if (survivors.length > 0) process.exitCode = 1;
      told.push(tellNamed(survivors));
    }
  }
  process.stdout.write(`\n${told.join("\n\n")}\n`);
} finally {
  rmSync(copy, { recursive: true, force: true });
}
