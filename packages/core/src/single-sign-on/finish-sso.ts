import { raise } from "../error/index.ts";
import { MemberId, type TenantId } from "../id/index.ts";
import { acceptInvitation, isExpired } from "../invitation/index.ts";
import type { Member } from "../member/index.ts";
import { isTokenOf, tokenHash } from "../one-time-token/index.ts";
import { DisplayName, type EmailAddress } from "../person/index.ts";
import type { Assertion } from "./identity-provider.ts";
import { browserSecretOf, proofsOf, tenantOfText, textIn } from "./login-texts.ts";
import type { SsoLogin } from "./schema.ts";
import { link, vouchedAddress } from "./single-sign-on.ts";
import type { SsoContext } from "./sso-context.ts";

const HANDOVER_SECONDS = 60;

/** What the browser brought back from the provider. */
export interface SsoCallback {
  readonly state: string;
  /** Of its address, as it is. */
  readonly query: string;
  /** Of its cookie; empty where there is none. */
  readonly browserSecret: string;
}

/**
 * The log-in that came back: in time, in the browser that began it, and for the first time. Another
 * browser's attempt leaves it as it is.
 * @throws DomainError sso-failed
 */
export async function takeLogin(
  ctx: SsoContext,
  { state, browserSecret }: SsoCallback,
): Promise<{ readonly tenantId: TenantId; readonly login: SsoLogin }> {
  const tenantId = tenantOfText(state) ?? raise("sso-failed");
  if (!isTokenOf(tokenHash(browserSecretOf(ctx.tokenSecret, state)), browserSecret)) {
    raise("sso-failed");
  }
  const { ssoLogins } = ctx.openTenant(tenantId);
  const login = (await ssoLogins.find(tokenHash(state))) ?? raise("sso-failed");
  if (login.expiresAt * 1000 <= ctx.wallNow.getTime()) raise("sso-failed");
  if (!(await ssoLogins.take(login.stateHash))) raise("sso-failed");
  return { tenantId, login };
}

/**
 * Lets the provider's word in, and makes the code with which the client takes its tokens.
 * @param secret 256 random bits as base64url
 * @returns the code, good once and for a minute
 * @throws DomainError sso-failed | sso-no-membership | sso-member-linked, and as acceptInvitation
 */
export async function finishSso(
  ctx: SsoContext,
  { tenantId, login }: { readonly tenantId: TenantId; readonly login: SsoLogin },
  { state, query }: SsoCallback,
  secret: string,
): Promise<string> {
  const { singleSignOn, ssoLogins } = ctx.openTenant(tenantId);
  const connection = await singleSignOn.get();
  const isSame =
    connection?.isEnabled &&
    connection.issuer === login.issuer &&
    connection.clientId === login.clientId;
  if (!isSame) raise("sso-failed");
  const { issuer, clientId, sealedClientSecret } = connection;
  const clientSecret = ctx.vaultOf(tenantId).open(sealedClientSecret);
  const proofs = proofsOf(ctx.tokenSecret, state);
  const assertion =
    (await ctx.provider.assertionOf({ issuer, clientId, clientSecret }, proofs, query)) ??
    raise("sso-failed");
  // A provider of many organisations may describe itself under one issuer and sign as another.
  if (assertion.issuer !== issuer) raise("sso-failed");
  const { memberId, personId } = await memberOf(ctx, tenantId, assertion);
  const code = textIn(tenantId, secret);
  await ssoLogins.handOver({
    codeHash: tokenHash(code),
    memberId,
    personId,
    challenge: login.challenge,
    expiresAt: Math.floor(ctx.wallNow.getTime() / 1000) + HANDOVER_SECONDS,
  });
  return code;
}

/**
 * The member of this tenant that the provider's subject is: by the link of an earlier log-in, or at the
 * first one by an address that the provider vouches for. No other tenant's membership is looked at.
 */
async function memberOf(
  ctx: SsoContext,
  tenantId: TenantId,
  assertion: Assertion,
): Promise<Member> {
  const { singleSignOn, members } = ctx.openTenant(tenantId);
  const known = await singleSignOn.findLink(assertion.issuer, assertion.subject);
  const linked = known && (await members.get(known.memberId));
  if (linked?.status === "active") return linked;

  const address = vouchedAddress(assertion) ?? raise("sso-failed");
  const memberId =
    (await membershipOf(ctx, tenantId, address)) ??
    (await joinInvited(ctx, tenantId, address, assertion)) ??
    raise("sso-no-membership");
  const member = await members.get(memberId);
  if (member?.status !== "active") raise("sso-no-membership");
  const { next, event } = link(assertion, member, known, ctx.now);
  await singleSignOn.saveLink(next, event);
  return member;
}

async function membershipOf(
  { people }: SsoContext,
  tenantId: TenantId,
  address: EmailAddress,
): Promise<MemberId | undefined> {
  const personId = await people.findPersonId(address);
  if (!personId) return undefined;
  const { memberships } = await people.load(personId);
  const own = memberships.find((one) => one.tenantId === tenantId && one.partnerId === null);
  return MemberId.safeParse(own?.membershipId).data;
}

/**
 * Accepts the invitation of this address to the tenant itself, where one is open: what the provider
 * says of the address stands for the mailbox. Invitations to a partner are not the provider's matter.
 */
async function joinInvited(
  ctx: SsoContext,
  tenantId: TenantId,
  email: EmailAddress,
  { name }: Assertion,
): Promise<MemberId | undefined> {
  const { invitations } = ctx.openTenant(tenantId);
  for (const invitationId of await invitations.pendingOf(email)) {
    const invitation = await invitations.get(invitationId);
    if (invitation?.to.kind !== "member" || isExpired(invitation, ctx.wallNow)) continue;
    // A provider's JSON can have half of a surrogate pair in it, which nothing can store.
    const displayName =
      DisplayName.safeParse(name?.toWellFormed()).data ??
      DisplayName.parse(email.split("@")[0]?.slice(0, 100));
    const invitee = { email, displayName, needsPassword: false };
    const { membershipId } = await acceptInvitation(ctx, { tenantId, invitationId }, invitee);
    return MemberId.parse(membershipId);
  }
  return undefined;
}
