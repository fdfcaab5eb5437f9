import type { SignUp } from "./schema.ts";

export interface SignUpRepository {
  get(): Promise<SignUp | undefined>;
  create(signUp: SignUp): Promise<void>;
  /** What is confirmed is not needed any more. */
  forget(): Promise<void>;
}

/** Of the tenant that the sign-up is to become. */
export interface SignUpStore {
  readonly signUp: SignUpRepository;
}
