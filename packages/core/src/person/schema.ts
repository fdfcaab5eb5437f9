import { z } from "zod";
import { MemberId, PartnerId, PartnerUserId, PersonId, TenantId } from "../id/index.ts";

/** Lower-cased, so that one mailbox is one person however the address is typed. */
export const EmailAddress = z
  .email()
  .max(254)
  .toLowerCase()
  .meta({ id: "EmailAddress", example: "ada@northwind.example" });
export type EmailAddress = z.infer<typeof EmailAddress>;

const MIN_PASSWORD_LENGTH = 8;
/** Checked before hashing, so that nobody makes us hash a megabyte. */
export const MAX_PASSWORD_LENGTH = 256;

export const NewPassword = z
  .string()
  .min(MIN_PASSWORD_LENGTH)
  .max(MAX_PASSWORD_LENGTH)
  .meta({ id: "NewPassword", example: "correct horse battery staple" });

export const DisplayName = z.string().trim().min(1).max(100).meta({ id: "DisplayName" });

/**
 * Who logs in; belongs to no tenant. The password is the person's own and opens every membership:
 * nobody but them, with proof of their mailbox, sets it.
 */
export const Person = z.object({
  personId: PersonId,
  email: EmailAddress,
  /** PHC string; null until the person sets a password. */
  passwordHash: z.string().nullable(),
  version: z.number().int().positive(),
  createdAt: z.iso.datetime(),
  /** While it is there, nobody gives them a way into another tenant; `requested` by the person themselves. */
  erasure: z.enum(["requested", "closing"]).optional(),
});
export type Person = z.infer<typeof Person>;

/** What a person is in a tenant: the member, or the partner user, and with it the address of the membership. */
export const MembershipId = z.union([MemberId, PartnerUserId]).meta({ id: "MembershipId" });
export type MembershipId = z.infer<typeof MembershipId>;

/** A person's way into one tenant. */
export const Membership = z.object({
  personId: PersonId,
  tenantId: TenantId,
  membershipId: MembershipId,
  /** Of a partner user. */
  partnerId: PartnerId.nullable(),
});
export type Membership = z.infer<typeof Membership>;
