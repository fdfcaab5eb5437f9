import {
  type AccessClaims,
  PublicKey,
  type PublicKeyRepository,
  publishKeys,
} from "@concord/core/login";
import { tokenIssuer } from "./issue-access-token.ts";
import { cachedKeySet, type ReadKeySet } from "./key-set.ts";
import { publicHalf, type SigningKey } from "./signing-key.ts";

/** One instance that signs: it publishes its keys whenever it reads the set, at most every five minutes. */
export interface TokenSigner {
  readonly keySet: ReadKeySet;
  issue(repository: PublicKeyRepository, claims: AccessClaims): Promise<string>;
  /** What verifiers outside may know: no word of when a key signs. */
  published(repository: PublicKeyRepository): Promise<readonly PublicKey[]>;
}

export function tokenSigner(settings: {
  /** Oldest first. */
  readonly signingKeys: readonly SigningKey[];
  readonly issuer: string;
  readonly wallNow: () => Date;
}): TokenSigner {
  const own = settings.signingKeys.map(publicHalf);
  const { wallNow } = settings;
  const keySet = cachedKeySet(
    wallNow,
    async (repository) => (await publishKeys(repository, own, wallNow())).keys,
  );
  const issueToken = tokenIssuer(settings);
  return {
    keySet,
    issue: async (repository, claims) => issueToken(claims, (await keySet(repository)).published),
    published: async (repository) =>
      (await keySet(repository)).published.map((key) => PublicKey.parse(key)),
  };
}
