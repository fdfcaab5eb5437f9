import { z } from "zod";
import { ActorRef } from "../actor/index.ts";
import { InvitationId, PartnerId, PersonId } from "../id/index.ts";
import { Member, PartnerUser } from "../member/index.ts";
import { DisplayName, EmailAddress, MembershipId, NewPassword } from "../person/index.ts";

/** What an accepted invitation makes of a person. */
export const InvitedTo = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("member"), roles: Member.shape.roles }),
    z.object({
      kind: z.literal("partner-user"),
      partnerId: PartnerId,
      roles: PartnerUser.shape.roles,
    }),
  ])
  .meta({ id: "InvitedTo" });
export type InvitedTo = z.infer<typeof InvitedTo>;

/**
 * An offer to the owner of one mailbox. Address and roles never change: whoever wants others
 * withdraws it and sends a new one.
 */
export const Invitation = z.object({
  invitationId: InvitationId,
  /** Whose address it is: of the person whom we know, or the id that they will get. */
  personId: PersonId,
  email: EmailAddress,
  to: InvitedTo,
  /** Who sent it last; the invitation stands as long as they may grant what it offers. */
  invitedBy: ActorRef,
  status: z.enum(["pending", "accepted", "revoked"]),
  /** Counts the times it was sent; the token of the last one alone is good. */
  generation: z.number().int().positive(),
  tokenHash: z.string(),
  /** By the wall clock, like `validUntil`. */
  sentAt: z.iso.datetime(),
  validUntil: z.iso.datetime(),
  /** Null until somebody accepts. */
  membershipId: MembershipId.nullable(),
  version: z.number().int().positive(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** When the fields of the person in it were erased. */
  erasedAt: z.iso.datetime().optional(),
});
export type Invitation = z.infer<typeof Invitation>;

/** As its tenant sees it. */
export const InvitationView = Invitation.omit({ personId: true, tokenHash: true, generation: true })
  .extend({ status: z.enum(["pending", "expired", "accepted", "revoked"]) })
  .meta({ id: "Invitation" });
export type InvitationView = z.infer<typeof InvitationView>;

export const InviteMember = z
  .strictObject({ email: EmailAddress, roles: Member.shape.roles })
  .meta({ id: "InviteMember" });
export type InviteMember = z.infer<typeof InviteMember>;

export const InvitePartnerUser = z
  .strictObject({ email: EmailAddress, roles: PartnerUser.shape.roles })
  .meta({ id: "InvitePartnerUser" });
export type InvitePartnerUser = z.infer<typeof InvitePartnerUser>;

const MAX_MAILED_TOKEN_LENGTH = 200;

export const AcceptInvitation = z
  .strictObject({
    /** As the mail says it. */
    token: z.string().min(1).max(MAX_MAILED_TOKEN_LENGTH),
    displayName: DisplayName,
    /** Asked of who has none yet; who has one keeps it, whatever stands here. */
    password: NewPassword.optional(),
  })
  .meta({ id: "AcceptInvitation" });
export type AcceptInvitation = z.infer<typeof AcceptInvitation>;
