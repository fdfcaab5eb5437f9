import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve, sep } from "node:path";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { openObjectFolder } from "./index.ts";
import { objectPath } from "./object-path.ts";

const roots: string[] = [];
afterAll(() => Promise.all(roots.map((root) => rm(root, { recursive: true }))));

async function testFolder() {
  const root = await mkdtemp(join(tmpdir(), "concord-objects-"));
  roots.push(root);
  return { root, folder: await openObjectFolder(root) };
}

async function* chunks(...parts: string[]) {
  for (const part of parts) yield Buffer.from(part);
}

describe("the object folder", () => {
  it("gives back what was put, with its size and hash", async () => {
    const { folder } = await testFolder();
    const stored = await folder.put("T#ten_1/imports/März 1.csv", chunks("a,", "b\n"));
    expect(stored).toEqual({
      key: "T#ten_1/imports/März 1.csv",
      sizeBytes: 4,
      sha256: "5be08c9684a1d25efcee09318204824278b08bbfb4aef973ffefd0b9d7478313",
    });
    expect(await text(folder.read(stored.key))).toBe("a,b\n");
    expect(await folder.head(stored.key)).toMatchObject({ key: stored.key, sizeBytes: 4 });
  });

  it("replaces an object whole", async () => {
    const { folder } = await testFolder();
    await folder.put("a", chunks("a long first content"));
    await folder.put("a", chunks("second"));
    expect(await text(folder.read("a"))).toBe("second");
  });

  it("keeps a key and the keys below it apart", async () => {
    const { folder } = await testFolder();
    await folder.put("a/b", chunks("below"));
    await folder.put("a", chunks("above"));
    expect([await text(folder.read("a")), await text(folder.read("a/b"))]).toEqual([
      "above",
      "below",
    ]);
  });

  it("has no object for a missing key, nor for a folder", async () => {
    const { folder } = await testFolder();
    await folder.put("a/b", chunks("x"));
    for (const key of ["a", "b", "a/b/c"]) {
      expect(await folder.head(key)).toBeUndefined();
      await expect(text(folder.read(key))).rejects.toMatchObject({ name: "NoSuchKey" });
    }
  });

  it.each([
    ["breaks off", brokenOff(), {}, { message: "gone" }],
    ["is too large", chunks("12", "34"), { maxBytes: 3 }, { name: "EntityTooLarge" }],
    ["has another hash", chunks("1"), { sha256: "00" }, { name: "BadDigest" }],
  ])(
    "stores nothing and keeps the former object when a stream %s",
    async (_, content, expected, error) => {
      const { root, folder } = await testFolder();
      await folder.put("a", chunks("former"));
      await expect(folder.put("a", content, expected)).rejects.toMatchObject(error);
      expect(await text(folder.read("a"))).toBe("former");
      expect(await readdir(join(root, "incoming"))).toEqual([]);
    },
  );

  it("clears away the uploads of a killed process, and keeps the objects", async () => {
    const { root, folder } = await testFolder();
    await folder.put("a", chunks("kept"));
    await mkdir(join(root, "incoming"), { recursive: true });
    await writeFile(join(root, "incoming", "half"), "ha");
    const again = await openObjectFolder(root);
    expect(await readdir(join(root, "incoming"))).toEqual([]);
    expect(await text(again.read("a"))).toBe("kept");
  });
});

async function* brokenOff() {
  yield Buffer.from("half");
  throw new Error("gone");
}

describe("a key", () => {
  it.each([
    "",
    "/",
    "/a",
    "a/",
    "a//b",
    ".",
    "..",
    "../a",
    "a/../../b",
    "a/./b",
    "x".repeat(1025),
    "ü".repeat(43),
    "\ud800",
  ])("is refused where it is no plain path: %j", async (key) => {
    const { folder } = await testFolder();
    await expect(folder.put(key, chunks("x"))).rejects.toMatchObject({ name: "InvalidKey" });
    await expect(folder.head(key)).rejects.toMatchObject({ name: "InvalidKey" });
    expect(() => folder.read(key)).toThrow("Not the key of an object");
  });

  it("never leads out of the folder, and two keys never to one place", () => {
    const root = resolve("/objects");
    const key = fc.oneof(
      fc.string({ unit: "binary" }),
      fc
        .array(fc.constantFrom("..", ".", "a", "%2F", "%2e%2e", "\\", "\0", "C:"), { minLength: 1 })
        .map((parts) => parts.join("/")),
    );
    const placeOf = (given: string) => {
      try {
        return resolve(objectPath(root, given));
      } catch {
        return undefined;
      }
    };
    fc.assert(
      fc.property(key, key, (one, other) => {
        const place = placeOf(one);
        if (place === undefined) return;
        expect(place.startsWith(root + sep)).toBe(true);
        expect(place).not.toContain("\0");
        if (one !== other) expect(placeOf(other)).not.toBe(place);
      }),
    );
  });
});
