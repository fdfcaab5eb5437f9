import type { MemberActor, PartnerActor } from "../actor/index.ts";
import { raise } from "../error/index.ts";
import { isOpen } from "./login-session.ts";
import type { AccessClaims, Holder, LoginActor, LoginSession } from "./schema.ts";

/**
 * Who acts, with the rights stored now, whatever the token's owner had when it was made.
 * @param wallNow the wall clock; sessions expire by it
 * @throws DomainError unauthenticated where membership or session is missing, ended or somebody else's
 */
export function actorOf(
  claims: AccessClaims,
  {
    holder,
    session,
  }: { readonly holder: Holder | undefined; readonly session: LoginSession | undefined },
  wallNow: Date,
): MemberActor | PartnerActor {
  if (!holder || !session) raise("unauthenticated");
  const row = holder.kind === "member" ? holder.member : holder.partnerUser;
  const isTheirs =
    row.personId === claims.sub &&
    session.personId === claims.sub &&
    session.membershipId === claims.mid;
  // A token that has seen a newer membership than the table holds was not made from this table.
  const isCurrent = row.status === "active" && claims.mv <= row.version;
  if (!isTheirs || !isCurrent || !isOpen(session, wallNow)) raise("unauthenticated");
  return actingAs(holder);
}

/** Who the holder of a membership is when they act, with the rights stored now. */
export const actingAs = (holder: Holder): MemberActor | PartnerActor =>
  holder.kind === "member"
    ? {
        kind: "member",
        personId: holder.member.personId,
        memberId: holder.member.memberId,
        roles: holder.member.roles,
        duties: holder.member.duties,
      }
    : {
        kind: "partner-user",
        personId: holder.partnerUser.personId,
        partnerUserId: holder.partnerUser.partnerUserId,
        partnerId: holder.partnerUser.partnerId,
        roles: holder.partnerUser.roles,
        duties: holder.partnerUser.duties,
      };

export function describe(holder: Holder): LoginActor {
  if (holder.kind === "member") {
    const { memberId, displayName, email, roles } = holder.member;
    return { kind: "member", membershipId: memberId, displayName, email, roles };
  }
  const { partnerUserId, partnerId, displayName, email, roles } = holder.partnerUser;
  return {
    kind: "partner-user",
    membershipId: partnerUserId,
    partnerId,
    displayName,
    email,
    roles,
  };
}
