import type { ActorRef } from "../actor/index.ts";
import { everyItem, type RequestContext } from "../context/index.ts";
import type { InvitationId, MemberId, PartnerId, PartnerUserId } from "../id/index.ts";
import type { MemberStore } from "../member/index.ts";

/** Somebody who is told, as their membership says now. */
export interface Recipient {
  readonly id: MemberId | PartnerUserId | InvitationId;
  readonly email: string;
  readonly displayName: string;
}

type Context = RequestContext<Pick<MemberStore, "members" | "partnerUsers">>;
/** Nobody, once the membership has ended. */
export async function memberOf({ store }: Context, memberId: MemberId): Promise<Recipient[]> {
  const member = await store.members.get(memberId);
  return member?.status === "active" ? [{ ...member, id: memberId }] : [];
}

export async function partnerUserOf(
  { store }: Context,
  partnerUserId: PartnerUserId,
): Promise<Recipient[]> {
  const user = await store.partnerUsers.get(partnerUserId);
  return user?.status === "active" ? [{ ...user, id: partnerUserId }] : [];
}

/** Everybody of the partner. */
export async function peopleOf({ store }: Context, partnerId: PartnerId): Promise<Recipient[]> {
  const people: Recipient[] = [];
  for await (const user of everyItem((page) => store.partnerUsers.listOf(partnerId, page))) {
    if (user.status === "active") people.push({ ...user, id: user.partnerUserId });
  }
  return people;
}

/** Who did something, where it was a person. */
export async function personOf(ctx: Context, who: ActorRef): Promise<Recipient[]> {
  if (who.kind === "member") return memberOf(ctx, who.memberId);
  return who.kind === "partner-user" ? partnerUserOf(ctx, who.partnerUserId) : [];
}

/** Each once. */
export const distinct = (people: readonly Recipient[]): Recipient[] => [
  ...new Map(people.map((person) => [person.id, person])).values(),
];
