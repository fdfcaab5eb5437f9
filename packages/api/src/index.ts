export { generateSigningKey, SigningKey } from "./auth/signing-key.ts";
export { createApi, createHandler, type HandlerDependencies } from "./handler.ts";
export { createApp } from "./http/app.ts";
export type {
  ApiDependencies,
  ApiPorts,
  ApiStore,
  Principal,
  RequestData,
  RequestStores,
} from "./http/context.ts";
export { manifest } from "./manifest.ts";
