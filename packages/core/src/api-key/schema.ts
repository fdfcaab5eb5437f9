import { z } from "zod";
import { ApiKeyScope } from "../actor/index.ts";
import { ApiKeyId, MemberId, PartnerId } from "../id/index.ts";

/** The longest that a key may live. */
export const MAX_KEY_DAYS = 365;

const ApiKeyName = z.string().trim().min(1).max(100).meta({ example: "Nightly CRM export" });

const Scopes = z
  .array(ApiKeyScope)
  .min(1)
  .max(ApiKeyScope.options.length)
  .refine((scopes) => new Set(scopes).size === scopes.length, "names a scope twice");

/** A key with which a machine of the tenant acts. Its instants are of the wall clock. */
export const ApiKey = z.object({
  apiKeyId: ApiKeyId,
  name: ApiKeyName,
  scopes: Scopes,
  /** The only partner it reaches; null for all of the tenant. */
  partnerId: PartnerId.nullable().default(null),
  /** SHA-256 of the secret; the secret itself is nowhere. */
  secretHash: z.string(),
  /** Answers for the key: it acts only while this membership does, and never beyond its roles. */
  issuedBy: MemberId,
  expiresAt: z.iso.datetime(),
  revoked: z.object({ at: z.iso.datetime(), by: MemberId }).nullable(),
  /** Of the last use that was noted; one is noted at most once an hour. */
  lastUsedAt: z.iso.datetime().nullable(),
  version: z.number().int().positive(),
  createdAt: z.iso.datetime(),
  /** When its name was erased. */
  erasedAt: z.iso.datetime().optional(),
});
export type ApiKey = z.infer<typeof ApiKey>;

export const ApiKeyView = ApiKey.omit({ secretHash: true }).meta({ id: "ApiKey" });
export type ApiKeyView = z.infer<typeof ApiKeyView>;

export const IssuedApiKey = ApiKeyView.extend({
  /**
   * Send it as in `Authorization: Bearer <key>`. Shown with the first answer alone: null where that
   * answer is repeated under its Idempotency-Key.
   */
  key: z.string().nullable(),
}).meta({ id: "IssuedApiKey" });
export type IssuedApiKey = z.infer<typeof IssuedApiKey>;

export const IssueApiKey = z
  .strictObject({
    name: ApiKeyName,
    scopes: Scopes,
    /** Limits the key to one partner: to what its people could reach of these scopes. */
    partnerId: PartnerId.optional(),
    lifetimeDays: z.number().int().min(1).max(MAX_KEY_DAYS).meta({ example: 90 }),
  })
  .meta({ id: "IssueApiKey" });
export type IssueApiKey = z.infer<typeof IssueApiKey>;
