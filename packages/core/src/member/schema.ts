import { z } from "zod";
import { HeldDuty, MemberRole, PartnerRole } from "../actor/index.ts";
import { MOST_OF_A_PERSON } from "../assignment/index.ts";
import { MemberId, PartnerId, PartnerUserId, PersonId } from "../id/index.ts";
import { DisplayName, EmailAddress, NewPassword } from "../person/index.ts";

const rolesOf = <R extends z.ZodType>(role: R) =>
  z
    .array(role)
    .min(1)
    .max(8)
    .refine((roles) => new Set(roles).size === roles.length, "names a role twice");

const MembershipStatus = z.enum(["active", "ended"]).meta({ id: "MembershipStatus" });

const base = z.object({
  personId: PersonId,
  displayName: DisplayName,
  email: EmailAddress,
  status: MembershipStatus,
  /** What is assigned to them, beside their roles; kept here because every request reads it. */
  duties: z.array(HeldDuty).max(MOST_OF_A_PERSON).default([]),
  version: z.number().int().positive(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** When the fields of the person in it were erased. */
  erasedAt: z.iso.datetime().optional(),
});

/** A person of the tenant. */
export const Member = base.extend({ memberId: MemberId, roles: rolesOf(MemberRole) });
export type Member = z.infer<typeof Member>;

/** A person of one partner. */
export const PartnerUser = base.extend({
  partnerUserId: PartnerUserId,
  partnerId: PartnerId,
  roles: rolesOf(PartnerRole),
});
export type PartnerUser = z.infer<typeof PartnerUser>;

/** As a tenant sees them: a person's id would tell that another tenant knows the address already. */
export const MemberView = Member.omit({ personId: true }).meta({ id: "Member" });
export const PartnerUserView = PartnerUser.omit({ personId: true }).meta({ id: "PartnerUser" });

export const AddMember = z
  .strictObject({
    email: EmailAddress,
    displayName: DisplayName,
    roles: Member.shape.roles,
    /** Of a person who is new; who is known keeps their own. */
    initialPassword: NewPassword,
  })
  .meta({ id: "AddMember" });
export type AddMember = z.infer<typeof AddMember>;

export const UpdateMember = z
  .strictObject({ displayName: DisplayName, roles: Member.shape.roles })
  .partial()
  .meta({ id: "UpdateMember" });
export type UpdateMember = z.infer<typeof UpdateMember>;

export const AddPartnerUser = AddMember.extend({ roles: PartnerUser.shape.roles }).meta({
  id: "AddPartnerUser",
});
export type AddPartnerUser = z.infer<typeof AddPartnerUser>;

export const UpdatePartnerUser = UpdateMember.extend({
  roles: PartnerUser.shape.roles.optional(),
}).meta({ id: "UpdatePartnerUser" });
export type UpdatePartnerUser = z.infer<typeof UpdatePartnerUser>;
