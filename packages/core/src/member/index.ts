export { addMember } from "./add-member.ts";
export { addPartnerUser } from "./add-partner-user.ts";
export { getMember } from "./get-member.ts";
export { getPartnerUser, listPartnerUsers, type PartnerUserKey } from "./get-partner-user.ts";
export { listMembers } from "./list-members.ts";
export {
  addMember as firstMember,
  addPartnerUser as firstPartnerUser,
  eraseMember,
  erasePartnerUser,
  logOutMember,
  logOutPartnerUser,
  type MemberEvent,
  type PartnerUserEvent,
  requireErasure,
} from "./member.ts";
export { ModeratorProposal, type ModeratorProposalEvent } from "./moderator-proposal.ts";
export {
  confirmModerator,
  getModeratorProposal,
  proposeModerator,
  withdrawModerator,
} from "./propose-moderator.ts";
export type {
  MemberRepository,
  MemberStore,
  MembershipErasure,
  NewMember,
  NewPartnerUser,
  PartnerUserRepository,
} from "./repository.ts";
export {
  AddMember,
  AddPartnerUser,
  Member,
  MemberView,
  PartnerUser,
  PartnerUserView,
  UpdateMember,
  UpdatePartnerUser,
} from "./schema.ts";
export { endMember, updateMember } from "./update-member.ts";
export { endPartnerUser, updatePartnerUser } from "./update-partner-user.ts";
