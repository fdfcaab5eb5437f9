export { finishSso, type SsoCallback, takeLogin } from "./finish-sso.ts";
export type {
  Assertion,
  IdentityProvider,
  LoginProofs,
  ProviderClient,
} from "./identity-provider.ts";
export { connectSso, getSso, type SsoTools, updateSso } from "./manage-sso.ts";
export { redeemSso } from "./redeem-sso.ts";
export type { SsoLoginRepository, SsoLoginStore, SsoRepository, SsoStore } from "./repository.ts";
export {
  ConnectSso,
  RedeemSso,
  SsoCode,
  SsoConnection,
  SsoConnectionView,
  SsoHandover,
  SsoLink,
  SsoLogin,
  StartSso,
  UpdateSso,
} from "./schema.ts";
export { eraseLink, mayGoOn, wantsSso } from "./single-sign-on.ts";
export type { SsoContext } from "./sso-context.ts";
export { startSso } from "./start-sso.ts";
