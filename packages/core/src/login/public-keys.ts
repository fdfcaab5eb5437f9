import { z } from "zod";

/** The public half of a key that signs access tokens (RFC 7517). */
export const PublicKey = z
  .object({
    kty: z.literal("RSA"),
    kid: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
    use: z.literal("sig"),
    alg: z.literal("RS256"),
    n: z.string(),
    e: z.string(),
  })
  .meta({ id: "PublicKey" });
export type PublicKey = z.infer<typeof PublicKey>;

/** As the key set holds it. Instants of the wall clock. */
export const PublishedKey = PublicKey.extend({
  /** Until then verifiers may not know it yet. */
  signsFrom: z.iso.datetime(),
  /** When somebody who signs was first seen without it; null while all have it. */
  withdrawnAt: z.iso.datetime().nullable(),
});
export type PublishedKey = z.infer<typeof PublishedKey>;

/** The keys that verify access tokens, newest first. */
export const PublicKeySet = z.object({
  keys: z.array(PublishedKey),
  version: z.number().int().nonnegative(),
});
export type PublicKeySet = z.infer<typeof PublicKeySet>;

export interface PublicKeyRepository {
  /** Version 0 and no key before the first is published. */
  get(): Promise<PublicKeySet>;
  /** @returns false where another writer was faster. */
  save(next: PublicKeySet): Promise<boolean>;
}

/** Verifiers read the set every five minutes; this is three times that. */
const PUBLISHED_BEFORE_SIGNING_MS = 15 * 60_000;
/**
 * An instance that still holds a withdrawn key reads the set within five minutes of signing with it and
 * takes the mark away; its last token lives ten minutes more. Then the difference of clocks.
 */
const PUBLISHED_AFTER_WITHDRAWAL_MS = 20 * 60_000;

/**
 * The key set after somebody came by who signs with these keys; the same object where nothing changes.
 * While instances with an old and a new list are up, each marks what the others alone hold, and takes
 * back the marks on its own.
 * @param own oldest first
 */
export function seenBySigner(
  set: PublicKeySet,
  own: readonly PublicKey[],
  wallNow: Date,
): PublicKeySet {
  const now = wallNow.getTime();
  const at = wallNow.toISOString();
  const isOwn = new Set(own.map(({ kid }) => kid));
  const isGone = ({ withdrawnAt }: PublishedKey): boolean =>
    withdrawnAt !== null && new Date(withdrawnAt).getTime() + PUBLISHED_AFTER_WITHDRAWAL_MS <= now;
  const kept = set.keys
    .map((key) => {
      if (isOwn.has(key.kid)) return key.withdrawnAt === null ? key : { ...key, withdrawnAt: null };
      return key.withdrawnAt === null ? { ...key, withdrawnAt: at } : key;
    })
    .filter((key) => !isGone(key));
  // Nobody has read a set without keys and remembers it: the first one signs at once.
  const signsFrom =
    set.version === 0 ? at : new Date(now + PUBLISHED_BEFORE_SIGNING_MS).toISOString();
  const known = new Set(set.keys.map(({ kid }) => kid));
  const added = own
    .filter(({ kid }) => !known.has(kid))
    .map((key) => ({ ...key, signsFrom, withdrawnAt: null }))
    .reverse();
  const keys = [...added, ...kept];
  const isSame = keys.length === set.keys.length && keys.every((key, at) => key === set.keys[at]);
  return isSame ? set : { keys, version: set.version + 1 };
}

/**
 * The id of the key to sign with: the newest of one's own that every verifier knows by now.
 * @param ownIds oldest first
 */
export function signingKeyId(
  keys: readonly PublishedKey[],
  ownIds: readonly string[],
  wallNow: Date,
): string | undefined {
  const isKnown = (kid: string): boolean =>
    keys.some((key) => key.kid === kid && new Date(key.signsFrom) <= wallNow);
  return ownIds.findLast(isKnown);
}

const ATTEMPTS = 5;

/** Makes the keys of a signer known to every verifier, and lets go of those that nobody signs with any more. */
export async function publishKeys(
  repository: PublicKeyRepository,
  own: readonly PublicKey[],
  wallNow: Date,
): Promise<PublicKeySet> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const set = await repository.get();
    const next = seenBySigner(set, own, wallNow);
    if (next === set || (await repository.save(next))) return next;
  }
  throw new Error("the key set changed too often to publish a key");
}
