import { z } from "zod";
import { MemberRole, PartnerRole } from "../actor/index.ts";
import { LoginSessionId, PartnerId, PersonId, TenantId } from "../id/index.ts";
import type { Member, PartnerUser } from "../member/index.ts";
import {
  DisplayName,
  EmailAddress,
  MAX_PASSWORD_LENGTH,
  MembershipId,
  NewPassword,
} from "../person/index.ts";
import { SecondProof } from "../second-factor/index.ts";

/** How long an access token is good for. */
export const ACCESS_TOKEN_SECONDS = 600;

/**
 * How somebody proved who they are: all but `sso` prove the person, who is whoever has the mailbox.
 * Single sign-on proves what one tenant's provider says, and reaches that tenant alone.
 */
export const LoginMethod = z
  .enum(["password", "link", "sso", "invitation"])
  .meta({ id: "LoginMethod" });
export type LoginMethod = z.infer<typeof LoginMethod>;

/** Where a session stands with the person's second factor; while it is owed, nothing but enrolling is open. */
export const SessionFactor = z.enum(["absent", "shown", "owed"]);
export type SessionFactor = z.infer<typeof SessionFactor>;

/** The login of one membership, and the family of its refresh tokens; expires by the wall clock. */
export const LoginSession = z.object({
  sessionId: LoginSessionId,
  membershipId: MembershipId,
  personId: PersonId,
  method: LoginMethod,
  /** What the client said it is, shortened. */
  client: z.string(),
  createdAt: z.iso.datetime(),
  /** When the current refresh token was made. */
  lastUsedAt: z.iso.datetime(),
  /** Epoch seconds: then it ends however it is used. */
  endsAt: z.number().int(),
  /** Epoch seconds: then it ends where it is not refreshed before. */
  expiresAt: z.number().int(),
  /** How often it was refreshed; each generation has one refresh token. */
  generation: z.number().int().nonnegative(),
  /** Of the current refresh token. */
  refreshHash: z.string(),
  secondFactor: SessionFactor,
});
export type LoginSession = z.infer<typeof LoginSession>;

/** A log-in that waits for the person's second factor; taken once, within minutes. */
export const LoginChallenge = z.object({
  challengeHash: z.string(),
  personId: PersonId,
  tenantId: TenantId,
  membershipId: MembershipId,
  partnerId: PartnerId.nullable(),
  /** How the first proof was given. */
  method: LoginMethod,
  client: z.string(),
  /** Set with the log-in, not before it. */
  passwordHash: z.string().optional(),
  /** Of the person as the first proof was held against. */
  personVersion: z.number().int().positive().optional(),
  /** Epoch seconds. */
  expiresAt: z.number().int(),
});
export type LoginChallenge = z.infer<typeof LoginChallenge>;

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

const tokens = {
  accessToken: z.string(),
  tokenType: z.literal("Bearer"),
  /** Seconds. */
  expiresIn: z.number().int(),
  /** Good once, at POST /v1/login/refresh. */
  refreshToken: z.string(),
  /** Seconds without a refresh after which the log-in is over. */
  refreshExpiresIn: z.number().int(),
};

export const TokenAnswer = z.object(tokens).meta({ id: "TokenAnswer" });
export type TokenAnswer = z.infer<typeof TokenAnswer>;

export const LoginAnswer = z
  .object({
    ...tokens,
    tenant: TenantName,
    actor: LoginActor,
    /** Whether the tenant asks for a second factor that you have yet to set up: nothing else is open until then. */
    owesSecondFactor: z.boolean(),
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

/** A membership of one's own. */
export const OwnMembership = LoginChoice.extend({ isCurrent: z.boolean() }).meta({
  id: "OwnMembership",
});

/** A login session as its person sees it. */
export const LoginSessionView = LoginChoice.extend({
  sessionId: LoginSessionId,
  ...LoginSession.pick({ method: true, client: true, createdAt: true, lastUsedAt: true }).shape,
  expiresAt: z.iso.datetime(),
  /** Whether it is the one that asks. */
  isCurrent: z.boolean(),
}).meta({ id: "LoginSession" });
export type LoginSessionView = z.infer<typeof LoginSessionView>;

/** A refresh token, to be exchanged or given back. */
export const ShownRefreshToken = z
  .strictObject({ refreshToken: z.string().min(1).max(512) })
  .meta({ id: "ShownRefreshToken" });

export const SwitchMembership = z
  .strictObject({ membershipId: MembershipId })
  .meta({ id: "SwitchMembership" });

export const ChangePassword = z
  .strictObject({
    /** Not needed within 15 minutes of a log-in by e-mailed link. */
    currentPassword: z.string().min(1).max(MAX_PASSWORD_LENGTH).optional(),
    newPassword: NewPassword,
  })
  .meta({ id: "ChangePassword" });
export type ChangePassword = z.infer<typeof ChangePassword>;

const challenge = z.string().min(1).max(100);
/** The challenge of a log-in with a code of the authenticator app, or with a recovery code. */
export const AnswerChallenge = z
  .union(SecondProof.options.map((proof) => proof.extend({ challenge })))
  .meta({ id: "AnswerChallenge" });
export type AnswerChallenge = SecondProof & { readonly challenge: string };

export const WhoAmI = z
  .object({ personId: PersonId, tenant: TenantName, actor: LoginActor })
  .meta({ id: "WhoAmI" });
export type WhoAmI = z.infer<typeof WhoAmI>;
