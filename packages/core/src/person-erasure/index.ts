export {
  eraseMember,
  erasePartnerUser,
  finishMembershipErasure,
  type MembershipErasureContext,
} from "./erase-membership.ts";
export {
  eraseOwnPerson,
  finishPersonErasure,
  type OwnErasureContext,
  type PersonErasureContext,
} from "./erase-person.ts";
export type {
  InvitedTo,
  PersonErasureRepository,
  PersonErasureStore,
  TracesStore,
} from "./repository.ts";
export { ErasePerson } from "./schema.ts";
