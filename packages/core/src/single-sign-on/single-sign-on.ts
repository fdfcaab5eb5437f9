import type { Actor, ActorRef, ActorWith } from "../actor/index.ts";
import { raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { Member } from "../member/index.ts";
import { EmailAddress } from "../person/index.ts";
import type { Assertion } from "./identity-provider.ts";
import type { ConnectSso, SsoConnection, SsoLink, UpdateSso } from "./schema.ts";

type Told = Pick<SsoConnection, "issuer" | "clientId" | "isEnabled" | "isRequired">;
export type SsoEvent =
  | DomainEvent<"single-sign-on.connected", Told>
  | DomainEvent<"single-sign-on.changed", Told & { isSecretNew: boolean }>;
export type SsoLinkEvent =
  | DomainEvent<"single-sign-on.linked", Pick<SsoLink, "issuer" | "memberId">>
  | DomainEvent<"single-sign-on.link-erased", Record<never, never>>;

const toldOf = ({ issuer, clientId, isEnabled, isRequired }: SsoConnection): Told => ({
  issuer,
  clientId,
  isEnabled,
  isRequired,
});

/** @param seal of the client's secret */
export function connect(
  { clientSecret, ...input }: ConnectSso,
  seal: (secret: string) => string,
  by: ActorWith<"single-sign-on:manage">,
  now: Date,
): { next: SsoConnection; event: SsoEvent } {
  const at = now.toISOString();
  const next: SsoConnection = {
    ...input,
    sealedClientSecret: seal(clientSecret),
    isEnabled: true,
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  return { next, event: eventOf("single-sign-on.connected", by, now, toldOf(next)) };
}

/**
 * A secret belongs to one client of one issuer: where either changes, a new one must be given, so that
 * the stored secret is never sent to an address that it was not given for.
 * @throws DomainError sso-secret-needed
 */
export function change(
  connection: SsoConnection,
  changes: UpdateSso,
  seal: (secret: string) => string,
  by: ActorWith<"single-sign-on:manage">,
  now: Date,
): { next: SsoConnection; event: SsoEvent } {
  const { clientSecret, issuer, clientId, isEnabled, isRequired } = changes;
  const isOther =
    (issuer ?? connection.issuer) !== connection.issuer ||
    (clientId ?? connection.clientId) !== connection.clientId;
  if (isOther && clientSecret === undefined) raise("sso-secret-needed");
  const next: SsoConnection = {
    ...connection,
    issuer: issuer ?? connection.issuer,
    clientId: clientId ?? connection.clientId,
    isEnabled: isEnabled ?? connection.isEnabled,
    isRequired: isRequired ?? connection.isRequired,
    sealedClientSecret:
      clientSecret === undefined ? connection.sealedClientSecret : seal(clientSecret),
    version: connection.version + 1,
    updatedAt: now.toISOString(),
  };
  const data = { ...toldOf(next), isSecretNew: clientSecret !== undefined };
  return { next, event: eventOf("single-sign-on.changed", by, now, data) };
}

type Policy = Pick<SsoConnection, "isEnabled" | "isRequired">;
type Entering =
  | { readonly kind: "member"; readonly member: Pick<Member, "roles"> }
  | { readonly kind: "partner-user" };

/**
 * Whether a person may not open this membership in this way, since their tenant wants single sign-on.
 * It is a matter of the tenant's own members: the provider of a tenant never speaks for its partners'
 * people. Owners keep their password, so that a provider that fails locks nobody out.
 */
export function wantsSso(
  connection: Policy | undefined,
  membership: Entering,
  method: "password" | "link" | "sso" | "invitation",
): boolean {
  if (!connection?.isEnabled || !connection.isRequired) return false;
  if (membership.kind === "partner-user" || method === "sso") return false;
  return !(method === "password" && membership.member.roles.includes("owner"));
}

/**
 * Whether a login session may be refreshed. One of single sign-on ends with the connection it came by,
 * and any other once the tenant has begun to want single sign-on of that membership.
 */
export const mayGoOn = (
  connection: Policy | undefined,
  membership: Entering,
  method: Parameters<typeof wantsSso>[2],
): boolean =>
  method === "sso" ? connection?.isEnabled === true : !wantsSso(connection, membership, method);

/** The address that a first log-in may be matched by; none where the provider does not vouch for it. */
export const vouchedAddress = ({ email, isEmailVerified }: Assertion): EmailAddress | undefined =>
  isEmailVerified ? EmailAddress.safeParse(email).data : undefined;

/** Takes the provider's subject out of the link; where it logs in again, a new link follows this one. */
export function eraseLink(
  { erasedAt: _, ...link }: SsoLink,
  by: Actor | ActorRef,
  now: Date,
): { next: SsoLink; event: SsoLinkEvent } {
  return {
    next: { ...link, subject: "erased", version: link.version + 1, erasedAt: now.toISOString() },
    event: eventOf("single-sign-on.link-erased", by, now, {}),
  };
}

/** Ties the provider's subject to the member, from now on. @param previous a link to a membership that has ended */
export function link(
  { issuer, subject }: Assertion,
  { memberId, personId, roles }: Member,
  previous: SsoLink | undefined,
  now: Date,
): { next: SsoLink; event: SsoLinkEvent } {
  return {
    next: {
      issuer,
      subject,
      memberId,
      personId,
      version: (previous?.version ?? 0) + 1,
      linkedAt: now.toISOString(),
    },
    event: eventOf("single-sign-on.linked", { kind: "member", memberId, personId, roles }, now, {
      issuer,
      memberId,
    }),
  };
}
