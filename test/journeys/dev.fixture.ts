import { join } from "node:path";
import { afterAll } from "vitest";
import { type Child, startChild, temporaryFolder } from "./child.fixture.ts";

const DEV_SCRIPT = new URL("../../packages/local/src/dev/dev.ts", import.meta.url).pathname;

/** What `dev` prints once it can be used; the first group is its address. */
export const READY = /Concord runs at (http:\/\/127\.0\.0\.1:\d+);[\s\S]*Ctrl-C stops it/;

/** Starts `dev` as often as a test file wants, and ends and removes all of it afterwards. */
export function devs() {
  const folders: (() => void)[] = [];
  const children: Child[] = [];
  afterAll(async () => {
    for (const child of children) await child.end("SIGKILL");
    for (const remove of folders) remove();
  });
  return {
    /** The path of a folder that is not there yet. */
    newFolder(): string {
      const { path, remove } = temporaryFolder();
      folders.push(remove);
      return join(path, "data");
    },
    start(
      args: readonly string[],
      how: { node?: readonly string[]; env?: Record<string, string> } = {},
    ): Child {
      const child = startChild(DEV_SCRIPT, args, how);
      children.push(child);
      return child;
    },
  };
}
