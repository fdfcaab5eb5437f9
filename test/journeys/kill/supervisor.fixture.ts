import { setTimeout as wait } from "node:timers/promises";
import { figure } from "@concord/local/testing";
import { type Child, startChild } from "../child.fixture.ts";

const script = new URL("./runtime.fixture.ts", import.meta.url).pathname;

/** Of the kills, so many come at any moment of a start; the others while the runtime answers. */
const DURING_START = 0.15;
const LONGEST_START_MILLISECONDS = 1_500;
/** In full, so short that much is cut off again and again; otherwise most of the time went into starts. */
const LONGEST_LIFE_MILLISECONDS = figure(6_000, 2_500);

export interface Supervisor {
  readonly kills: () => number;
  /** Rejects where a runtime did not start. */
  readonly failure: Promise<never>;
  /** Kills once more, and starts none again. */
  end(): Promise<void>;
}

/** Keeps a runtime alive on the folder, and kills it at random moments. */
export function supervise(folder: string, port: number, random: () => number): Supervisor {
  let kills = 0;
  let isEnding = false;
  let child: Child | undefined;

  const live = async () => {
    while (!isEnding) {
      child = startChild(script, [folder, String(port)]);
      if (random() < DURING_START) await wait(random() * LONGEST_START_MILLISECONDS);
      else {
        await child.until(/ready\n/);
        await wait(random() * LONGEST_LIFE_MILLISECONDS);
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
      await lived.catch(() => undefined);
      await child?.end("SIGKILL");
    },
  };
}
