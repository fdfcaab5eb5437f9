export { loginLinkMail } from "./link-mail.ts";
export {
  type LinkProof,
  type RedeemContext,
  redeemLoginLink,
  takeLoginLink,
} from "./redeem-login-link.ts";
export type { LoginLinkRepository } from "./repository.ts";
export {
  type LinkContext,
  type LinkRequested,
  mailedLink,
  requestLoginLink,
} from "./request-login-link.ts";
export { LoginLink, RedeemLoginLink, RequestLoginLink } from "./schema.ts";
