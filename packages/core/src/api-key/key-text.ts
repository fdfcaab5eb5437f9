import { ApiKeyId, MemberId, TenantId } from "../id/index.ts";

/** What a key says: where its row and its issuer's lie, and the secret that proves it. */
export interface KeyText {
  readonly tenantId: TenantId;
  readonly issuedBy: MemberId;
  readonly apiKeyId: ApiKeyId;
  /** 256 random bits as base64url. */
  readonly secret: string;
}

/** By which secret scanners, and we, tell a key from an access token. */
export const KEY_PREFIX = "cck_";

const ULID = "[0-9A-HJKMNP-TV-Z]{26}";
const KEY = new RegExp(`^${KEY_PREFIX}(${ULID})_(${ULID})_(${ULID})_([A-Za-z0-9_-]{43})$`);

const bare = (id: string): string => id.slice(id.indexOf("_") + 1);

/** The key as a machine sends it; 128 characters. */
export const toKeyText = ({ tenantId, issuedBy, apiKeyId, secret }: KeyText): string =>
  `${KEY_PREFIX}${bare(tenantId)}_${bare(issuedBy)}_${bare(apiKeyId)}_${secret}`;

export function parseKeyText(text: string): KeyText | undefined {
  const [, tenant, member, key, secret] = KEY.exec(text) ?? [];
  if (secret === undefined) return undefined;
  return {
    tenantId: TenantId.parse(`${TenantId.prefix}_${tenant}`),
    issuedBy: MemberId.parse(`${MemberId.prefix}_${member}`),
    apiKeyId: ApiKeyId.parse(`${ApiKeyId.prefix}_${key}`),
    secret,
  };
}
