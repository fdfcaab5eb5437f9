import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { objectPath } from "./object-path.ts";

export interface StoredObject {
  readonly key: string;
  readonly sizeBytes: number;
  /** Lower-case hex of the content. */
  readonly sha256: string;
}

export interface ObjectFolder {
  /**
   * Stores the whole stream or nothing; an object of the same key is replaced.
   * @throws Error `InvalidKey`; `EntityTooLarge` beyond `maxBytes`; `BadDigest` where `sha256` (hex) differs.
   */
  put(
    key: string,
    content: AsyncIterable<Uint8Array>,
    expected?: { maxBytes?: number | undefined; sha256?: string | undefined },
  ): Promise<StoredObject>;
  /** The stream fails with `NoSuchKey` where there is no object. */
  read(key: string): Readable;
  head(key: string): Promise<{ key: string; sizeBytes: number; modifiedAt: Date } | undefined>;
}

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  (error.code === "ENOENT" || error.code === "ENOTDIR");

/** Opens the folder and clears away what an upload left that was killed. Two processes never share a folder. */
export async function openObjectFolder(root: string): Promise<ObjectFolder> {
  const objects = join(root, "objects");
  const incoming = join(root, "incoming");
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true });
  await mkdir(objects, { recursive: true });

  return {
    async put(key, content, expected = {}) {
      const path = objectPath(objects, key);
      const temporary = join(incoming, randomUUID());
      try {
        const written = await write(temporary, content, expected.maxBytes);
        if (expected.sha256 !== undefined && expected.sha256 !== written.sha256) {
          throw named("BadDigest", `The SHA-256 of the content is ${written.sha256}`);
        }
        await mkdir(dirname(path), { recursive: true });
        await rename(temporary, path);
        await syncFolder(dirname(path));
        return { key, ...written };
      } finally {
        await rm(temporary, { force: true });
      }
    },

    read(key) {
      const path = objectPath(objects, key);
      return Readable.from(chunksOf(path, key), { objectMode: false });
    },

    async head(key) {
      try {
        const { size, mtime } = await stat(objectPath(objects, key));
        return { key, sizeBytes: size, modifiedAt: mtime };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
  };
}

async function write(
  path: string,
  content: AsyncIterable<Uint8Array>,
  maxBytes = Number.POSITIVE_INFINITY,
) {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const file = await open(path, "wx");
  try {
    for await (const chunk of content) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) {
        throw named("EntityTooLarge", `The content is larger than ${maxBytes} bytes`);
      }
      hash.update(chunk);
      await file.appendFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sizeBytes, sha256: hash.digest("hex") };
}

/** A rename is durable only with its folder. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function* chunksOf(path: string, key: string): AsyncGenerator<Buffer> {
  const file = await open(path, "r").catch((error: unknown) => {
    throw isMissing(error) ? named("NoSuchKey", `There is no object ${key}`) : error;
  });
  yield* file.createReadStream();
}
