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
 * A life lasts until it has given some answers and taken some hundredths of a second of CPU, at most so many. By the clock a
 * busy machine would get nothing done in a life; by answers alone, nothing in the background; by work alone, no password
 * hashed. In full so few that much is cut off again and again; otherwise most of the time went into starts.
 */
const MOST = { answers: figure(24, 10), work: figure(100, 30) };

/** The runtime in one file, and what was compiled of it: to load a thousand modules takes longer than most of its lives. */
export interface BundledRuntime {
  readonly file: string;
  readonly compiled: string;
  remove(): void;
}

export async function bundledRuntime(): Promise<BundledRuntime> {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "killed-"));
  const runtime = { file: join(folder, "runtime.cjs"), compiled: join(folder, "compiled") };
  await build({
    ...{ input: script, platform: "node", logLevel: "silent" },
    resolve: { mainFields: ["module", "main"] },
    // An ES module that imports anything of `node:http` loads all of it: CommonJS starts sooner.
    output: { file: runtime.file, format: "cjs", codeSplitting: false, minify: true },
  });
  const first = startRuntimeOn(runtime, join(folder, "data"), 0);
  first.write("start\n");
  await first.until(/ready\n/);
  await first.end("SIGKILL");
  return { ...runtime, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const startRuntimeOn = (
  { file, compiled }: Pick<BundledRuntime, "file" | "compiled">,
  folder: string,
  port: number,
): Child => startChild(file, [folder, String(port)], { env: { NODE_COMPILE_CACHE: compiled } });

export interface Supervisor {
  readonly kills: () => number;
  /** Rejects where a runtime did not start. */
  readonly failure: Promise<never>;
  /** Kills once more, and starts none again. */
  end(): Promise<void>;
}

/** How many kills there were of every runtime together, and whether one more is wanted. */
export interface Tally {
  add(): void;
  isFull(): boolean;
}

/** Keeps a runtime alive on the folder, and kills it at random moments until the tally is full. */
export function supervise(
  runtime: BundledRuntime,
  { folder, port }: { readonly folder: string; readonly port: number },
  random: () => number,
  tally: Tally,
): Supervisor {
  let kills = 0;
  let isEnding = false;
  let child: Child | undefined;
  const next = () => startRuntimeOn(runtime, folder, port);
  /** Has its modules while the one before it lives. */
  let standby = next();

  const live = async () => {
    while (!isEnding) {
      const current = standby;
      await current.until(/loaded\n/);
      if (isEnding) return;
      current.write("start\n");
      child = current;
      if (tally.isFull()) {
        await current.end();
        if (isEnding) return;
        throw new Error(`ended by itself:\n${current.output()}`);
      }
      standby = next();
      if (random() < DURING_START) await wait(random() * LONGEST_START_MILLISECONDS);
      else {
        const [answers, work] = [random() * MOST.answers, random() * MOST.work].map(Math.floor);
        await child.until(new RegExp(`ready\\n([^!]*!){${answers}}`));
        await child.until(new RegExp(`ready\\n([^.]*\\.){${work}}`));
      }
      if (isEnding) return;
      await child.end("SIGKILL");
      kills += 1;
      tally.add();
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
