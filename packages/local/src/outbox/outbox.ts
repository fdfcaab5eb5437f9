import { randomUUID } from "node:crypto";
import { access, link, mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { composeMail, Mail, type MailTransport, type Sender } from "@concord/workers";

export interface OutboxMail {
  readonly mailId: string;
  readonly path: string;
  readonly writtenAt: Date;
}

/** Mail that is written instead of sent: one `<mailId>.eml` each, readable by any mail program. */
export interface Outbox extends MailTransport {
  /** The oldest first. */
  list(): Promise<OutboxMail[]>;
  /** The whole message; `undefined` where there is none of this id. */
  read(mailId: string): Promise<string | undefined>;
}

export interface OutboxOptions {
  readonly folder: string;
  readonly from: Sender;
  /** The business clock, which dates the messages. */
  readonly now: () => Date;
}

const EXTENSION = ".eml";

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;

/** Opens the folder and clears away what a killed process had begun to write. */
export async function openOutbox({ folder, from, now }: OutboxOptions): Promise<Outbox> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (name.endsWith(".part")) await rm(join(folder, name), { force: true });
  }
  const pathOf = (mailId: string) => join(folder, `${mailId}${EXTENSION}`);

  const idsIn = async (): Promise<string[]> =>
    (await readdir(folder))
      .filter((name) => name.endsWith(EXTENSION))
      .map((name) => name.slice(0, -EXTENSION.length));

  return {
    async send(mail) {
      const { mailId } = Mail.parse(mail);
      if (await isThere(pathOf(mailId))) return;
      const message = await composeMail(mail, from, now());
      const temporary = join(folder, `${mailId}.${randomUUID()}.part`);
      try {
        await writeWhole(temporary, message);
        // A link, unlike a rename, leaves a message alone that another process wrote meanwhile.
        await link(temporary, pathOf(mailId));
      } catch (error) {
        if (!hasCode(error, "EEXIST")) throw error;
      } finally {
        await rm(temporary, { force: true });
      }
    },

    async list() {
      const mails = (await idsIn()).map(async (mailId) => {
        const path = pathOf(mailId);
        return { mailId, path, writtenAt: (await stat(path)).mtime };
      });
      return (await Promise.all(mails)).toSorted(
        (one, other) =>
          one.writtenAt.getTime() - other.writtenAt.getTime() ||
          one.mailId.localeCompare(other.mailId),
      );
    },

    async read(mailId) {
      if (!(await idsIn()).includes(mailId)) return undefined;
      return await readFile(pathOf(mailId), "utf8");
    },
  };
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, "ENOENT")) return false;
      throw error;
    },
  );

async function writeWhole(path: string, content: Buffer): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
