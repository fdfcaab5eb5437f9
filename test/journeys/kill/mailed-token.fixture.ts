import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { mailedToken } from "../../../packages/local/src/demo/accept-invitations.ts";

/** The token of an invitation in the outbox that another process writes; undefined while it is not there. */
export async function tokenIn(outbox: string, email: string): Promise<string | undefined> {
  for (const name of await readdir(outbox)) {
    if (!/^invitation-.*\.eml$/.test(name)) continue;
    const token = mailedToken(await readFile(join(outbox, name), "utf8"), email);
    if (token) return token;
  }
  return undefined;
}
