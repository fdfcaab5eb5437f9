import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Fault } from "./wire.ts";

/**
 * Where something went wrong: the position of a request (from 0), and what it met, or that the same was done from
 * beginning to end before it left; or all was done twice.
 */
export interface Place {
  readonly at: number;
  readonly fault: Fault | "again" | "overtaken";
}

interface Failed extends Place {
  readonly what: string;
  /** Of the run in which it showed. */
  readonly seed: number;
}

/** What went wrong once: every request of these meets the fault in every run. */
const regressions: readonly string[] = [
  "endOwnLoginSessions killed-after",
  "endOwnLoginSession killed-after",
  "changePassword killed-after",
  "confirmSecondFactor killed-after",
  "endSecondFactor killed-after",
  "runImport overtaken",
];

/** A change of the product moves a request by a few. */
const NEAR = 2;

const pathOf = (test: string): string =>
  new URL(`../../node_modules/.cache/faults/${test}.json`, import.meta.url).pathname;

type Kept = Partial<Failed> & Pick<Failed, "seed">;

function lastOf(test: string): readonly Kept[] {
  try {
    return JSON.parse(readFileSync(pathOf(test), "utf8")) as Kept[];
  } catch {
    // Nothing went wrong yet.
    return [];
  }
}

/** The seed that is asked for, or with which something went wrong in the last run, or the usual one. */
export const seedOf = (test: string): number =>
  Number(process.env["FAULTS_SEED"] ?? lastOf(test)[0]?.seed ?? 20_270_115);

/** What went wrong in the last run on this machine, so that the next one begins with it. */
export function triedFirst(test: string, seed: number) {
  const last = lastOf(test);
  const failed: Failed[] = [];
  return {
    /** Whether this place is tried in any case. */
    has: (what: string, { at, fault }: Place): boolean =>
      regressions.includes(`${what} ${fault}`) ||
      last.some(
        (one) => one.what === what && one.fault === fault && Math.abs((one.at ?? at) - at) <= NEAR,
      ),
    failed: (what: string, place: Place): unknown => failed.push({ what, ...place, seed }),
    /** Keeps what failed in this run; an earlier failure that did not show again is forgotten. */
    save: (): void => keep(test, failed),
  };
}

/** Keeps the seeds of what went wrong in this run, of a test all of which follows from one; the next begins with the first. */
export const keepSeeds = (test: string, seeds: readonly number[]): void =>
  keep(
    test,
    seeds.map((seed) => ({ seed })),
  );

function keep(test: string, failed: readonly Kept[]): void {
  mkdirSync(dirname(pathOf(test)), { recursive: true });
  writeFileSync(pathOf(test), JSON.stringify(failed));
}
