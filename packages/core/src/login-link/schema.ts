import { z } from "zod";
import { LoginLinkId, PersonId, TenantId } from "../id/index.ts";
import { EmailAddress, MembershipId, NewPassword } from "../person/index.ts";

/** How long a link is good for; longer than the pause between two mails, so that one always is. */
export const LINK_SECONDS = 15 * 60;

/** A link that opens a login session once. It is written for whatever address was typed. */
export const LoginLink = z.object({
  linkId: LoginLinkId,
  /** Whoever has the address; of an address that nobody has, an id that nobody has. */
  personId: PersonId,
  tokenHash: z.string(),
  createdAt: z.iso.datetime(),
  /** Epoch seconds. */
  expiresAt: z.number().int(),
  usedAt: z.iso.datetime().optional(),
});
export type LoginLink = z.infer<typeof LoginLink>;

export const RequestLoginLink = z
  .strictObject({ email: EmailAddress })
  .meta({ id: "RequestLoginLink" });
export type RequestLoginLink = z.infer<typeof RequestLoginLink>;

export const RedeemLoginLink = z
  .strictObject({
    /** As the mail has it. */
    token: z.string().min(1).max(200),
    /** Sets a new password and ends every other login of the person. */
    password: NewPassword.optional(),
    /** Needed where the person has memberships in several tenants. */
    tenantId: TenantId.optional(),
    /** Needed where the person has several memberships in that tenant. */
    membershipId: MembershipId.optional(),
  })
  .meta({ id: "RedeemLoginLink" });
export type RedeemLoginLink = z.infer<typeof RedeemLoginLink>;
