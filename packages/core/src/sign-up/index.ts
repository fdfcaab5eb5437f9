export { confirmSignUp } from "./confirm-sign-up.ts";
export type { SignUpRepository, SignUpStore } from "./repository.ts";
export { mailedToken, requestSignUp } from "./request-sign-up.ts";
export {
  ConfirmSignUp,
  RequestSignUp,
  SIGN_UP_SECONDS,
  SignUp,
  SignUpRequested,
} from "./schema.ts";
