import { join } from "node:path";

const MAX_KEY_BYTES = 1_024;
const MAX_NAME_BYTES = 255;

/**
 * Where an object lies under `root`. Every segment is encoded, and a folder's name ends in an encoded slash, which no
 * file's name can: `a` and `a/b` do not collide, and no key leads out of the folder.
 * @throws Error `InvalidKey`
 */
export function objectPath(root: string, key: string): string {
  const segments = key.split("/");
  const isPlain = segments.every(
    (segment) => segment !== "" && segment !== "." && segment !== "..",
  );
  if (!isPlain || !key.isWellFormed() || Buffer.byteLength(key) > MAX_KEY_BYTES) throw invalid(key);
  const names = segments.map((segment, index) => {
    const name = encodeURIComponent(segment).replaceAll("*", "%2A");
    return index < segments.length - 1 ? `${name}%2F` : name;
  });
  if (names.some((name) => name.length > MAX_NAME_BYTES)) throw invalid(key);
  return join(root, ...names);
}

const invalid = (key: string) =>
  Object.assign(new Error(`Not the key of an object: ${JSON.stringify(key)}`), {
    name: "InvalidKey",
  });
