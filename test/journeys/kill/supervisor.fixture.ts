import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { figure } from "@concord/local/testing";
import { build } from "rolldown";
import { type Child, startChild } from "../child.fixture.ts";

const script = new URL("./runtime.fixture.ts", import.meta.url).pathname;
/** Below the package that has the engine among its modules. */
const cache = resolve(import.meta.dirname, "../../../packages/local/node_modules/.cache");

/** Of the kills, so many come at any moment of a start; the others while the runtime answers. */
const DURING_START = figure(0.15, 0.25);
const LONGEST_START_MILLISECONDS = 800;
/**
 * Answers of the longest life. By the clock, a busy machine would get nothing done in a life. In full so few that much is
 * cut off again and again; otherwise most of the time went into starts.
 */
const MOST_ANSWERS = figure(24, 10);
const LAST_MILLISECONDS = 100;

/** The runtime in one file: to load a thousand modules takes longer than most of its lives. */
export async function bundledRuntime(): Promise<{ file: string; remove: () => void }> {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "killed-"));
  const file = join(folder, "runtime.mjs");
  await build({
    ...{ input: script, platform: "node", logLevel: "silent" },
    resolve: { mainFields: ["module", "main"] },
    output: { file, format: "esm", codeSplitting: false },
  });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface Supervisor {
  readonly kills: () => number;
  /** Rejects where a runtime did not start. */
  readonly failure: Promise<never>;
  /** Kills once more, and starts none again. */
  end(): Promise<void>;
}

/** Keeps a runtime alive on the folder, and kills it at random moments. @param runtime the file of a bundled one */
export function supervise(
  runtime: string,
  folder: string,
  port: number,
  random: () => number,
): Supervisor {
  let kills = 0;
  let isEnding = false;
  let child: Child | undefined;
  const next = () => startChild(runtime, [folder, String(port)]);
  /** Has its modules while the one before it lives. */
  let standby = next();

  const live = async () => {
    while (!isEnding) {
      const current = standby;
      await current.until(/loaded\n/);
      if (isEnding) return;
      current.write("start\n");
      child = current;
      standby = next();
      if (random() < DURING_START) await wait(random() * LONGEST_START_MILLISECONDS);
      else {
        const answers = Math.floor(random() * MOST_ANSWERS);
        await child.until(new RegExp(`ready\\n\\.{${answers}}`));
        await wait(random() * LAST_MILLISECONDS);
      }
      if (isEnding) return;
      await child.end("SIGKILL");
      kills += 1;
    }
  };
  const lived = live();
  const failure = new Promise<never>((_, reject) => lived.catch(reject));
  failure.catch(() => undefined);
  return {
    kills: () => kills,
    failure,
    async end() {
      isEnding = true;
      await child?.end("SIGKILL");
      await lived.catch(() => undefined);
      await standby.end("SIGKILL");
    },
  };
}
