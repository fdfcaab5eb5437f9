import { admitGuess, type GuessContext, rememberAttempt } from "../login-limit/index.ts";
import type { LoginContext, LoginOutcome } from "./enter.ts";
import { logIn } from "./log-in.ts";
import type { LoginRequest } from "./schema.ts";

export interface Limited {
  readonly kind: "limited";
  readonly retryAfterMilliseconds: number;
}

/**
 * Counts the guess before anything is hashed. Whoever knows the password makes their network known,
 * also where they have to choose a membership next: strangers' guesses no longer hold them up there.
 * @throws DomainError login-failed | sso-required
 */
export async function logInWithinLimits(
  ctx: LoginContext & GuessContext,
  input: LoginRequest,
  client: string,
  clientAddress: string,
): Promise<LoginOutcome | Limited> {
  const attempt = { email: input.email, clientAddress };
  const admission = await admitGuess(ctx, attempt);
  if (admission.kind === "limited") return admission;
  const outcome = await logIn(ctx, input, client);
  // A password alone does not prove who has a second factor: guesses at its codes have no bucket of their own.
  if (isProven(outcome)) await rememberAttempt(ctx, attempt);
  return outcome;
}

const isProven = (outcome: LoginOutcome): boolean =>
  outcome.kind === "logged-in" || (outcome.kind === "choice-needed" && !outcome.owesProof);
