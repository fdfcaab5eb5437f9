import type { SignUp } from "./schema.ts";

export interface SignUpRepository {
  get(): Promise<SignUp | undefined>;
  create(signUp: SignUp): Promise<void>;
}

/** Of the tenant that the sign-up is to become. */
export interface SignUpStore {
  readonly signUp: SignUpRepository;
}
