export { ERASED_NAME, erasedAddress } from "./erased.ts";
export { type NewMembership, newMembership } from "./new-membership.ts";
export { type HashPassword, hashPassword, isPasswordOf, type PasswordHashing } from "./password.ts";
export { type IsCommonPassword, requireGoodPassword } from "./password-rules.ts";
export type { PersonLookup, PersonRepository, PersonStore } from "./repository.ts";
export {
  DisplayName,
  EmailAddress,
  MAX_PASSWORD_LENGTH,
  Membership,
  MembershipId,
  NewPassword,
  Person,
} from "./schema.ts";
