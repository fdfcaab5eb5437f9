export {
  admitCode,
  admitGuess,
  admitLink,
  admitOwnCode,
  type GuessAdmission,
  type GuessContext,
  rememberAttempt,
  rememberCode,
} from "./admit-guess.ts";
export {
  type Attempt,
  type GuessBucket,
  type LoginLimits,
  loginLimits,
} from "./login-limit.ts";
export type { GuessAnswer, LoginLimitRepository } from "./repository.ts";
