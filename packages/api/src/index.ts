export {
  type AccountDependencies,
  createAccountApi,
  createAccountHandler,
} from "./account-handler.ts";
export { accountManifest } from "./account-manifest.ts";
export { type AppDependencies, createAppApi, createAppHandler } from "./app-handler.ts";
export { appManifest } from "./app-manifest.ts";
export { generateSigningKey, SigningKey } from "./auth/signing-key.ts";
export type { RequestStores } from "./http/context.ts";
export { manifest } from "./manifest.ts";
