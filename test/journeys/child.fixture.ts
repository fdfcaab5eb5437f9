import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A program of this repository in a process of its own. */
export interface Child {
  readonly pid: number;
  /** Standard output and standard error so far. */
  output(): string;
  /** Resolves to the match once the output has it. @throws Error with the output where the program ends before */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** To its standard input. */
  write(text: string): void;
  /** Resolves to the exit code, or the name of the signal, once the program has ended. */
  end(signal?: NodeJS.Signals): Promise<number | string>;
}

/** @param node options of node itself */
export function startChild(
  script: string,
  args: readonly string[],
  { node = [], env = {} }: { node?: readonly string[]; env?: Record<string, string> } = {},
): Child {
  const { DYNAMODB_ENDPOINT: _, ...own } = process.env;
  const child = spawn(process.execPath, [...node, script, ...args], {
    stdio: "pipe",
    env: { ...own, ...env },
  });
  let output = "";
  let notify: () => void = () => undefined;
  const collect = (chunk: Buffer) => {
    output += chunk.toString("utf8");
    notify();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const ended = once(child, "close").then(([code, signal]) => {
    notify();
    return (code ?? signal) as number | string;
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;

  return {
    pid: child.pid ?? Number.NaN,
    output: () => output,
    until: (pattern) => {
      const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
      const look = () => {
        const match = pattern.exec(output);
        if (match) resolve(match);
      };
      notify = look;
      look();
      ended.then(
        () => reject(new Error(`ended before ${pattern}:\n${output}`)),
        (error: unknown) => reject(error),
      );
      return promise;
    },
    write: (text) => {
      child.stdin.write(text);
    },
    end: (signal) => {
      if (signal && !hasEnded()) child.kill(signal);
      return ended;
    },
  };
}

/** An empty folder, and how to remove it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "concord-journey-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
