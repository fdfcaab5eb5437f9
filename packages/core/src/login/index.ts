export { answerChallenge, type FactorContext } from "./answer-challenge.ts";
export { changePassword, type PasswordContext } from "./change-password.ts";
export { describeClient } from "./client-description.ts";
export {
  type Entered,
  type Entry,
  enter,
  enterOne,
  type LoginContext,
  type LoginOutcome,
} from "./enter.ts";
export { type Limited, logInWithinLimits } from "./log-in-within-limits.ts";
export { logOutMember, logOutPartnerUser } from "./log-out-member.ts";
export { actingAs, actorOf } from "./login.ts";
export { openLoginSession, provesPerson } from "./login-session.ts";
export {
  endingSessions,
  endOwnLoginSession,
  endOwnLoginSessions,
  endSessionsOf,
  listOwnLoginSessions,
  listOwnMemberships,
  type OwnContext,
  reachableIn,
  reachedBy,
} from "./own-login-sessions.ts";
export {
  beginSecondFactor,
  confirmSecondFactor,
  endSecondFactor,
  getSecondFactor,
  type OwnFactorContext,
  renewRecoveryCodes,
} from "./own-second-factor.ts";
export { listOwnSecurityEvents } from "./own-security-events.ts";
export {
  PublicKey,
  type PublicKeyRepository,
  PublicKeySet,
  PublishedKey,
  publishKeys,
  signingKeyId,
} from "./public-keys.ts";
export { logOut, refreshLogin } from "./refresh-login.ts";
export { parseRefreshToken, refreshTokenText } from "./refresh-token.ts";
export type {
  LoginChallengeRepository,
  LoginSessionRepository,
  LoginSessionStore,
} from "./repository.ts";
export {
  ACCESS_TOKEN_SECONDS,
  AccessClaims,
  AnswerChallenge,
  ChangePassword,
  type Holder,
  LoginActor,
  LoginAnswer,
  LoginChallenge,
  LoginChoice,
  LoginMethod,
  LoginRequest,
  LoginSession,
  LoginSessionView,
  OwnMembership,
  ShownRefreshToken,
  SwitchMembership,
  TokenAnswer,
  WhoAmI,
} from "./schema.ts";
export { switchMembership } from "./switch-membership.ts";
export { whoAmI } from "./who-am-i.ts";
