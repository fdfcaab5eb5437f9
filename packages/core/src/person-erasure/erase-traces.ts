import type { ActorRef } from "../actor/index.ts";
import { eraseName } from "../api-key/index.ts";
import { everyItem } from "../context/index.ts";
import {
  type ApiKeyId,
  type InvitationId,
  MemberId,
  PartnerUserId,
  type TenantId,
} from "../id/index.ts";
import { eraseAddress, type Invitation } from "../invitation/index.ts";
import type { Member, PartnerUser } from "../member/index.ts";
import { EmailAddress, type MembershipId } from "../person/index.ts";
import { eraseLink } from "../single-sign-on/index.ts";
import { redactBody } from "./redact.ts";
import type { PersonErasureRepository, TracesStore } from "./repository.ts";

/** One tenant, and the person's own rows beside it. */
export interface TracesContext {
  readonly store: TracesStore;
  readonly personErasures: PersonErasureRepository;
  readonly tenantId: TenantId;
  readonly now: Date;
  /** Named by the events. */
  readonly by: ActorRef;
}

/**
 * Takes everything of the person out of the tenant that leads to an erased membership or stands in its
 * name: login sessions, links of single sign-on, names of API keys, invitations, recorded answers, and
 * the fields in the events of each. Safe to repeat and to break off anywhere: what leads to the rest, the
 * fields in the membership's own events, goes last.
 * @param isWhole the person goes from the tenant: invitations to other roles of theirs go too
 */
export async function eraseTraces(
  ctx: TracesContext,
  membershipId: MembershipId,
  { isWhole }: { readonly isWhole: boolean },
): Promise<void> {
  const { store, personErasures, tenantId } = ctx;
  const row = await membershipOf(store, membershipId);
  if (row?.erasedAt === undefined) return;
  const addresses = addressesOf(await store.audit.personalOf(membershipId));
  await store.loginSessions.endAllOf(membershipId);
  const apiKeyIds = "memberId" in row ? await eraseOfMember(ctx, row.memberId) : [];

  const invitationIds: InvitationId[] = [];
  for (const email of addresses) {
    for (const { invitationId } of await personErasures.invitationsTo(email, tenantId)) {
      const invitation = await store.invitations.get(invitationId);
      if (invitation && !isWhole && !isOf(invitation, row)) continue;
      invitationIds.push(invitationId);
      await eraseInvitation(ctx, invitationId, email);
    }
    const signUp = await store.signUp.get();
    if (signUp?.email === email) await store.signUp.forget();
  }
  const redaction = { ids: [membershipId, ...invitationIds, ...apiKeyIds], addresses };
  await store.idempotency.rewrite((body) => redactBody(body, redaction));
  await store.audit.erasePersonal(membershipId, apiKeyIds);
  await personErasures.forgetMembership(row.personId, tenantId, membershipId);
}

/** Takes the address out of an invitation; it stays found by it until nothing of it is left. */
export async function eraseInvitation(
  { store, personErasures: _, now, by }: TracesContext,
  invitationId: InvitationId,
  email: EmailAddress,
): Promise<void> {
  const invitation = await store.invitations.get(invitationId);
  if (invitation && invitation.erasedAt === undefined) {
    const { next, event } = eraseAddress(invitation, by, now);
    await store.invitations.erase(next, event, email);
  }
  await store.audit.erasePersonal(invitationId);
  await store.invitations.forgetAddress(invitationId, email);
}

export async function membershipOf(
  { members, partnerUsers }: Pick<TracesStore, "members" | "partnerUsers">,
  membershipId: MembershipId,
): Promise<Member | PartnerUser | undefined> {
  const memberId = MemberId.safeParse(membershipId);
  return memberId.success
    ? members.get(memberId.data)
    : partnerUsers.get(PartnerUserId.parse(membershipId));
}

const addressesOf = (fields: readonly Readonly<Record<string, unknown>>[]): EmailAddress[] => [
  ...new Set(fields.flatMap(({ email }) => EmailAddress.safeParse(email).data ?? [])),
];

/** What a partner's people have none of. @returns every key that the member ever issued */
async function eraseOfMember(
  { store, now, by }: TracesContext,
  memberId: MemberId,
): Promise<ApiKeyId[]> {
  const issued: ApiKeyId[] = [];
  for await (const key of everyItem((page) => store.apiKeys.list(page))) {
    if (key.issuedBy !== memberId) continue;
    issued.push(key.apiKeyId);
    const current = await store.apiKeys.get(key.apiKeyId);
    if (!current || current.erasedAt !== undefined) continue;
    const { next, event } = eraseName(current, by, now);
    await store.apiKeys.save(next, event);
  }
  for (const { linkId, link } of await store.singleSignOn.linksOf(memberId)) {
    if (link.memberId !== memberId || link.erasedAt !== undefined) continue;
    const { next, event } = eraseLink(link, by, now);
    await store.singleSignOn.eraseLink(linkId, next, event);
  }
  return issued;
}

/** Whether the invitation led to this membership, or leads to the same side of the tenant. */
function isOf({ membershipId, to }: Invitation, row: Member | PartnerUser): boolean {
  if ("memberId" in row) {
    return membershipId === null ? to.kind === "member" : membershipId === row.memberId;
  }
  if (membershipId !== null) return membershipId === row.partnerUserId;
  return to.kind === "partner-user" && to.partnerId === row.partnerId;
}
