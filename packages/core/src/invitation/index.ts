export {
  type AcceptanceContext,
  acceptByToken,
  acceptInvitation,
  type Invitee,
} from "./accept-invitation.ts";
export { eraseAddress, type InvitationEvent, isExpired, viewOf } from "./invitation.ts";
export { type InvitationContext, inviteMember, invitePartnerUser } from "./invite.ts";
export { toMailed } from "./mailed-token.ts";
export {
  getInvitation,
  listInvitations,
  listPartnerInvitations,
  resendInvitation,
  revokeInvitation,
} from "./manage-invitation.ts";
export type { InvitationRepository, InvitationStore, Joining } from "./repository.ts";
export {
  AcceptInvitation,
  Invitation,
  InvitationView,
  InvitedTo,
  InviteMember,
  InvitePartnerUser,
} from "./schema.ts";
