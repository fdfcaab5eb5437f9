import type {
  ApiKeyId,
  AssignmentId,
  InvitationId,
  LoginSessionId,
  MemberId,
  PartnerId,
  ProgramId,
} from "@concord/core/id";
import type { EmailAddress, MembershipId } from "@concord/core/person";
import { hashed, type InTenant, type Key, membershipPartition, nameSort } from "./key.ts";

/** Memberships, invitations, API keys, and who has which duty. */
export const peopleKeys = (inTenant: InTenant) => ({
  membership: (membershipId: MembershipId): Key => ({
    pk: membershipPartition(inTenant, membershipId),
    sk: "MEMBERSHIP",
  }),
  moderatorProposalSort: "MODERATOR",
  moderatorProposal: (memberId: MemberId): Key => ({
    pk: membershipPartition(inTenant, memberId),
    sk: "MODERATOR",
  }),
  loginSession: (membershipId: MembershipId, sessionId: LoginSessionId): Key => ({
    pk: membershipPartition(inTenant, membershipId),
    sk: `SESSION#${sessionId}`,
  }),
  apiKey: (apiKeyId: ApiKeyId): Key => ({ pk: inTenant(`APIKEY#${apiKeyId}`), sk: "APIKEY" }),
  apiKeyList: (): string => inTenant("LIST#APIKEY"),
  apiKeyListSort: (createdAt: string, apiKeyId: ApiKeyId): string => `${createdAt}#${apiKeyId}`,
  loginSessions: (membershipId: MembershipId): { pk: string; prefix: string } => ({
    pk: membershipPartition(inTenant, membershipId),
    prefix: "SESSION#",
  }),
  invitation: (invitationId: InvitationId): Key => ({
    pk: inTenant(`INVITATION#${invitationId}`),
    sk: "INVITATION",
  }),

  /** To the tenant itself, or to one partner. */
  invitationList: (partnerId: PartnerId | null): string =>
    inTenant(partnerId ? `LIST#INVITATION#${partnerId}` : "LIST#INVITATION"),

  /** Those nobody has answered, by the instant they expire. */
  pendingInvitations: (): string => inTenant("LIST#PENDINGINVITATION"),
  invitationSort: (instant: string, invitationId: InvitationId): string =>
    `${instant}#${invitationId}`,

  /** Sort keys of those that expire after the instant. */
  invitationsAfter: (instant: string): { from: string; to: string } => ({
    from: `${instant}$`,
    to: "~",
  }),
  invitedAddress: (email: EmailAddress): string => inTenant(`INVITED#${hashed(email)}`),

  /** What an address is invited to once at a time: the tenant, or one partner. */
  invitedTo: (email: EmailAddress, partnerId: PartnerId | null): Key => ({
    pk: inTenant(`INVITED#${hashed(email)}`),
    sk: partnerId ? `PARTNER#${partnerId}` : "MEMBER",
  }),

  /** Who has which duty at a partner or in a program, and who had it. */
  roster: (scopeId: PartnerId | ProgramId): Key => ({
    pk: inTenant(`ROSTER#${scopeId}`),
    sk: "ROSTER",
  }),
  pastAssignment: (
    scopeId: PartnerId | ProgramId,
    until: string,
    assignmentId: AssignmentId,
  ): Key => ({ pk: inTenant(`ROSTER#${scopeId}`), sk: `PAST#${until}#${assignmentId}` }),
  pastAssignmentPrefix: "PAST#",
  memberList: () => inTenant("LIST#MEMBER"),
  partnerUserList: (partnerId: PartnerId) => inTenant(`LIST#PARTNERUSER#${partnerId}`),

  nameSort,
});
