import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { EngineProcess } from "./start-engine.ts";

const POLL_MILLISECONDS = 20;
const POLITE_POLLS = 100;
const MAXIMUM_POLLS = 500;

/** The command line of a running process, or undefined when there is none of that number. */
function commandLine(pid: number): string | undefined {
  try {
    if (process.platform === "linux") {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim() || undefined;
    }
    return execFileSync("ps", ["-o", "command=", "-p", `${pid}`], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

/** Whether the recorded process still runs: a number that was given to another program since is a stranger. */
export const isRunning = ({ pid, command }: Pick<EngineProcess, "pid" | "command">): boolean =>
  commandLine(pid) === command.join(" ");

function signal(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/**
 * Ends an engine that an earlier run left behind, and waits until it is gone.
 *
 * @returns whether there was one.
 * @throws when it does not go.
 */
export async function stopLeftover(
  engineProcess: EngineProcess,
  sleep: (milliseconds: number) => Promise<unknown>,
): Promise<boolean> {
  if (!isRunning(engineProcess)) return false;
  signal(engineProcess.pid, "SIGTERM");
  for (let polls = 0; polls < MAXIMUM_POLLS; polls += 1) {
    if (!isRunning(engineProcess)) return true;
    if (polls === POLITE_POLLS) signal(engineProcess.pid, "SIGKILL");
    await sleep(POLL_MILLISECONDS);
  }
  throw new Error(`The engine of an earlier run, process ${engineProcess.pid}, does not end.`);
}
