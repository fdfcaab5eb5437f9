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

/** The keys that verify access tokens, newest first. */
export const PublicKeySet = z.object({
  keys: z.array(PublicKey),
  version: z.number().int().nonnegative(),
});
export type PublicKeySet = z.infer<typeof PublicKeySet>;

export interface PublicKeyRepository {
  /** Version 0 and no key before the first is published. */
  get(): Promise<PublicKeySet>;
  /** @returns false where another writer was faster. */
  save(next: PublicKeySet): Promise<boolean>;
}

/** Keys of the last few rotations; tokens live ten minutes, so older ones verify nothing. */
const KEPT_KEYS = 4;
const ATTEMPTS = 5;

/** Makes a key known to every verifier; publishing it again changes nothing. */
export async function publishKey(repository: PublicKeyRepository, key: PublicKey): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { keys, version } = await repository.get();
    if (keys.some(({ kid }) => kid === key.kid)) return;
    const next = { keys: [key, ...keys].slice(0, KEPT_KEYS), version: version + 1 };
    if (await repository.save(next)) return;
  }
  throw new Error("the key set changed too often to publish a key");
}
