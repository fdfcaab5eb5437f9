import { createHash, randomUUID } from "node:crypto";
import jsonata from "jsonata";

const formatted = jsonata("$fromMillis($millis, $picture, $timezone)");

/**
 * The functions that Step Functions adds to JSONata or defines differently. `$now` and `$millis` answer the business
 * clock, and `$eval` is taken away.
 */
export const stepFunctionsFunctions = (at: Date) => ({
  now: (picture?: string, timezone?: string) =>
    formatted.evaluate(undefined, { millis: at.getTime(), picture, timezone }),
  millis: () => at.getTime(),
  parse: (text: string): unknown => JSON.parse(text),
  uuid: () => randomUUID(),
  random: (seed?: number) => (seed === undefined ? Math.random() : seededRandom(seed)),
  hash: (text: string, algorithm: string) => hashOf(text, algorithm),
  range,
  partition,
  eval: () => {
    throw new Error("$eval is not supported");
  },
});

const MAX_RANGE_LENGTH = 1_000;

/** Both ends included, as `States.ArrayRange`. */
function range(first: number, last: number, step: number): number[] {
  if (![first, last, step].every(Number.isInteger) || step === 0) {
    throw new Error("$range needs three whole numbers and a step other than zero");
  }
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > MAX_RANGE_LENGTH)
    throw new Error(`$range gives at most ${MAX_RANGE_LENGTH} numbers`);
  return Array.from({ length }, (_, index) => first + index * step);
}

function partition(items: readonly unknown[], size: number): unknown[][] {
  if (!Number.isInteger(size) || size < 1) throw new Error("$partition needs a positive size");
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

const hashAlgorithms: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

function hashOf(text: string, algorithm: string): string {
  const name = hashAlgorithms[algorithm];
  if (name === undefined) throw new Error(`$hash does not know ${algorithm}`);
  return createHash(name).update(text).digest("hex");
}

/** Equal seeds give equal numbers; the sequence itself is not AWS's. */
const seededRandom = (seed: number): number =>
  createHash("sha256").update(String(seed)).digest().readUInt32BE(0) / 2 ** 32;
