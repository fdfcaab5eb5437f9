import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { afterAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const rules = join(root, ".dependency-cruiser.cjs");

/** As the command line does it, in this process: to load the cruiser costs more than a small cruise. */
async function cruiseIn(folder: string, places: readonly string[]): Promise<ICruiseResult> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    const options = await extractDepcruiseOptions(rules);
    const tsConfig = extractTSConfig(join(folder, "tsconfig.json"));
    const { output } = await cruise([...places], options, undefined, { tsConfig });
    if (typeof output === "string") throw new Error(output);
    return output;
  } finally {
    process.chdir(before);
  }
}

const brokenRules = ({ summary }: ICruiseResult): string[] =>
  summary.violations.map(({ rule }) => rule.name);

/** One planted fault a rule: the files that break it and nothing else. */
const faults: Record<string, Record<string, string>> = {
  "no-cycles": {
    "packages/core/src/one/a.ts": 'export { b } from "./b.ts"; export const a = 1;',
    "packages/core/src/one/b.ts": 'export { a } from "./a.ts"; export const b = 1;',
  },
  "core-is-pure": {
    "packages/core/src/one/read.ts":
      'import { readFileSync } from "node:fs"; export const read = readFileSync;',
  },
  "decisions-do-no-io": {
    "packages/core/src/one/one.ts":
      'import type { Port } from "./repository.ts"; export type P = Port;',
    "packages/core/src/one/repository.ts": "export interface Port { get(): void }",
  },
  "features-meet-at-their-index": {
    "packages/core/src/one/one.ts": 'export { inner } from "../two/inner.ts";',
    "packages/core/src/two/inner.ts": "export const inner = 1;",
  },
  "storage-is-chosen-at-the-root": {
    "packages/api/src/one/routes.ts": 'export { table } from "../../../storage/src/index.ts";',
    "packages/storage/src/index.ts": "export const table = 1;",
  },
  "storage-knows-core-alone": {
    "packages/storage/src/index.ts": 'export { app } from "../../api/src/index.ts";',
    "packages/api/src/index.ts": "export const app = 1;",
  },
  "keys-are-spelled-once": {
    "packages/local/src/peek.ts": 'export { keys } from "../../storage/src/keys/index.ts";',
    "packages/storage/src/keys/index.ts": "export const keys = 1;",
  },
  "api-and-workers-do-not-meet": {
    "packages/workers/src/job.ts": 'export { app } from "../../api/src/index.ts";',
    "packages/api/src/index.ts": "export const app = 1;",
  },
  "nothing-imports-a-lambda": {
    "packages/local/src/dev.ts": 'export { handler } from "../../api/src/app.lambda.ts";',
    "packages/api/src/app.lambda.ts": "export const handler = 1;",
  },
  "the-entry-point-is-for-lambdas": {
    "packages/workers/src/job.ts": 'export { open } from "./entry-point.ts";',
    "packages/workers/src/entry-point.ts": "export const open = 1;",
  },
  "infra-knows-no-stack": {
    "infra/table.ts": 'export { data } from "../stacks/data.ts";',
    "stacks/data.ts": "export const data = 1;",
  },
  "stacks-name-handlers-by-path": {
    "stacks/api.ts": 'export { app } from "../packages/api/src/index.ts";',
    "packages/api/src/index.ts": "export const app = 1;",
  },
  "nothing-imports-a-test": {
    "packages/core/src/one/index.ts": 'export { t } from "./one.test.ts";',
    "packages/core/src/one/one.test.ts": "export const t = 1;",
  },
  "testing-is-for-tests": {
    "packages/local/src/dev.ts": 'export { store } from "./testing/index.ts";',
    "packages/local/src/testing/index.ts": "export const store = 1;",
  },
  "imports-resolve": {
    "packages/core/src/one/index.ts": 'export { gone } from "./gone.ts";',
  },
};

describe("the rules of who may import whom", () => {
  const planted = mkdtempSync(join(tmpdir(), "concord-structure-"));
  afterAll(() => rmSync(planted, { recursive: true, force: true }));

  it("look at every source file of the repository and find nothing broken", async () => {
    const cruised = await cruiseIn(root, ["packages", "infra", "stacks", "test"]);
    const seen = new Set(cruised.modules.map(({ source }) => source));
    const sources = execFileSync("git", ["ls-files", "packages/*.ts", "infra/*.ts"], {
      cwd: root,
      encoding: "utf8",
    })
      .split("\n")
      .filter(Boolean);
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter((source) => !seen.has(source))).toEqual([]);
    expect(brokenRules(cruised)).toEqual([]);
  });

  it.each(Object.entries(faults))("%s bites", async (rule, files) => {
    const folder = join(planted, rule);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ include: ["**/*.ts"] }));
    const places = ["packages", "infra", "stacks"].filter((place) =>
      Object.keys(files).some((path) => path.startsWith(place)),
    );
    expect(brokenRules(await cruiseIn(folder, places))).toContain(rule);
  });
});
