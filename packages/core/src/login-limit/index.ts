export {
  admitGuess,
  admitLink,
  type GuessAdmission,
  type GuessContext,
  rememberAttempt,
} from "./admit-guess.ts";
export {
  type Attempt,
  type GuessBucket,
  type LoginLimits,
  loginLimits,
} from "./login-limit.ts";
export type { GuessAnswer, LoginLimitRepository } from "./repository.ts";
