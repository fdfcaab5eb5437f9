export { isTokenOf, oneTimeToken, type TokenPurpose, tokenHash } from "./one-time-token.ts";
