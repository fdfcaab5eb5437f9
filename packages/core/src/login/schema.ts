import { z } from "zod";
import { MemberRole, PartnerRole } from "../actor/index.ts";
import { LoginSessionId, PartnerId, PersonId, TenantId } from "../id/index.ts";
import type { Member, PartnerUser } from "../member/index.ts";
import { DisplayName, EmailAddress, MAX_PASSWORD_LENGTH, MembershipId } from "../person/index.ts";

/** How long an access token, and for now its login session, is good for. */
export const ACCESS_TOKEN_SECONDS = 600;

/** The login of one membership; expires by the wall clock. */
export const LoginSession = z.object({
  sessionId: LoginSessionId,
  membershipId: MembershipId,
  personId: PersonId,
  createdAt: z.iso.datetime(),
  /** Epoch seconds. */
  expiresAt: z.number().int(),
});
export type LoginSession = z.infer<typeof LoginSession>;

/** A membership as its row says now. */
export type Holder =
  | { readonly kind: "member"; readonly member: Member }
  | { readonly kind: "partner-user"; readonly partnerUser: PartnerUser };

/** What an access token says: who and which membership, never what they may do. */
export const AccessClaims = z.object({
  sub: PersonId,
  tid: TenantId,
  sid: LoginSessionId,
  mid: MembershipId,
  /** Version of the membership when the token was made. */
  mv: z.number().int().positive(),
});
export type AccessClaims = z.infer<typeof AccessClaims>;

export const LoginRequest = z
  .strictObject({
    email: EmailAddress,
    password: z.string().min(1).max(MAX_PASSWORD_LENGTH).meta({ example: "correct horse battery" }),
    /** Needed where the person has memberships in several tenants. */
    tenantId: TenantId.optional(),
    /** Needed where the person has several memberships in that tenant. */
    membershipId: MembershipId.optional(),
  })
  .meta({ id: "LoginRequest" });
export type LoginRequest = z.infer<typeof LoginRequest>;

const TenantName = z.object({ tenantId: TenantId, name: z.string() });

export const LoginActor = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("member"),
      membershipId: MembershipId,
      displayName: DisplayName,
      email: EmailAddress,
      roles: z.array(MemberRole),
    }),
    z.object({
      kind: z.literal("partner-user"),
      membershipId: MembershipId,
      partnerId: PartnerId,
      displayName: DisplayName,
      email: EmailAddress,
      roles: z.array(PartnerRole),
    }),
  ])
  .meta({ id: "LoginActor" });
export type LoginActor = z.infer<typeof LoginActor>;

export const LoginAnswer = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal("Bearer"),
    /** Seconds. */
    expiresIn: z.number().int(),
    tenant: TenantName,
    actor: LoginActor,
  })
  .meta({ id: "LoginAnswer" });
export type LoginAnswer = z.infer<typeof LoginAnswer>;

/** One of several memberships that the password opens. */
export const LoginChoice = z
  .object({
    tenantId: TenantId,
    tenantName: z.string(),
    membershipId: MembershipId,
    partnerId: PartnerId.nullable(),
  })
  .meta({ id: "LoginChoice" });
export type LoginChoice = z.infer<typeof LoginChoice>;

export const WhoAmI = z
  .object({ personId: PersonId, tenant: TenantName, actor: LoginActor })
  .meta({ id: "WhoAmI" });
export type WhoAmI = z.infer<typeof WhoAmI>;
