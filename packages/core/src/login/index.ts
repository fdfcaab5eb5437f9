export { enter, type LoginContext, type LoginOutcome, logIn } from "./log-in.ts";
export { actorOf } from "./login.ts";
export {
  PublicKey,
  type PublicKeyRepository,
  PublicKeySet,
  publishKey,
} from "./public-keys.ts";
export type { LoginSessionRepository, LoginSessionStore } from "./repository.ts";
export {
  ACCESS_TOKEN_SECONDS,
  AccessClaims,
  type Holder,
  LoginActor,
  LoginAnswer,
  LoginChoice,
  LoginRequest,
  LoginSession,
  WhoAmI,
} from "./schema.ts";
export { whoAmI } from "./who-am-i.ts";
