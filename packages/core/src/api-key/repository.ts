import type { Page, PageRequest } from "../context/index.ts";
import type { ApiKeyId, MemberId } from "../id/index.ts";
import type { Member } from "../member/index.ts";
import type { ApiKeyEvent } from "./api-key.ts";
import type { ApiKey } from "./schema.ts";

export interface ApiKeyRepository {
  get(apiKeyId: ApiKeyId): Promise<ApiKey | undefined>;
  /** Newest first; those that are revoked or expired too. An index read. */
  list(page: PageRequest): Promise<Page<ApiKey>>;
  /** @throws DomainError version-stale */
  save(next: ApiKey, event: ApiKeyEvent): Promise<void>;
  /** Key and issuer in one consistent read. */
  find(
    apiKeyId: ApiKeyId,
    issuedBy: MemberId,
  ): Promise<{ readonly key: ApiKey | undefined; readonly issuer: Member | undefined }>;
  /** Notes a use; nothing happens where the key has changed meanwhile. */
  noteUse(used: ApiKey): Promise<void>;
}

export interface ApiKeyStore {
  readonly apiKeys: ApiKeyRepository;
}
