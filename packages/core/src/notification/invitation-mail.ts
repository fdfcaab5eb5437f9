import { InvitationId } from "../id/index.ts";
import { type Invitation, toMailed } from "../invitation/index.ts";
import { isTokenOf, oneTimeToken } from "../one-time-token/index.ts";
import type { MailDraft } from "./mail-content.ts";
import type { MailPlace } from "./review-mail.ts";
import type { Teller } from "./telling.ts";
import { instantInWords } from "./wording.ts";

const invitationSent = (
  invitation: Invitation,
  mailed: string,
  joins: string,
  { tenantName, timeZone, baseUrl }: MailPlace,
): MailDraft => ({
  subject: `${tenantName} invites you to Concord`,
  paragraphs: [
    `${tenantName} invites you to Concord, ${joins}.`,
    "To accept, send this token with your name, and with a password if you have none yet:",
    mailed,
    `It is good once, until ${instantInWords(invitation.validUntil, timeZone)}, and for you alone: do not pass it on. If you expect no invitation, do nothing.`,
  ],
  link: `${baseUrl}/docs#acceptInvitation`,
});

/**
 * To the address alone, with the token made again from the secret: nothing that is stored holds it.
 * A token that a later mail has replaced is not sent any more.
 */
export const tellInvitee: Teller = async (ctx, event, place) => {
  const invitationId = InvitationId.parse(event.aggregate.id);
  const invitation = await ctx.store.invitations.get(invitationId);
  if (invitation?.status !== "pending" || invitation.version !== event.aggregate.version) return [];
  const { email, generation, to, tokenHash } = invitation;
  const token = oneTimeToken(ctx.tokenSecret, "invitation", invitationId, generation);
  if (!isTokenOf(tokenHash, token)) throw new Error("the token secret is not the one that invited");
  const partner = to.kind === "partner-user" && (await ctx.store.partners.get(to.partnerId));
  const joins = partner
    ? `to act for ${partner.name} in its partnership`
    : `as ${to.roles.map((role) => role.replaceAll("-", " ")).join(" and ")}`;
  const mailed = toMailed({ tenantId: place.tenantId, invitationId, token });
  const draft = invitationSent(invitation, mailed, joins, place);
  return [{ kind: "invitation", draft, to: [{ id: invitationId, email, displayName: email }] }];
};
