import {
  type ActorRef,
  type ActorWith,
  type ApiKeyActor,
  type ApiKeyScope,
  holds,
  permissionsOf,
} from "../actor/index.ts";
import { raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { ApiKeyId, PartnerId } from "../id/index.ts";
import type { Member } from "../member/index.ts";
import { isTokenOf, tokenHash } from "../one-time-token/index.ts";
import type { KeyText } from "./key-text.ts";
import type { ApiKey, IssueApiKey } from "./schema.ts";

export type ApiKeyEvent =
  | DomainEvent<
      "api-key.issued",
      { scopes: readonly ApiKeyScope[]; partnerId: PartnerId | null; expiresAt: string }
    >
  | DomainEvent<"api-key.revoked", Record<never, never>>
  | DomainEvent<"api-key.erased", Record<never, never>>;

const DAY_MS = 86_400_000;
/** How old the noted last use may be before a use is noted anew. */
const NOTED_EVERY_MS = 3_600_000;

/**
 * @param now the business clock, for the event
 * @param wallNow the wall clock, by which keys expire
 * @throws DomainError api-key-scope-not-grantable
 */
export function issue(
  { apiKeyId, secret }: { readonly apiKeyId: ApiKeyId; readonly secret: string },
  { name, scopes, lifetimeDays, partnerId: only }: IssueApiKey,
  by: ActorWith<"api-key:create">,
  { now, wallNow }: { readonly now: Date; readonly wallNow: Date },
): { next: ApiKey; event: ApiKeyEvent } {
  const missing = permissionsOf(scopes).find((permission) => !holds(by, permission));
  if (missing) raise("api-key-scope-not-grantable", `You do not hold ${missing} yourself`);
  const partnerId = only ?? null;
  const expiresAt = new Date(wallNow.getTime() + lifetimeDays * DAY_MS).toISOString();
  return {
    next: {
      apiKeyId,
      name,
      scopes,
      partnerId,
      secretHash: tokenHash(secret),
      issuedBy: by.memberId,
      expiresAt,
      revoked: null,
      lastUsedAt: null,
      version: 1,
      createdAt: wallNow.toISOString(),
    },
    event: eventOf("api-key.issued", by, now, { scopes, partnerId, expiresAt }),
  };
}

/** @throws DomainError api-key-revoked */
export function revoke(
  key: ApiKey,
  by: ActorWith<"api-key:revoke">,
  { now, wallNow }: { readonly now: Date; readonly wallNow: Date },
): { next: ApiKey; event: ApiKeyEvent } {
  if (key.revoked) raise("api-key-revoked");
  return {
    next: {
      ...key,
      revoked: { at: wallNow.toISOString(), by: by.memberId },
      version: key.version + 1,
    },
    event: eventOf("api-key.revoked", by, now, {}),
  };
}

/** Its name is whatever its issuer wrote; of an issuer who is erased it goes. The key is good for nothing by then. */
export const eraseName = (
  key: ApiKey,
  by: ActorRef,
  now: Date,
): { next: ApiKey; event: ApiKeyEvent } => ({
  next: { ...key, name: "Erased", erasedAt: now.toISOString(), version: key.version + 1 },
  event: eventOf("api-key.erased", by, now, {}),
});

/**
 * Who acts with a key, by what is stored now. A key whose issuer's membership has ended is good for
 * nothing: nobody would answer for it.
 * @throws DomainError unauthenticated
 */
export function keyActorOf(
  text: KeyText,
  { key, issuer }: { readonly key: ApiKey | undefined; readonly issuer: Member | undefined },
  wallNow: Date,
): ApiKeyActor {
  if (!key || !issuer || !isTokenOf(key.secretHash, text.secret)) raise("unauthenticated");
  const isTheirs = key.issuedBy === text.issuedBy && issuer.memberId === text.issuedBy;
  const isGood = !key.revoked && Date.parse(key.expiresAt) > wallNow.getTime();
  if (!isTheirs || !isGood || issuer.status !== "active") raise("unauthenticated");
  return {
    kind: "api-key",
    apiKeyId: key.apiKeyId,
    issuedBy: key.issuedBy,
    issuerRoles: issuer.roles,
    scopes: key.scopes,
    partnerId: key.partnerId,
  };
}

/** The key with this use noted; undefined where one of the last hour is noted already. */
export const noteUse = (key: ApiKey, wallNow: Date): ApiKey | undefined =>
  key.lastUsedAt !== null && wallNow.getTime() - Date.parse(key.lastUsedAt) < NOTED_EVERY_MS
    ? undefined
    : { ...key, lastUsedAt: wallNow.toISOString() };
