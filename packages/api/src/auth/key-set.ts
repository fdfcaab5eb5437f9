import { type PublicKey, type PublicKeyRepository, publishKey } from "@concord/core/login";
import { type CryptoKey, importJWK } from "jose";
import { publicHalf, type SigningKey } from "./signing-key.ts";

const CACHE_MS = 5 * 60_000;

interface KeySet {
  readonly published: readonly PublicKey[];
  readonly byId: ReadonlyMap<string, CryptoKey>;
}

export type ReadKeySet = (repository: PublicKeyRepository) => Promise<KeySet>;

/**
 * Our own public keys: a row of the table, kept for five minutes of the wall clock. A process whose
 * own key is not published yet publishes it. An unknown `kid` never causes a read.
 */
export function cachedKeySet({
  signingKey,
  wallNow,
}: {
  readonly signingKey: SigningKey;
  readonly wallNow: () => Date;
}): ReadKeySet {
  let cached: { readonly at: number; readonly keys: Promise<KeySet> } | undefined;
  return (repository) => {
    const now = wallNow().getTime();
    if (cached && Math.abs(now - cached.at) < CACHE_MS) return cached.keys;
    const reading = { at: now, keys: readKeySet(repository, publicHalf(signingKey)) };
    cached = reading;
    reading.keys.catch(() => {
      if (cached === reading) cached = undefined;
    });
    return reading.keys;
  };
}

async function readKeySet(repository: PublicKeyRepository, own: PublicKey): Promise<KeySet> {
  let { keys } = await repository.get();
  if (!keys.some(({ kid }) => kid === own.kid)) {
    await publishKey(repository, own);
    ({ keys } = await repository.get());
  }
  const imported = await Promise.all(
    keys.map(async (key) => [key.kid, (await importJWK(key, key.alg)) as CryptoKey] as const),
  );
  return { published: keys, byId: new Map(imported) };
}
