import type { ApiKeyActor } from "../actor/index.ts";
import { keyActorOf, noteUse } from "./api-key.ts";
import type { KeyText } from "./key-text.ts";
import type { ApiKeyStore } from "./repository.ts";

/**
 * Who acts with this key: one read, and at most once an hour a write that notes the use.
 * @param wallNow the wall clock; keys expire by it
 * @throws DomainError unauthenticated, whatever is wrong with the key
 */
export async function useApiKey(
  { apiKeys }: ApiKeyStore,
  text: KeyText,
  wallNow: Date,
): Promise<ApiKeyActor> {
  const found = await apiKeys.find(text.apiKeyId, text.issuedBy);
  const actor = keyActorOf(text, found, wallNow);
  const used = found.key && noteUse(found.key, wallNow);
  if (used) await apiKeys.noteUse(used);
  return actor;
}
