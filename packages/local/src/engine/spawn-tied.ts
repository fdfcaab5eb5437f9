import { spawn } from "node:child_process";
import { once } from "node:events";
import { Socket } from "node:net";
import type { Stream } from "node:stream";

/**
 * A watcher waits on a pipe that the kernel closes with its last writer, and then terminates the program: the
 * child cannot outlive this process, however this process ends. `exec` keeps the recorded pid the program's own.
 */
const tie = [
  "folder=$1; shift; exec 3<&0",
  '( read -r _ || kill "$$"; [ -z "$folder" ] || rm -rf "$folder" ) <&3 >/dev/null 2>&1 &',
  'exec "$@" </dev/null 3<&-',
].join("\n");

export type TiedProcess = {
  pid: number;
  /** What the program has written to standard output and standard error so far. */
  output: () => string;
  hasExited: () => boolean;
  /** Ends the program and waits until it is gone. May be called twice. */
  stop: () => Promise<void>;
};

export type TieOptions = {
  /** How long a polite request to end is given before the program is killed. */
  graceMilliseconds?: number;
  /** Removed when the program has ended. */
  temporaryFolder?: string;
};

const unref = (stream: Stream | null | undefined) => {
  if (stream instanceof Socket) stream.unref();
};

/**
 * Starts a program in a process group of its own, so that Ctrl-C reaches this process alone, which ends its
 * children in its own order. A running child does not keep this process alive.
 */
export async function spawnTied(
  command: readonly string[],
  { graceMilliseconds = 1000, temporaryFolder = "" }: TieOptions = {},
): Promise<TiedProcess> {
  const child = spawn("/bin/sh", ["-c", tie, "tied", temporaryFolder, ...command], {
    detached: true,
  });
  await once(child, "spawn");
  let output = "";
  const collect = (chunk: Buffer) => {
    output = (output + chunk.toString("utf8")).slice(-10_000);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  // The watcher may be gone before the line that releases it is written.
  child.stdin.on("error", () => undefined);
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  const exited = once(child, "exit").then(() => {
    child.stdin.end("released\n");
    child.stdout.destroy();
    child.stderr.destroy();
  });
  child.unref();
  for (const stream of child.stdio) unref(stream);

  return {
    pid: child.pid ?? Number.NaN,
    output: () => output,
    hasExited,
    stop: async () => {
      if (hasExited()) return exited;
      child.ref();
      child.kill("SIGTERM");
      const impatience = setTimeout(() => child.kill("SIGKILL"), graceMilliseconds);
      await exited;
      clearTimeout(impatience);
    },
  };
}
