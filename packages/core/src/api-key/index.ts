export { type ApiKeyEvent, eraseName } from "./api-key.ts";
export { getApiKey, listApiKeys } from "./get-api-key.ts";
export { issueApiKey } from "./issue-api-key.ts";
export { KEY_PREFIX, parseKeyText } from "./key-text.ts";
export type { ApiKeyRepository, ApiKeyStore } from "./repository.ts";
export { revokeApiKey } from "./revoke-api-key.ts";
export { ApiKey, ApiKeyView, IssueApiKey, IssuedApiKey, MAX_KEY_DAYS } from "./schema.ts";
export { useApiKey } from "./use-api-key.ts";
