import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Fault } from "./wire.ts";

/** What went wrong once: every request of these meets the fault in every run. */
const regressions: readonly string[] = [
  "endOwnLoginSessions killed-after",
  "endOwnLoginSession killed-after",
];

/** What went wrong in the last runs on this machine, so that the next one begins with it. */
export function triedFirst(test: string) {
  const path = new URL(`../../node_modules/.cache/faults/${test}.json`, import.meta.url).pathname;
  const failed = new Set<string>();
  let last: readonly string[] = [];
  try {
    last = JSON.parse(readFileSync(path, "utf8")) as string[];
  } catch {
    // Nothing went wrong yet.
  }
  const first = new Set([...regressions, ...last]);
  return {
    /** Whether every request of it meets the fault. */
    has: (what: string, fault: Fault): boolean => first.has(`${what} ${fault}`),
    failed: (what: string, fault: Fault): unknown => failed.add(`${what} ${fault}`),
    /** Keeps what failed in this run; an earlier failure that did not show again is forgotten. */
    save(): void {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, JSON.stringify([...failed]));
    },
  };
}
