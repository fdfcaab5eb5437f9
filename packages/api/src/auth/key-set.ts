import type { PublicKeyRepository, PublishedKey } from "@concord/core/login";
import { type CryptoKey, importJWK } from "jose";

const CACHE_MS = 5 * 60_000;

interface KeySet {
  readonly published: readonly PublishedKey[];
  readonly byId: ReadonlyMap<string, CryptoKey>;
}

export type ReadKeySet = (repository: PublicKeyRepository) => Promise<KeySet>;

/**
 * Our own public keys: a row of the table, kept for five minutes of the wall clock. An unknown `kid`
 * never causes a read. A set without keys is not kept: the first key verifies from its first second.
 * @param read gives the published keys where they are not remembered
 */
export function cachedKeySet(
  wallNow: () => Date,
  read: (repository: PublicKeyRepository) => Promise<readonly PublishedKey[]> = published,
): ReadKeySet {
  let cached: { readonly at: number; readonly keys: Promise<KeySet> } | undefined;
  return (repository) => {
    const now = wallNow().getTime();
    if (cached && Math.abs(now - cached.at) < CACHE_MS) return cached.keys;
    const reading = { at: now, keys: read(repository).then(toKeySet) };
    cached = reading;
    const forget = () => {
      if (cached === reading) cached = undefined;
    };
    reading.keys.then(({ byId }) => byId.size === 0 && forget(), forget);
    return reading.keys;
  };
}

const published = async (repository: PublicKeyRepository): Promise<readonly PublishedKey[]> =>
  (await repository.get()).keys;

async function toKeySet(keys: readonly PublishedKey[]): Promise<KeySet> {
  const imported = await Promise.all(
    keys.map(async (key) => [key.kid, (await importJWK(key, key.alg)) as CryptoKey] as const),
  );
  return { published: keys, byId: new Map(imported) };
}
